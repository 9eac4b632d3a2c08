"""Sounds of English words, and a distance between them.

Pronunciations come from the CMU dictionary, and from rules for letters where it has none. It
is read when a word was not found in its own spelling, once a process.
"""

from __future__ import annotations

import functools
import gzip
import importlib.resources
import re

Sounds = tuple[str, ...]
"""Phonemes of one pronunciation in the CMU dictionary's letters (ARPABET), without stress."""

_VOWELS = {
    # how open, how far back, how rounded; a diphthong lies between its ends
    "AA": (1.0, 0.9, 0.0), "AE": (0.9, 0.1, 0.0), "AH": (0.6, 0.5, 0.0), "AO": (0.9, 0.95, 0.2),
    "AW": (0.8, 0.6, 0.4), "AY": (0.75, 0.4, 0.0), "EH": (0.6, 0.15, 0.0),
    "ER": (0.5, 0.5, 0.4), "EY": (0.4, 0.1, 0.0), "IH": (0.25, 0.2, 0.0),
    "IY": (0.0, 0.0, 0.0), "OW": (0.45, 0.9, 0.8), "OY": (0.5, 0.6, 0.5),
    "UH": (0.25, 0.8, 0.6), "UW": (0.0, 0.8, 0.9),
}  # fmt: skip
_CONSONANTS = {
    # manner, place from the lips backwards, voiced
    "P": ("stop", 0.0, 0), "B": ("stop", 0.0, 1), "T": ("stop", 0.4, 0), "D": ("stop", 0.4, 1),
    "K": ("stop", 0.9, 0), "G": ("stop", 0.9, 1), "CH": ("affricate", 0.55, 0),
    "JH": ("affricate", 0.55, 1), "F": ("fricative", 0.1, 0), "V": ("fricative", 0.1, 1),
    "TH": ("fricative", 0.25, 0), "DH": ("fricative", 0.25, 1), "S": ("fricative", 0.4, 0),
    "Z": ("fricative", 0.4, 1), "SH": ("fricative", 0.55, 0), "ZH": ("fricative", 0.55, 1),
    "HH": ("fricative", 1.0, 0), "M": ("nasal", 0.0, 1), "N": ("nasal", 0.4, 1),
    "NG": ("nasal", 0.9, 1), "L": ("liquid", 0.4, 1), "R": ("liquid", 0.5, 1),
    "W": ("glide", 0.2, 1), "Y": ("glide", 0.7, 1),
}  # fmt: skip
_KINDRED = {frozenset(pair) for pair in (("stop", "affricate"), ("affricate", "fricative"),
            ("liquid", "glide"))}  # fmt: skip

_LETTERS = [
    # the first that fits is taken; "" is silent
    ("tion", "SH AH N"), ("sion", "ZH AH N"), ("ough", "OW"), ("eigh", "EY"), ("igh", "AY"),
    ("tch", "CH"), ("sch", "SH"), ("dge", "JH"), ("eau", "OW"), ("chr", "K R"), ("ch", "CH"),
    ("sh", "SH"), ("th", "TH"), ("ph", "F"), ("gh", "G"), ("wh", "W"), ("wr", "R"), ("kn", "N"),
    ("ck", "K"), ("qu", "K W"), ("ng", "NG"), ("ee", "IY"), ("ea", "IY"), ("ie", "IY"),
    ("ei", "EY"), ("ai", "EY"), ("ay", "EY"), ("ey", "IY"), ("oa", "OW"), ("oo", "UW"),
    ("ou", "AW"), ("ow", "OW"), ("oi", "OY"), ("oy", "OY"), ("au", "AO"), ("aw", "AO"),
    ("ew", "UW"), ("ue", "UW"), ("ar", "AA R"), ("er", "ER"), ("ir", "ER"), ("or", "AO R"),
    ("ur", "ER"), ("ce", "S EH"), ("ci", "S IH"), ("cy", "S IY"), ("a", "AE"), ("b", "B"),
    ("c", "K"), ("d", "D"), ("e", "EH"), ("f", "F"), ("g", "G"), ("h", "HH"), ("i", "IH"),
    ("j", "JH"), ("k", "K"), ("l", "L"), ("m", "M"), ("n", "N"), ("o", "AA"), ("p", "P"),
    ("q", "K"), ("r", "R"), ("s", "S"), ("t", "T"), ("u", "AH"), ("v", "V"), ("w", "W"),
    ("x", "K S"), ("y", "IY"), ("z", "Z"),
]  # fmt: skip
_LONG = {"a": "EY", "e": "IY", "i": "AY", "o": "OW", "u": "UW", "y": "AY"}
_GAP = 0.8
"""Cost of a consonant that one side alone has; a vowel's is half of it."""


