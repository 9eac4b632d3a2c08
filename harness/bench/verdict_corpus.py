"""The sentences that verdicts are measured with: each has a twin that differs where it matters."""

from __future__ import annotations

import functools
import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import yaml

CORPUS_FILE = Path(__file__).with_name("verdict_corpus.yaml")

CHOICE = re.compile(r"\{([^|{}]+)\|([^|{}]+)\}")


@dataclass(frozen=True, slots=True)
class Sentence:
    """A sentence as it is said, and what must be heard in it."""

    text: str
    words: tuple[str, ...]
    """Words and phrases, as a scenario would have them; the telling one first."""


@dataclass(frozen=True, slots=True)
class Pair:
    """A sentence and its twin."""

    topic: str
    right: Sentence
    twin: Sentence


@functools.cache
def corpus() -> tuple[Pair, ...]:
    """All pairs, in the order of the file."""
    topics = yaml.safe_load(CORPUS_FILE.read_text(encoding="utf-8"))
    return tuple(read_pair(topic, line) for topic, lines in topics.items() for line in lines)


def spread(pairs: Sequence[Pair], count: int) -> list[Pair]:
    """So many of the pairs, evenly from all topics; all of them where there are no more."""
    if count >= len(pairs):
        return list(pairs)
    return [pairs[index * len(pairs) // count] for index in range(count)]


def read_pair(topic: str, line: str) -> Pair:
    """A line of the corpus: a sentence with one ``{right|wrong}``, a bar, further words.

    Raises:
        ValueError: it has another form.
    """
    choice = CHOICE.search(line)
    if choice is None:
        raise ValueError(f"no {{right|wrong}} in “{line}”")
    head, sign, more = line[choice.end() :].partition("|")
    others = tuple(word.strip() for word in more.split(",") if word.strip()) if sign else ()
    before, after = line[: choice.start()], head.strip(" ") if not head.strip() else head.rstrip()
    right, wrong = choice.groups()
    return Pair(
        topic,
        Sentence(f"{before}{right}{after}", (right, *others)),
        Sentence(f"{before}{wrong}{after}", (wrong, *others)),
    )
