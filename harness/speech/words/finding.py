"""Places of a phrase among the words of one recogniser."""

from __future__ import annotations

import functools
import re
from collections.abc import Callable, Iterator, Sequence

from harness.speech.text.spoken_numbers import cardinal, digits
from harness.speech.words import sounds
from harness.speech.words.likeness import (
    LONGEST_SPLIT,
    are_homophones,
    are_near,
    is_one_word,
    said,
    sound_as_one,
)
from harness.speech.words.matches import Alike, Match
from harness.speech.words.meanings import Edge
from harness.speech.words.pieces import pieces_of
from harness.speech.words.readings import Readings, readings_of

Steps = Callable[[Readings, int, Readings, int], Iterator[tuple[int, int]]]
"""From a piece of the heard and one of the wanted text: to which pieces a rule leads."""


def find_phrase(tokens: Sequence[str], phrase: str) -> Match | None:
    """The first place where a phrase is said among the tokens, by the surest rule that finds it.

    Args:
        tokens: words as one recogniser wrote them, in order, punctuation included.
        phrase: a word or several, in any spelling.

    Returns:
        Which tokens they are, or None where they are not there (or the phrase has no word).
    """
    return find_in(_readings(tuple(tokens)), _readings(tuple(phrase.split())))


def find_in(heard: Readings, wanted: Readings) -> Match | None:
    """The same with both sides read."""
    if not wanted.pieces:
        return None
    for how, steps in RULES.items():
        dead: set[tuple[int, int]] = set()
        for start in range(len(heard.pieces)):
            end = _end(heard, start, wanted, steps, dead)
            if end is not None:
                return Match(heard.pieces[start].token, heard.pieces[end - 1].last_token, how)
    return None


def sound_distance(a: str, b: str) -> float:
    """How different two words or phrases sound, by their phonemes.

    Returns:
        0.0 where they sound the same, 1.0 where they have nothing in common.
    """
    ones, others = _ways_to_say(a), _ways_to_say(b)
    return min(_distance(one, other) for one in ones for other in others)


def _distance(one: tuple[str, ...], other: tuple[str, ...]) -> float:
    return sounds.distance(one, other) if one and other else float(one != other)


def _ways_to_say(text: str) -> list[tuple[str, ...]]:
    """The words of a text as they are said: its numbers counted, or digit by digit."""
    texts = [piece.text for piece in pieces_of(text.split())]
    words = [text if text.isdecimal() else said(text) for text in texts]
    ways = [tuple(w for word in words for w in _said_in_full(word, number)) for number in READINGS]
    return list(dict.fromkeys(ways))


def _said_in_full(word: str, number: Callable[[str], str]) -> list[str]:
    """A word; where digits are in it, the words that they are read as."""
    if not any(sign.isdecimal() for sign in word):
        return [word]
    parts = re.findall(r"\d+|[^\W\d_]+", word)
    return [w for part in parts for w in (number(part).split() if part.isdecimal() else [part])]


def _counted(figures: str) -> str:
    """Up to a thousand; digit by digit from there on, and where it begins with a zero."""
    counts = len(figures) <= 3 and not figures.startswith("0")
    return cardinal(int(figures)) if counts else digits(figures)


READINGS = (_counted, digits)


@functools.lru_cache(maxsize=256)
def _readings(tokens: tuple[str, ...]) -> Readings:
    return readings_of(tokens)


def _end(
    heard: Readings, start: int, wanted: Readings, steps: Steps, dead: set[tuple[int, int]]
) -> int | None:
    """Where the wanted text ends if it begins at `start`; None where it does not.

    Depth first. `dead` are the pairs of places that lead nowhere, whatever came before.
    """
    way = [steps(heard, start, wanted, 0)]
    while way:
        ahead = next(way[-1], None)
        if ahead is None:
            way.pop()
            continue
        at, wanted_at = ahead
        if wanted_at == len(wanted.pieces):
            return at
        if at < len(heard.pieces) and ahead not in dead:
            dead.add(ahead)
            way.append(steps(heard, at, wanted, wanted_at))
    return None


def same(heard: Readings, at: int, wanted: Readings, wanted_at: int) -> Iterator[tuple[int, int]]:
    """Equal meanings; words that one side writes together and the other apart."""
    for edge in heard.edges[at]:
        for other in wanted.edges[wanted_at]:
            if edge.meaning.holds(other.meaning):
                yield edge.end, other.end
    for edge, end in _splits(heard, at, wanted.edges[wanted_at]):
        yield end, edge.end
    for edge, end in _splits(wanted, wanted_at, heard.edges[at]):
        yield edge.end, end


def _splits(parted: Readings, at: int, edges: Sequence[Edge]) -> Iterator[tuple[Edge, int]]:
    """Edges of one word for which `parted` has several, and where those end."""
    for edge in edges:
        if edge.meaning.kind != "word" or not edge.meaning.value.startswith(parted.pieces[at].text):
            continue
        for end in range(at + 2, min(at + LONGEST_SPLIT, len(parted.pieces)) + 1):
            if is_one_word(parted.pieces[at:end], edge.meaning.value):
                yield edge, end


def homophone(
    heard: Readings, at: int, wanted: Readings, wanted_at: int
) -> Iterator[tuple[int, int]]:
    """The same, and other words that sound exactly like the wanted ones."""
    yield from same(heard, at, wanted, wanted_at)
    if not (_is_money(heard, at) or _is_money(wanted, wanted_at)):
        for edge in heard.edges[at]:
            for sought in wanted.edges[wanted_at]:
                if edge.meaning.sounds_like(sought.meaning):
                    yield edge.end, sought.end
    if not (_is_single(heard, at) and _is_single(wanted, wanted_at)):
        return
    one, other = heard.pieces[at], wanted.pieces[wanted_at]
    before = heard.pieces[at - 1] if at else None
    is_last = one.ends_clause or at + 1 == len(heard.pieces)
    if are_homophones(one, other, before, is_last):
        yield at + 1, wanted_at + 1
    if one.contraction and sounds.sound_alike(one.contraction, other.text):
        yield at + 2, wanted_at + 1
    if other.contraction and sounds.sound_alike(one.text, other.contraction):
        yield at + 1, wanted_at + 2
    if one.contraction and other.contraction:
        return
    for length in range(2, LONGEST_SPLIT + 1):
        if at + length <= len(heard.pieces) and sound_as_one(heard.pieces[at : at + length], other):
            yield at + length, wanted_at + 1
        if wanted_at + length <= len(wanted.pieces) and sound_as_one(
            wanted.pieces[wanted_at : wanted_at + length], one
        ):
            yield at + 1, wanted_at + length


def near(heard: Readings, at: int, wanted: Readings, wanted_at: int) -> Iterator[tuple[int, int]]:
    """The same, homophones, and names by sound."""
    yield from homophone(heard, at, wanted, wanted_at)
    if not (_is_single(heard, at) and _is_single(wanted, wanted_at)):
        return
    for length in (1, 2):
        if at + length <= len(heard.pieces) and are_near(
            heard.pieces[at : at + length], wanted.pieces[wanted_at]
        ):
            yield at + length, wanted_at + 1


def _is_money(readings: Readings, at: int) -> bool:
    """Whether an amount with its currency begins here."""
    return any(e.meaning.kind == "amount" and e.meaning.unit for e in readings.edges[at])


def _is_single(readings: Readings, at: int) -> bool:
    """Whether a word of its own begins and ends here, no part of a longer number."""
    return any(edge.end == at + 1 for edge in readings.edges[at])


RULES: dict[Alike, Steps] = {"same": same, "homophone": homophone, "near": near}
"""The surest first."""