def is_known(word: str) -> bool:
    """Whether the dictionary has the word."""
    return _listed(word) is not None


@functools.lru_cache(maxsize=8192)
def pronunciations(word: str) -> tuple[Sounds, ...]:
    """How a word is said when it is stressed; guessed from its letters where it is not known.

    Reduced forms ("to" as in "to go") are left out: by those, half of the short words are alike.
    """
    listed = _listed(word)
    if listed is None:
        return _guesses(word)
    stressed = [line for line in listed if "1" in line] or listed
    return tuple(dict.fromkeys(_phonemes(line) for line in stressed))


def raw_pronunciation(word: str) -> Sounds:
    """How a word is said first of all, with the dictionary's marks of stress ("AH0").

    A guess from the letters, without such marks, where the dictionary does not have it.
    """
    listed = _listed(word)
    return _guessed(word) if listed is None else tuple(re.sub(r" #.*", "", listed[0]).split())


@functools.lru_cache(maxsize=16384)
def sound_alike(one: str, other: str) -> bool:
    """Whether two known words can be said the same."""
    if not (is_known(one) and is_known(other)):
        return False
    return not set(pronunciations(one)).isdisjoint(pronunciations(other))


@functools.lru_cache(maxsize=8192)
def distance(one: tuple[str, ...], other: tuple[str, ...]) -> float:
    """Distance of two runs of words: 0.0 sounds the same, 1.0 has nothing in common.

    The cost of the best alignment of their phonemes, by that of the longer one alone. A vowel for
    a vowel and a consonant for its voiced twin are cheap, a vowel for a consonant is as dear as
    both left out.
    """
    return min(
        _distance(a, b) for a in joined_pronunciations(one) for b in joined_pronunciations(other)
    )


@functools.lru_cache(maxsize=8192)
def syllable_distance(one: tuple[str, ...], other: tuple[str, ...]) -> float:
    """The same where both have as many syllables, else 1.0: Eric and Erica are two names."""
    return min(
        (
            _distance(a, b)
            for a in joined_pronunciations(one)
            for b in joined_pronunciations(other)
            if sum(sound in _VOWELS for sound in a) == sum(sound in _VOWELS for sound in b)
        ),
        default=1.0,
    )


@functools.lru_cache(maxsize=16384)
def joined_pronunciations(words: tuple[str, ...], most: int = 8) -> list[Sounds]:
    """Ways to say some words one after the other, `most` at most."""
    ways: list[Sounds] = [()]
    for word in words:
        following = _ending(ways[0]) if word == "'s" else _every_pronunciation(word)
        ways = [(*way, *sounds) for way in ways for sounds in following][:most]
    return ways


def _phonemes(line: str) -> Sounds:
    """A line's phonemes without their stress and without its remark."""
    return tuple(re.sub(r"\d| #.*", "", line).split())


@functools.lru_cache(maxsize=8192)
def _every_pronunciation(word: str) -> tuple[Sounds, ...]:
    """Reduced forms, too: in a row of words "a" is nearly always one."""
    listed = _listed(word)
    if listed is None:
        return _guesses(word)
    return tuple(dict.fromkeys(_phonemes(line) for line in listed))


def _guesses(word: str) -> tuple[Sounds, ...]:
    """As an English name and, where it has a "ch", as a French one."""
    guess = _guessed(word)
    return tuple(dict.fromkeys((guess, tuple("SH" if s == "CH" else s for s in guess))))


