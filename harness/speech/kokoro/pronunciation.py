"""English words to Kokoro's phonemes.

Kokoro was trained on the phonemes of misaki's dictionaries, so those are asked first (American
and British; where a word has several pronunciations, its neighbours choose). Then come endings
(-s, -ed, -ing) of words that are known, compounds of two known words, the CMU dictionary, and at
last a guess from the letters.
"""

from __future__ import annotations

import functools
import gzip
import importlib.resources
import re
import unicodedata
from collections.abc import Mapping, Sequence
from typing import Literal, TypeAlias

from harness.speech.words.sounds import raw_pronunciation

Accent: TypeAlias = Literal["us", "gb"]
Entry: TypeAlias = Mapping[str, str]
"""Phonemes by part of speech; "" is the usual one."""

VOWELS = "AIOQWYaiuæɐɑɒɔəɛɜɪʊʌᵊᵻ"

_LETTERS_US = {
    "A": "ˈA", "B": "bˈi", "C": "sˈi", "D": "dˈi", "E": "ˈi", "F": "ˈɛf", "G": "ʤˈi",
    "H": "ˈAʧ", "I": "ˈI", "J": "ʤˈA", "K": "kˈA", "L": "ˈɛl", "M": "ˈɛm", "N": "ˈɛn",
    "O": "ˈO", "P": "pˈi", "Q": "kjˈu", "R": "ˈɑɹ", "S": "ˈɛs", "T": "tˈi", "U": "jˈu",
    "V": "vˈi", "W": "dˈʌbᵊljˌu", "X": "ˈɛks", "Y": "wˈI", "Z": "zˈi",
}  # fmt: skip
_LETTERS_GB = {
    letter: sounds.replace("ˈi", "ˈiː").replace("jˈu", "jˈuː").replace("jˌu", "juː")
    for letter, sounds in _LETTERS_US.items()
} | {"O": "ˈQ", "R": "ˈɑː", "Z": "zˈɛd"}

_ARPABET = {
    "AA": "ɑ", "AE": "æ", "AH": "ʌ", "AO": "ɔ", "AW": "W", "AY": "I", "EH": "ɛ", "ER": "ɜɹ",
    "EY": "A", "IH": "ɪ", "IY": "i", "OW": "O", "OY": "Y", "UH": "ʊ", "UW": "u",
    "B": "b", "CH": "ʧ", "D": "d", "DH": "ð", "F": "f", "G": "ɡ", "HH": "h", "JH": "ʤ", "K": "k",
    "L": "l", "M": "m", "N": "n", "NG": "ŋ", "P": "p", "R": "ɹ", "S": "s", "SH": "ʃ", "T": "t",
    "TH": "θ", "V": "v", "W": "w", "Y": "j", "Z": "z", "ZH": "ʒ",
}  # fmt: skip
_MORE_WORDS = {
    "aoife": "ˈifə", "caoimhe": "kwˈivə", "eoin": "ˈOən", "gianluca": "ʤˌɑnlˈukə",
    "marrakesh": "mˌæɹəkˈɛʃ", "metformin": "mɛtfˈɔɹmən", "niamh": "nˈiv", "okafor": "ˈOkəfɔɹ",
    "priya": "pɹˈijə", "rajesh": "ɹɑʤˈɛʃ", "saoirse": "sˈɜɹʃə", "siobhan": "ʃəvˈɔn",
}  # fmt: skip
"""What no dictionary has, or has wrong."""

_STRESS = {"1": "ˈ", "2": "ˌ", "0": ""}

_BEFORE_VERBS = frozenset({
    "to", "will", "would", "can", "could", "shall", "should", "may", "might", "must", "do", "does",
    "did", "don't", "doesn't", "didn't", "not", "can't", "won't", "i", "you", "we", "they",
    "please", "let's", "i'll", "you'll", "we'll", "they'll", "always", "never", "also",
})  # fmt: skip
_BEFORE_PAST = frozenset({
    "have", "has", "had", "i've", "you've", "we've", "they've", "was", "were", "been", "be",
    "being", "already", "is", "are",
})  # fmt: skip
_BEFORE_NOUNS = frozenset({
    "the", "a", "an", "this", "that", "these", "those", "my", "your", "his", "her", "its", "our",
    "their", "each", "every", "one", "no", "any", "some", "of", "with", "for", "in", "on", "at",
    "first", "last", "next", "two", "three", "four", "five",
})  # fmt: skip


def phonemes_of(tokens: Sequence[str], accent: Accent) -> str:
    """What the network reads for a sentence.

    Args:
        tokens: words and punctuation marks, in order.
        accent: of the speaker.
    """
    said = [_word(token, tokens, at, accent) for at, token in enumerate(tokens)]
    return "".join(_joined(tokens, said, accent)).strip()


