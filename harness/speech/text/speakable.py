"""Text as people write it, turned into words as people say them.

Pure. The result holds words and punctuation: no digit, no markup, no sign that a voice would
swallow.
"""

from __future__ import annotations

import re
import unicodedata

from harness.errors import SpeechError
from harness.speech.text.speakable_rules import RULES
from harness.speech.text.spoken_numbers import digits

MOST_CHARACTERS = 5_000
"""A text of this length is spoken for more than five minutes."""

_SIGNS = {
    "&": " and ", "+": " plus ", "=": " equals ", "@": " at ", "%": " percent ", "#": " number ",
    "*": " ", "°": " degrees ", "~": " about ", "|": ", ", "\\": " ", "^": " ", "<": " ",
    ">": " ", "[": " ", "]": " ", "{": " ", "}": " ", "_": " ", "•": ", ", "·": " ", "§": " ",
    "™": " ", "®": " ", "©": " ", "½": " a half ", "¼": " a quarter ", "¾": " three quarters ",
    "×": " times ", "÷": " divided by ", "→": " to ", "–": ", ", "‑": "-", "−": " minus ",
    "€": " euros ", "£": " pounds ", "$": " dollars ",
}  # fmt: skip

_LETTERS_AS_SIGNS = {"µ": " micro ", "μ": " micro ", "Ω": " ohms ", "π": " pi "}
"""Greek letters that stand in English texts."""


def speakable_text(text: str) -> str:
    """The words that a person would read out.

    Emoji and markup are left out; money, times, dates, phone numbers, addresses, codes and
    abbreviations are said as people say them.

    Raises:
        SpeechError: the text is too long, or in a script that is not English's.
    """
    if len(text) > MOST_CHARACTERS:
        raise SpeechError(
            "The text is too long to be spoken.",
            expected=f"at most {MOST_CHARACTERS} characters",
            found=f"{len(text)} characters",
            hint="say it in several steps",
        )
    for sign, word in _LETTERS_AS_SIGNS.items():
        text = text.replace(sign, word)
    _check_script(text)
    spoken = _plain(text)
    for pattern, say in RULES:
        spoken = pattern.sub(say, spoken)
    for sign, words in _SIGNS.items():
        spoken = spoken.replace(sign, words)
    spoken = re.sub(r"\d+", lambda found: f" {digits(found[0])} ", spoken)
    return re.sub(r"\s+([,.!?;:])", r"\1", " ".join(spoken.split()))


def _check_script(text: str) -> None:
    foreign = [s for s in text if s.isalpha() and not unicodedata.name(s, "").startswith(_OURS)]
    if foreign:
        name = unicodedata.name(foreign[0], "unknown").split(" ")[0].title()
        raise SpeechError(
            "The text is in a language that no voice here speaks.",
            expected="English",
            found=f"{len(foreign)} letters of another script ({name}) in “{text[:60]}”",
            hint="say it with a recording, or plug in an engine that speaks it",
        )


_OURS = ("LATIN", "FULLWIDTH LATIN", "FEMININE ORDINAL", "MASCULINE ORDINAL", "MODIFIER")


def _plain(text: str) -> str:
    """Without markup, emoji and typographic variants."""
    text = unicodedata.normalize("NFKC", text.replace("½", " a half ").replace("℃", "°C"))
    text = re.sub(r"```.*?```|<[^<>]*>", " ", text, flags=re.DOTALL)
    text = re.sub(r"!?\[([^\]]*)\]\([^)]*\)", r"\1", text)
    text = re.sub(r"(?m)^\s{0,3}(#{1,6}|[-*+]|\d+[.)](?=\s+[A-Z]))\s+", "", text)
    text = re.sub(r"(\*\*|__|`|~~)", "", text)
    text = text.translate({ord(a): b for a, b in zip("‘’‚′“”„″", "''''\"\"\"\"", strict=True)})
    kept = [s for s in text if s == "°" or unicodedata.category(s) not in _UNSPOKEN]
    return "".join(" " if unicodedata.category(s) == "Cc" else s for s in kept)


_UNSPOKEN = ("So", "Sk", "Cn", "Co", "Cs", "Cf", "Mn")
"""Emoji and other pictures, marks on nothing, and what has no meaning of its own."""
