"""The rule by which words were judged before ears were: kept to be measured beside them.

It took the transcript that the other side claims for heard, where recognition of the audio differed
from it in at most a third of the words or two fifths of the letters. `harness.score.spoken`
replaced it. Words are compared as today, so only the rule differs. Used by ``harness bench
verdicts`` alone.
"""

from __future__ import annotations

from collections.abc import Sequence

from harness.speech.words import missing_words, normalise, word_error_rate

CONFIRMING_WER = 0.34
CONFIRMING_CER = 0.4


def former_rule_holds(words: Sequence[str], recognised: str, transcript: str) -> bool:
    """Whether the former rule took all the words for heard.

    Args:
        recognised: what the one ear heard.
        transcript: what the other side claims to have said.
    """
    heard = recognised
    if transcript and recognised and _confirms(recognised, transcript):
        heard = f"{recognised} {transcript}"
    return not missing_words(heard, words)


def _confirms(recognised: str, transcript: str) -> bool:
    if word_error_rate(transcript, recognised) <= CONFIRMING_WER:
        return True
    wanted, found = normalise(transcript), normalise(recognised)
    return bool(wanted and found) and _letter_errors(wanted, found) <= CONFIRMING_CER


def _letter_errors(wanted: str, found: str) -> float:
    """Letters to change, as a share of the wanted ones."""
    import jiwer  # 0.1 s to import

    return float(jiwer.cer(wanted, found))
