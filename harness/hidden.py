"""Values of a run that nobody may read in what it leaves behind, such as its passwords.

What the environment gave to a scenario is replaced in every text that is written or shown, also in
the forms that programs give it: escaped as JSON, HTML or Python do, percent-encoded, or in base64.
"""

from __future__ import annotations

import base64
import contextlib
import functools
import html
import json
import re
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import quote, quote_plus

from harness.redact import MASK

SHORTEST_CHARS = 4
"""A shorter value is in too many words and numbers to be masked wherever it stands."""

BEGINNING_CHARS = 4
GROUPED = "[ ,.-]?"
"""Between the digits of a number that an ear wrote down."""

INSIDE_CHARS = 8
"""From this length on a value is masked inside other words, too."""

PAYLOADS = frozenset({"arguments", "output"})
"""Under these keys numbers are somebody's data; elsewhere they measure, and are let be."""

_KEPT_IN_URLS = ("", "/", "!'()*~", "!'()*~;,/?:@&=+$#")
"""What is not percent-encoded: by Python, and by encodeURIComponent and encodeURI of pages."""

_BEHIND = (
    r"(?:(?<![^\W_])|(?<=\\[bfnrt])|(?<=\\u[0-9A-Fa-f]{4})|(?<=%[0-9A-Fa-f]{2}))(?<![0-9][.,])"
)
_BEFORE = r"(?![^\W_]|[.,][0-9])"
"""The edges of a word: no letter or digit beside it, unless an escape ends there; no fraction."""


@dataclass(frozen=True)
class Hidden:
    """What is hidden of a run, and how. Empty, it hides nothing.

    Made by `hidden_values`; several are joined with ``|``.
    """

    values: frozenset[str] = field(default=frozenset(), repr=False)
    """Masked wherever they stand."""

    alone: frozenset[str] = field(default=frozenset(), repr=False)
    """Too short for that: masked where they are the whole of a text."""

    texts: tuple[tuple[str, str], ...] = field(default=(), repr=False)
    """Texts that were made of such values, and how they are shown."""

    notes: tuple[str, ...] = ()
    """What cannot be hidden wherever it stands, in words, without the values."""

    def __bool__(self) -> bool:
        return bool(self.values or self.alone or self.texts)

    def __or__(self, other: Hidden) -> Hidden:
        return Hidden(
            self.values | other.values,
            self.alone | other.alone,
            tuple(dict.fromkeys((*self.texts, *other.texts))),
            tuple(dict.fromkeys((*self.notes, *other.notes))),
        )

    @functools.cached_property
    def _rules(self) -> list[_Rule]:
        rules = [_Rule.of(text, shown) for text, shown in self.texts]
        rules += [_Rule.of(value, MASK) for value in self.values]
        return sorted(rules, key=lambda rule: len(rule.plain), reverse=True)

    @functools.cached_property
    def _any(self) -> re.Pattern[str]:
        """Finds whether there is anything to hide; as a rule there is not."""
        # Their beginnings are fewer than the forms, and few texts have one by chance.
        found = {f[:BEGINNING_CHARS] for rule in self._rules for f in (*rule.forms, rule.plain)}
        numbers = {GROUPED.join(rule.plain) for rule in self._rules if rule.is_number}
        quoted = {f"“{value}”" for value in self.alone}
        return re.compile("|".join([*map(re.escape, found | quoted), *numbers]) or r"(?!)")

    def text(self, text: str) -> str:
        """The text without any of it."""
        if text in self.alone:
            return MASK
        if self._any.search(text) is None:
            return text
        for value in self.alone:  # as it is quoted in messages
            text = text.replace(f"“{value}”", f"“{MASK}”")
        for rule in self._rules:
            text = rule.hide(text)
        return text

    def value(self, value: Any, *, numbers: bool = False) -> Any:
        """Anything that is JSON without any of it, as a copy; names of members, too.

        Args:
            numbers: whether one that is written like a hidden value is hidden.
        """
        if not self:
            return value
        if isinstance(value, str):
            return self.text(value)
        if isinstance(value, Mapping):
            return {
                self.text(str(key)): self.value(item, numbers=numbers or key in PAYLOADS)
                for key, item in value.items()
            }
        if isinstance(value, (list, tuple)):
            return [self.value(item, numbers=numbers) for item in value]
        if numbers and isinstance(value, int | float) and str(value) in self.values:
            return MASK
        return value

    @contextlib.contextmanager
    def in_errors(self) -> Iterator[None]:
        """Errors that leave the block say nothing of it, nor do those that caused them."""
        try:
            yield
        except BaseException as error:
            if self:
                self._clean(error, set())
            raise

    def _clean(self, error: BaseException | None, seen: set[int]) -> None:
        if error is None or id(error) in seen:
            return
        seen.add(id(error))
        error.args = tuple(self.text(a) if isinstance(a, str) else a for a in error.args)
        for name in (*vars(error), "strerror", "filename", "filename2"):  # those of an OSError
            if isinstance(fact := getattr(error, name, None), str):
                with contextlib.suppress(AttributeError, TypeError):
                    setattr(error, name, self.text(fact))
        causes = (error.__cause__, error.__context__)
        for cause in (*causes, *getattr(error, "exceptions", ())):
            self._clean(cause, seen)
        if any(self.text(str(cause)) != str(cause) for cause in causes if cause is not None):
            error.__cause__ = error.__context__ = None  # one that keeps what it says