def is_word_of_english(word: str) -> bool:
    """Whether a dictionary of everyday words has it, or a form of it."""
    return _listed(word.lower(), "us") is not None


def _joined(tokens: Sequence[str], said: Sequence[str], accent: Accent) -> list[str]:
    """The words with spaces between them; reduced words by what follows."""
    pieces: list[str] = []
    for at, (token, sounds) in enumerate(zip(tokens, said, strict=True)):
        if not _is_word(token):
            pieces.append(token)
            continue
        following = said[at + 1] if at + 1 < len(tokens) and _is_word(tokens[at + 1]) else None
        pieces.append(" " + _reduced(token, sounds, following, at, tokens, accent))
    return pieces


def _reduced(
    token: str,
    sounds: str,
    following: str | None,
    at: int,
    tokens: Sequence[str],
    accent: Accent,
) -> str:
    """Small words as they are said in a row of others."""
    before_vowel = following is not None and following.lstrip("ˈˌ")[:1] in VOWELS
    match token.lower():
        case "the":
            return "ði" if before_vowel else "ðə"
        case "a" if following is not None and not _is_letter(token, at, tokens):
            return "ɐ"
        case "an":
            return "ɐn" if accent == "us" else "ən"
        case "to" if following is not None:
            return "tʊ" if before_vowel else "tə"
    return sounds


def _word(token: str, tokens: Sequence[str], at: int, accent: Accent) -> str:
    if not _is_word(token):
        return token
    if _is_letter(token, at, tokens):
        return (_LETTERS_GB if accent == "gb" else _LETTERS_US)[token]
    entry = _entry(token, accent)
    return _chosen(entry, tokens, at) if len(entry) > 1 else entry[""]


def _is_word(token: str) -> bool:
    return any(sign.isalpha() for sign in token)


def _is_letter(token: str, at: int, tokens: Sequence[str]) -> bool:
    """A capital that stands alone is a letter; A and I only beside another one, or at an end."""
    if len(token) != 1 or token not in _LETTERS_US:
        return False
    if token not in "AI":
        return True
    beside = [t for t in (*tokens[max(0, at - 2) : at], *tokens[at + 1 : at + 3]) if _is_word(t)]
    if any(len(t) == 1 and t in _LETTERS_US and t not in "AI" for t in beside):
        return True
    follows = at + 1 < len(tokens) and _is_word(tokens[at + 1])
    return token == "A" and at > 0 and (not follows or _is_word(tokens[at - 1]))


def _chosen(entry: Entry, tokens: Sequence[str], at: int) -> str:
    """The pronunciation that fits between a word's neighbours."""
    before = next((t.lower() for t in reversed(tokens[:at]) if _is_word(t)), "")
    ends = at + 1 >= len(tokens) or not _is_word(tokens[at + 1])
    if ends and "None" in entry:
        return entry["None"]
    if before in _BEFORE_PAST and ("VBN" in entry or "VBD" in entry):
        return entry.get("VBN") or entry["VBD"]
    if before in _BEFORE_NOUNS and "NOUN" in entry:
        return entry["NOUN"]
    if before in _BEFORE_VERBS and "VERB" in entry:
        return entry["VERB"]
    return entry[""]


@functools.lru_cache(maxsize=4096)
def _entry(word: str, accent: Accent) -> Entry:
    plain = _without_accents(word)
    for form in (word, word.lower(), word.capitalize(), plain, plain.lower(), plain.capitalize()):
        if (listed := _listed(form, accent)) is not None:
            return listed
    if word.isupper() and 1 < len(word) <= 5:
        return {"": _spelled(plain, accent)}
    lower = re.sub(r"[^a-z']", "", plain.lower())
    said = _abroad(lower, accent) or _compound(lower, accent) or _from_cmu(lower, accent)
    return {"": said or _spelled(plain, accent)}


def _abroad(word: str, accent: Accent) -> str | None:
    """What only the dictionary of the other accent has, or none of them."""
    listed = _listed(word, "gb" if accent == "us" else "us")
    sounds = listed[""] if listed else _MORE_WORDS.get(word)
    if sounds is None:
        return None
    return _british(sounds) if accent == "gb" else _american(sounds)


def _american(sounds: str) -> str:
    """A British pronunciation, roughly as an American says it."""
    return sounds.translate({ord("Q"): "O", ord("a"): "æ", ord("ɒ"): "ɑ", ord("ː"): None})


def _listed(word: str, accent: Accent) -> Entry | None:
    """A word of the dictionary, or a form of one."""
    dictionary = _dictionary(accent)
    if word in dictionary:
        return _parsed(dictionary[word])
    for stem, ending in _stems(word):
        if stem in dictionary:
            base = _parsed(dictionary[stem])
            return {tag: _with_ending(sounds, ending, accent) for tag, sounds in base.items()}
    return None


