"""Words of an answer that are gone or new, whatever their spelling: "10" is "ten". Pure."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

from harness.speech.words import align, normal_form

SENTENCE_ENDS = (".", "!", "?", ":", "…", "”", '"')
QUOTES = "\"“‘'(["

MOST_FORMS = 32
"""Of texts that vary from run to run: so many, the most frequent, are looked at for homophones."""

FEW_WORDS = 4
"""A text may be other words that sound the same, all of them, up to so many."""


@dataclass(frozen=True)
class WordChange:
    """One text beside another."""

    gone: tuple[str, ...]
    """In order."""

    new: tuple[str, ...]
    kept: int
    """Words on the first side that are there on the other, too."""

    is_cut: bool = False
    """Nothing but the end is gone, at least two words of it."""

    names: tuple[tuple[str, str], ...] = ()
    """Names of the first side beside others that sound nearly like them; neither gone nor new."""

    @property
    def is_other(self) -> bool:
        """Whether it says something else altogether."""
        return len(self.gone) > self.kept and bool(self.new)

    @property
    def is_in_names(self) -> bool:
        """Whether names alone are written otherwise, and sound nearly the same."""
        return bool(self.names) and not self.gone and not self.new


@lru_cache(maxsize=4096)
def word_change(base: str, new: str) -> WordChange:
    """What is different in the words; homophones are no difference.

    A name beside another that sounds nearly like it ("Catherine", "Kathrin") may be the same person
    in another spelling, or another one: it is told apart from words that are gone.
    """
    a, b = base.split(), new.split()
    if a == b:
        return WordChange((), (), len(a))
    gone: list[int] = []
    added: list[str] = []
    names: list[tuple[str, str]] = []
    kept = 0
    for pair in align(a, b):
        one, other = (a, pair.a_first, pair.a_end), (b, pair.b_first, pair.b_end)
        are_names = pair.relation == "near" and _is_name(*one) and _is_name(*other)
        if are_names:
            names.append((_plain(a[pair.a_first]), _plain(b[pair.b_first])))
        if are_names or pair.relation in ("same", "homophone"):
            kept += pair.a_end - pair.a_first
            continue
        gone += range(pair.a_first, pair.a_end)
        added += b[pair.b_first : pair.b_end]
    at_end = bool(gone) and gone == list(range(gone[0], gone[0] + len(gone)))
    is_cut = at_end and gone[-1] >= len(a) - 1 and len(gone) >= 2 and not added and kept > 0
    lost = tuple(_plain(a[index]) for index in gone)
    return WordChange(lost, tuple(map(_plain, added)), kept, is_cut, tuple(names))


def _is_name(words: Sequence[str], first: int, end: int) -> bool:
    """Whether these are one word with a capital that no sentence gave it."""
    if end - first != 1 or first == 0 or words[first - 1].endswith(SENTENCE_ENDS):
        return False
    letters = words[first].lstrip(QUOTES)
    return letters[:1].isupper() and not letters.isupper()


def always_changed(base: Sequence[str], new: Sequence[str]) -> WordChange | None:
    """What is different between each text of one side and each of the other; None: nothing.

    A text that is on both sides, in any spelling, makes them agree.
    """
    ones, others = _forms(base), _forms(new)
    if not ones or not others or ones.keys() & others.keys():
        return None
    changes = [word_change(a, b) for a in ones.values() for b in others.values()]
    first = changes[0]
    gone = _in_all(first.gone, [change.gone for change in changes])
    added = _in_all(first.new, [change.new for change in changes])
    names = tuple(pair for pair in first.names if all(pair in change.names for change in changes))
    if not gone and not added and not names:
        return None
    is_cut = all(change.is_cut for change in changes)
    return WordChange(gone, added, min(change.kept for change in changes), is_cut, names)


def count_agreeing(texts: Sequence[str], others: Sequence[str] | None = None) -> int:
    """How many of the texts the other side has, too, in any spelling; homophones are the same.

    Args:
        others: of the other side; absent: each text is held against the rest of its own side.
    """
    return sum(agreeing(texts, others))


def agreeing(texts: Sequence[str], others: Sequence[str] | None = None) -> list[bool]:
    """Of each text, whether the other side has it; see `count_agreeing`."""
    forms = Counter(map(_form, texts if others is None else others))
    own = 1 if others is None else 0  # a text does not agree with itself
    usual = [form for form, _ in forms.most_common(MOST_FORMS)]
    same: dict[str, bool] = {}
    for text in texts:
        form = _form(text)
        if form not in same:
            same[form] = forms[form] > own or any(
                _is_same(text, other) for other in usual if other != form
            )
    return [same[_form(text)] for text in texts]


def _is_same(text: str, other: str) -> bool:
    if not _may_be_same(_form(text), other):
        return False
    change = word_change(text, other)
    return not change.gone and not change.new


def _may_be_same(form: str, other: str) -> bool:
    """Whether most words are the same: laying two texts side by side is a thousand times slower."""
    one, two = Counter(form.split()), Counter(other.split())
    longest = max(one.total(), two.total())
    return longest <= FEW_WORDS or 2 * (one & two).total() >= longest


def _in_all(words: Sequence[str], each: Sequence[Sequence[str]]) -> tuple[str, ...]:
    folded = [{word.casefold() for word in one} for one in each]
    return tuple(word for word in words if all(word.casefold() in one for one in folded))


def is_said_twice(base: str, new: str) -> bool:
    """Whether the new text is the base's two times."""
    return bool(normal_form(base)) and normal_form(new) == normal_form(f"{base} {base}")


def has_variants(texts: Sequence[str]) -> bool:
    """Whether the texts of one side are not all the same."""
    return len(_forms(texts)) > 1


def _forms(texts: Sequence[str]) -> dict[str, str]:
    """Texts by their normal form, at most eight: more would only narrow what is common."""
    forms: dict[str, str] = {}
    for text in texts:
        if len(forms) < 8:
            forms.setdefault(_form(text), text)
    return forms


@lru_cache(maxsize=4096)
def _form(text: str) -> str:
    return normal_form(text)


def _plain(word: str) -> str:
    return word.strip(".,;:!?…\"“”'()")
