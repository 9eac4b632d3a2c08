"""Values of a scenario that nobody may read in what its run leaves behind."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import replace
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import Any

from harness.hidden import Hidden, hidden_values
from harness.scenario.page_context import PageContext
from harness.scenario.variables import Filled, Location

_REFERENCE = re.compile(r"\$\{[^}]*\}")
_WORD = re.compile(r"[a-z]{2,}")
_SCHEMAS = (("harness.facts", "trace.schema.json"), ("harness.scenario", "scenario.schema.json"))


def hidden_of(filled: Filled, public: object) -> Hidden:
    """What the environment gave, unless the scenario calls its name public.

    Args:
        public: the scenario's ``public_variables``, whatever it is.
    """
    shown = set(map(str, public)) if isinstance(public, list) else set[str]()
    used = {name: value for name, value in filled.used.items() if name not in shown}
    if not used:
        return Hidden()
    texts = [
        (text, [value for name, value in filled.values_in(location) if name in used])
        for location, text in filled.made.items()
    ]
    named = [(f"${{{name}}}", value) for name, value in used.items()]
    return hidden_values(named, own_words=_own_words() | _words_of(filled), texts=texts)


def hidden_in_page(page: PageContext, folder: Path) -> Hidden:
    """Passwords, tokens and cookies that are written in the scenario, or in its saved login.

    Args:
        folder: where the scenario is.
    """
    passwords, cookies = list(page.passwords()), list(page.cookie_values(folder))
    if not passwords and not cookies:
        return Hidden()
    return hidden_values(passwords, own_words=_own_words()) | hidden_cookies(cookies)


def hidden_cookies(named: Iterable[tuple[str, str]]) -> Hidden:
    """Values of cookies: given, of a saved login, or earned by one.

    What a cookie holds need not be a secret: of one that says "dark" nobody is told.

    Args:
        named: what people call each, and the value.
    """
    return replace(hidden_values(named, own_words=_own_words()), notes=())


@cache
def _own_words() -> frozenset[str]:
    """Words of the trace and of scenarios, as their schemas have them."""
    texts = [files(package).joinpath(name).read_text("utf-8") for package, name in _SCHEMAS]
    return frozenset(_WORD.findall(" ".join(texts).lower()))


def _words_of(filled: Filled) -> frozenset[str]:
    """Words that the scenario has beside its variables, such as those that are spoken."""
    texts = [filled.places.get(location, text) for location, text in _texts(filled.data)]
    return frozenset(_WORD.findall(_REFERENCE.sub(" ", " ".join(texts)).lower()))


def _texts(value: Any) -> Iterator[tuple[Location, str]]:
    """All texts with their places, but not within what holds itself."""
    waiting: list[tuple[Any, Location]] = [(value, ())]
    seen = set[int]()
    while waiting:
        one, where = waiting.pop()
        if isinstance(one, str):
            yield where, one
        elif isinstance(one, dict | list) and id(one) not in seen:
            seen.add(id(one))
            items = one.items() if isinstance(one, dict) else enumerate(one)
            waiting += [(item, (*where, key)) for key, item in items]