def _parsed(columns: str) -> Entry:
    """The columns of a dictionary's line: the usual phonemes, then others by part of speech."""
    usual, *others = columns.split("\t")
    return {"": usual, **dict(other.split("=", 1) for other in others)}


def _stems(word: str) -> list[tuple[str, str]]:
    """Words that this one may be a form of, and the ending that makes it so."""
    if len(word) < 4:
        return []
    found: list[tuple[str, str]] = []
    if word.endswith("'s"):
        found.append((word[:-2], "s"))
    elif word.endswith("s'"):
        found.append((word[:-1], ""))
    elif word.endswith("s") and not word.endswith("ss"):
        found += [(word[:-1], "s")]
        found += [(word[:-3] + "y", "s")] if word.endswith("ies") else []
        found += [(word[:-2], "s")] if word.endswith("es") else []
    elif word.endswith("ed"):
        found += [(word[:-1], "d"), (word[:-2], "d")]
        found += [(word[:-3], "d")] if len(word) > 5 and word[-3] == word[-4] else []
        found += [(word[:-3] + "y", "d")] if word.endswith("ied") else []
    elif word.endswith("ing") and len(word) > 5:
        found += [(word[:-3], "ing"), (word[:-3] + "e", "ing")]
        found += [(word[:-4], "ing")] if word[-4] == word[-5] else []
    return found


def _with_ending(stem: str, ending: str, accent: Accent) -> str:
    short = "ᵻ" if accent == "us" else "ɪ"
    last = stem[-1:]
    match ending:
        case "s":
            if last in "szʃʒʧʤ":
                return f"{stem}{short}z"
            return stem + ("s" if last in "ptkfθ" else "z")
        case "d":
            if last in "td":
                return f"{_flapped(stem, accent)}{short}d"
            return stem + ("t" if last in "pkfθʃsʧ" else "d")
        case "ing":
            return f"{_flapped(stem, accent)}ɪŋ"
    return stem


def _flapped(stem: str, accent: Accent) -> str:
    """An American t between vowels."""
    if accent == "us" and stem.endswith("t") and stem[-2:-1] in (*VOWELS, "ɹ"):
        return stem[:-1] + "ɾ"
    return stem


def _compound(word: str, accent: Accent) -> str | None:
    """Two known words written as one; the first carries the stress."""
    if len(word) < 7:
        return None
    for at in range(len(word) - 3, 2, -1):
        first, second = _listed(word[:at], accent), _listed(word[at:], accent)
        if first is not None and second is not None:
            return first[""] + second[""].replace("ˈ", "ˌ")
    return None


def _from_cmu(word: str, accent: Accent) -> str | None:
    """The CMU dictionary's pronunciation, or a guess from the letters."""
    arpabet = raw_pronunciation(word)
    if not arpabet:
        return None
    sounds = "".join(map(_phoneme, arpabet))
    if "ˈ" not in sounds:  # a guess knows no stress: English puts it early
        sounds = re.sub(f"([{VOWELS}])", r"ˈ\1", sounds, count=1)
    return _british(sounds) if accent == "gb" else sounds


def _phoneme(arpabet: str) -> str:
    name, stress = arpabet.rstrip("012"), arpabet[-1:]
    if stress == "0" and name == "AH":
        return "ə"
    if stress == "0" and name == "ER":
        return "əɹ"
    return _STRESS.get(stress, "") + _ARPABET.get(name, "")


def _british(sounds: str) -> str:
    """An American pronunciation, roughly as a Briton says it."""
    no_r = re.sub(rf"(?<=[{VOWELS}])ɹ(?![{VOWELS}ˈˌ])", "ː", sounds.replace("O", "Q"))
    return no_r.replace("əː", "ə").replace("æ", "a").replace("ɪː", "ɪə").replace("ɛː", "ɛː")


def _spelled(word: str, accent: Accent) -> str:
    """Letter by letter."""
    letters = _LETTERS_GB if accent == "gb" else _LETTERS_US
    return " ".join(letters[sign] for sign in word.upper() if sign in letters)


def _without_accents(word: str) -> str:
    parts = unicodedata.normalize("NFKD", word)
    return "".join(sign for sign in parts if not unicodedata.combining(sign))


@functools.cache
def _dictionary(accent: Accent) -> Mapping[str, str]:
    """Words and the other columns of their lines; some 90 000 of them."""
    file = importlib.resources.files("harness.speech.kokoro") / "data" / f"{accent}.tsv.gz"
    lines = gzip.decompress(file.read_bytes()).decode().split("\n")
    return dict(line.split("\t", 1) for line in lines)