def _ending(before: Sounds) -> tuple[Sounds, ...]:
    """The sound of a genitive or plural "s"."""
    last = before[-1] if before else ""
    if last in ("S", "Z", "SH", "ZH", "CH", "JH"):
        return (("IH", "Z"),)
    return (("S",),) if last in ("P", "T", "K", "F", "TH") else (("Z",),)


def _distance(one: Sounds, other: Sounds) -> float:
    if not one or not other:
        return float(one != other)
    row = [0.0]
    for sound in other:
        row.append(row[-1] + _alone(sound))
    for a in one:
        above, row = row, [row[0] + _alone(a)]
        for index, b in enumerate(other):
            row.append(
                min(
                    above[index] + _apart(a, b),
                    above[index + 1] + _alone(a),
                    row[index] + _alone(b),
                )
            )
    longest = max(sum(map(_alone, one)), sum(map(_alone, other)))
    return min(1.0, row[-1] / longest)


def _alone(sound: str) -> float:
    return _GAP / 2 if sound in _VOWELS else _GAP


@functools.cache
def _apart(a: str, b: str) -> float:
    """Cost of one phoneme for another."""
    if a == b:
        return 0.0
    if a in _VOWELS and b in _VOWELS:
        return 0.1 + 0.5 * max(abs(x - y) for x, y in zip(_VOWELS[a], _VOWELS[b], strict=True))
    if a in _VOWELS or b in _VOWELS:
        return _alone(a) + _alone(b)
    (manner, place, voiced), (manner_b, place_b, voiced_b) = _CONSONANTS[a], _CONSONANTS[b]
    by_manner = (
        0.0 if manner == manner_b else 0.3 if frozenset((manner, manner_b)) in _KINDRED else 0.6
    )
    return min(1.0, by_manner + 0.5 * abs(place - place_b) + 0.2 * (voiced != voiced_b) + 0.05)


def _guessed(word: str) -> Sounds:
    """Letters to sounds, roughly: for words that no dictionary has, nearly all of them names."""
    word = re.sub(r"[^a-z]", "", word)
    # A silent e makes the vowel before its consonant long; double consonants are one.
    silent_e = re.fullmatch(r"(.*?)([aeiouy])([bcdfgklmnprstvz]|th)e", word)
    body = re.sub(r"([b-df-hj-np-tv-z])\1", r"\1", word)
    if len(body) > 3:
        body = re.sub(r"(?<=[b-df-hj-np-tv-z])e$", "", body)
    sounds: list[str] = []
    at = 0
    while at < len(body):
        letters, spoken = next(pair for pair in _LETTERS if body.startswith(pair[0], at))
        is_long = silent_e and at == len(silent_e.group(1)) and letters in _LONG
        sounds += (_LONG[letters] if is_long else spoken).split()
        at += len(letters)
    return tuple(sounds)


@functools.lru_cache(maxsize=16384)
def _listed(word: str) -> list[str] | None:
    """The dictionary's pronunciations of a word; None where it has none.

    The text is searched as it is: some milliseconds a word, where an index of all words takes a
    third of a second and 40 MB to make.
    """
    if not word.isascii() or not word or any(sign in word for sign in " \n()"):
        return None
    text = _dictionary()
    found = []
    at = text.find(f"\n{word} ".encode())
    while at >= 0:
        end = text.index(b"\n", at + 1)
        line = text[at + 1 : end].decode("ascii")
        name, _, sounds = line.partition(" ")
        if name.partition("(")[0] != word:
            break
        found.append(sounds)  # "tomato(2)" is another pronunciation of the word before
        at = end
    return found or None


@functools.cache
def _dictionary() -> bytes:
    """The dictionary's lines, with a line's end before the first and behind the last."""
    packed = importlib.resources.files("harness.speech.words") / "cmudict.dict.gz"
    return b"\n" + gzip.decompress(packed.read_bytes()).strip() + b"\n\n"
