"""Likeness of a wanted and a heard word where their spellings differ."""

from __future__ import annotations

from collections.abc import Sequence

from harness.speech.words import sounds
from harness.speech.words.closed import (
    CLOSED,
    FUNCTION_WORDS,
    LAST_WORDS,
    NEGATIONS,
    NEVER_HOMOPHONES,
    NUMBERS,
    PREPOSITIONS,
)
from harness.speech.words.numbers import WORDS
from harness.speech.words.pieces import Piece

NEAR = 0.16
"""Largest sound distance at which a name may be what a recogniser made of another."""

SHORTEST_NEAR = 4
"""Phonemes: shorter names (Kim and Tim) differ in one and are both names."""

LONGEST_SPLIT = 3
"""Most words that one word may be written as."""


def is_one_word(parts: Sequence[Piece], joined: str) -> bool:
    """Whether some words are another spelling of the one that their letters give.

    "Good bye" and "ice cream" are; "not able" and "now here" are not. The rule: a hyphen says so;
    otherwise it must sound the same in one and in several words (by the dictionary, or because it
    has no such word and nobody could say it differently), and no part may be a negation or a
    number, which never comes about by joining.
    """
    texts = [part.text for part in parts]
    if "".join(texts).replace("'", "") != joined:
        return False
    if any(text in NEGATIONS or text in NUMBERS or part_is_number(text) for text in texts):
        return False
    if all(part.is_hyphened for part in parts[:-1]) or not sounds.is_known(joined):
        return True
    if not all(sounds.is_known(text) for text in texts):
        return True
    ways = sounds.joined_pronunciations(tuple(texts))
    return not set(ways).isdisjoint(sounds.pronunciations(joined))


def part_is_number(text: str) -> bool:
    """Whether a part of a spelling begins with a digit."""
    return text[:1].isdecimal()


def are_homophones(heard: Piece, wanted: Piece, before_heard: Piece | None, is_last: bool) -> bool:
    """Whether nobody can tell by ear which of the two was said.

    Args:
        heard: as the recogniser wrote it.
        wanted: what is looked for.
        before_heard: what it wrote before.
        is_last: whether the heard word is the last of its clause.
    """
    one, other = said(heard.text), said(wanted.text)
    if one == other or frozenset((one, other)) in NEVER_HOMOPHONES:
        return False  # one and the same word is kept apart by what follows it ("can", "can not")
    if not sounds.sound_alike(one, other):
        return False
    if one in FUNCTION_WORDS and (other not in FUNCTION_WORDS or other in LAST_WORDS):
        if before_heard is not None and before_heard.text in PREPOSITIONS:
            return True
        return is_last and (before_heard is None or one not in LAST_WORDS)
    return True


def said(text: str) -> str:
    """A number of one word as that word, any other text as it is."""
    return WORDS.get(int(text), text) if text.isdecimal() and len(text) < 3 else text


def sound_as_one(parts: Sequence[Piece], whole: Piece) -> bool:
    """Whether several words sound exactly like one: "Pete's a" like "pizza"."""
    texts = tuple(part.text for part in parts)
    if whole.text in CLOSED or any(
        text in NEGATIONS or text in NUMBERS or part_is_number(text) for text in texts
    ):
        return False
    if not sounds.is_known(whole.text) or not all(
        text == "'s" or sounds.is_known(text) for text in texts
    ):
        return False
    ways = {way for way in sounds.joined_pronunciations(texts) if len(way) >= SHORTEST_NEAR}
    return not ways.isdisjoint(sounds.pronunciations(whole.text))


def are_near(heard: Sequence[Piece], wanted: Piece) -> bool:
    """Whether a recogniser may have written `heard` for the name that is wanted.

    Only names, and words that no dictionary has: of two ordinary words each is another meaning
    ("accept", "except"), and a closed class has nothing near.
    """
    texts = tuple(piece.text for piece in heard)
    if wanted.text in CLOSED or not wanted.text.isalpha():
        return False
    if any(text in CLOSED or not text.replace("'", "").isalpha() for text in texts):
        return False
    is_name = wanted.is_name or not sounds.is_known(wanted.text)
    if not (is_name or (len(texts) == 1 and not sounds.is_known(texts[0]))):
        return False
    if min(len(sounds.pronunciations(text)[0]) for text in (wanted.text,)) < SHORTEST_NEAR:
        return False
    return sounds.syllable_distance(texts, (wanted.text,)) <= NEAR
