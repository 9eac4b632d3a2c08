"""Figures of `harness.score.copied_voice`: a user's words played again against any other voice.

``python -m harness.bench.copied_voices`` prints the least likeness of what is a copy and the
greatest of what is none, by the length of the heard stretch: what `harness.score.copied_voice` was
set by. Sound: the shipped recordings, and sentences of the verdicts' corpus in all shipped voices.
"""

from __future__ import annotations

import argparse
import json
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from harness.audio.clip import CALL_RATE_HZ, AudioClip
from harness.audio.fixtures import library
from harness.audio.resample import resample_clip
from harness.bench.verdict_corpus import corpus, spread
from harness.bench.verdict_sound import CONDITIONS, arrived
from harness.score.copied_voice import likeness_of
from harness.score.voice_likeness import Energies, fine_energies
from harness.speech.engines import default_synthesiser
from harness.speech.spans import voiced_spans

LENGTHS_S = (0.0, 0.4, 0.6, 0.8, 1.2, 2.0)
"""Heard stretches are counted by the greatest of these that they reach."""


@dataclass(frozen=True, slots=True)
class Said:
    """What a user said, with a name that tells it from everything else."""

    name: str
    clip: AudioClip
    energies: Energies


def said_by(name: str, clip: AudioClip) -> Said | None:
    """From the first to the last voiced sample; None where nobody speaks."""
    clip = resample_clip(clip, CALL_RATE_HZ)
    spans = voiced_spans(clip)
    if not spans:
        return None
    speech = clip.between(spans[0].start_s, spans[-1].end_s)
    return Said(name, speech, fine_energies(speech))


def measure(said: Sequence[Said], conditions: Sequence[str]) -> list[dict[str, Any]]:
    """Each stretch of everything said, as it arrives, against everything said."""
    same: dict[tuple[str, float], list[float]] = defaultdict(list)
    other: dict[tuple[str, float], list[float]] = defaultdict(list)
    for condition in conditions:
        for one in said:
            sound = arrived(one.clip, condition)
            for span in sound.spans:
                heard = fine_energies(sound.clip.between(span.start_s, span.end_s))
                length_s = max(each for each in LENGTHS_S if each <= span.end_s - span.start_s)
                for each in said:
                    kept = same if each is one else other
                    kept[condition, length_s].append(likeness_of(heard, each.energies, enough=-1.0))
    return [
        {
            "condition": condition,
            "from_s": length_s,
            "copies": len(same[condition, length_s]),
            "least_of_copies": round(min(same[condition, length_s]), 3),
            "others": len(other[condition, length_s]),
            "greatest_of_others": round(max(other[condition, length_s], default=-1.0), 3),
        }
        for condition, length_s in sorted(same)
    ]


def everything_said(sentences: int) -> Iterator[Said]:
    """The recordings, and so many sentences of the corpus in each voice."""
    for name, fixture in library().items():
        if found := said_by(name, fixture.load().clip):
            yield found
    synthesiser = default_synthesiser()
    for voice in synthesiser.own_voices:
        for pair in spread(corpus(), sentences):
            text = pair.right.text
            if found := said_by(f"{voice}: {text}", synthesiser.synthesise(text, voice)):
                yield found


def main(arguments: Sequence[str] | None = None) -> None:
    """Print the figures as JSON, one line a condition and length."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--sentences", type=int, default=10)
    parser.add_argument("--conditions", default=",".join(CONDITIONS))
    asked = parser.parse_args(arguments)
    for row in measure(list(everything_said(asked.sentences)), asked.conditions.split(",")):
        print(json.dumps(row))


if __name__ == "__main__":
    main()