NOTHING = Hidden()


def hidden_values(
    named: Iterable[tuple[str, str]],
    *,
    own_words: Collection[str] = (),
    texts: Iterable[tuple[str, Iterable[str]]] = (),
) -> Hidden:
    """What is hidden of these values.

    A value of fewer than `SHORTEST_CHARS`, or one that is a word which the output has anyway,
    would ruin it if it was masked wherever it stands, and would be told by that. It is masked in
    the texts that were made of it; a short one also where it is alone.

    Args:
        named: what people call a value ("${PIN}"), and the value; an empty one hides nothing.
        own_words: words that the output has anyway, in lower case.
        texts: texts that were made of values, with these values.
    """
    values, alone, unhidden, notes = set[str](), set[str](), set[str](), list[str]()
    for name, value in ((name, part) for name, given in named for part in _parts(given)):
        if value.casefold() in own_words:
            unhidden.add(value)
            why = "is a word that the output has anyway; it is masked only in what is made of it"
            notes.append(f"The value of {name} {why}.")
        elif len(value) < SHORTEST_CHARS:
            alone.add(value)
            unhidden.add(value)
            why = f"has fewer than {SHORTEST_CHARS} characters; it is masked only where it stands"
            notes.append(f"The value of {name} {why} alone, and in what is made of it.")
        else:
            values.add(value)
    made = {text: _shown(text, unhidden & set(used)) for text, used in texts}
    longer = [(text, shown) for text, shown in made.items() if shown not in (text, MASK)]
    return Hidden(frozenset(values), frozenset(alone), tuple(longer), tuple(dict.fromkeys(notes)))


def _parts(value: str) -> Iterator[str]:
    """A value without the blanks around it, which come from files; and the lines of a long one."""
    whole = value.strip()
    yield from (part for part in {value, whole} if whole)
    for line in map(str.strip, whole.splitlines()):
        if line != whole and len(line) >= INSIDE_CHARS:
            yield line


def _shown(text: str, values: Iterable[str]) -> str:
    for value in sorted(values, key=len, reverse=True):
        text = text.replace(value, MASK)
    return text


@dataclass(frozen=True)
class _Rule:
    """How one value is found: its forms, and the word itself where it is short."""

    plain: str
    shown: str
    forms: tuple[str, ...]
    word: re.Pattern[str] | None
    is_number: bool = False

    @classmethod
    def of(cls, value: str, shown: str) -> _Rule:
        is_number = value.isascii() and value.isdecimal()
        if len(value) >= INSIDE_CHARS and not is_number:
            return cls(value, shown, forms_of(value), None)
        before = _BEHIND if value[0].isalnum() else ""
        behind = _BEFORE if value[-1].isalnum() else ""
        form = GROUPED.join(value) if is_number else re.escape(value)
        inside = len(value) >= INSIDE_CHARS
        forms = tuple(f for f in forms_of(value) if inside or f != value)
        return cls(value, shown, forms, re.compile(before + form + behind), is_number)

    def hide(self, text: str) -> str:
        if self.word is not None:
            text = self.word.sub(lambda _: self.shown, text)
        for form in self.forms:
            if form in text:
                text = text.replace(form, self.shown)
        return text


def forms_of(value: str) -> tuple[str, ...]:
    """A value as programs write it, the longest form first."""
    escaped = _escaped(value)
    twice = [form for once in escaped for form in _escaped(once)]
    encoded = [form for data in _as_bytes(value) for form in _encoded(data)]
    others = [html.escape(value), html.escape(value, quote=False), repr(value)[1:-1]]
    forms = {value, *escaped, *twice, *encoded, *others}
    return tuple(sorted(forms, key=lambda form: (-len(form), form)))


def _escaped(text: str) -> list[str]:
    forms = [json.dumps(text)[1:-1], json.dumps(text, ensure_ascii=False)[1:-1]]
    return [*forms, *(form.replace("/", "\\/") for form in forms)]


def _as_bytes(value: str) -> Iterator[bytes]:
    """In UTF-8, and as a page's ``btoa`` and ``escape`` have it."""
    yield value.encode("utf-8", "surrogatepass")
    with contextlib.suppress(UnicodeEncodeError):
        yield value.encode("latin-1")


def _encoded(data: bytes) -> Iterator[str]:
    percent = [quote(data, safe=safe) for safe in _KEPT_IN_URLS]
    percent += [quote_plus(data), quote_plus(data, safe="*").replace("~", "%7E")]
    for form in percent:
        yield form
        yield re.sub(r"%[0-9A-F]{2}", lambda found: found[0].lower(), form)
    yield from _in_base64(data)


def _in_base64(data: bytes) -> Iterator[str]:
    """The letters that stand for these bytes alone, wherever among others they are encoded."""
    for offset in range(3):
        text = base64.b64encode(b"\0" * offset + data).decode("ascii")
        own = text[(offset * 8 + 5) // 6 : (offset + len(data)) * 8 // 6]
        yield own
        yield own.replace("+", "-").replace("/", "_")
