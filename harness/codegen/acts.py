"""Acts of the user on a page: what the page's recorder saw, as steps of a scenario. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from harness.codegen.locators import Locator, locator_of
from harness.replay.scenario_file import all_escaped, escaped

NO_VARIABLE = re.compile(r"[^A-Z0-9]+")
KINDS = ("click", "check", "uncheck", "fill", "select", "press", "hold", "upload")


@dataclass(frozen=True, slots=True)
class Seen:
    """One event, as the page's recorder (``web/recorder/``) told it."""

    at_s: float
    """On the call's timeline."""

    kind: str
    """One of `KINDS`."""

    locator: Locator
    value: str | list[str] | None = field(default=None, repr=False)
    """What is in the field, or chosen in the list; may be a password."""

    key: str | None = None
    is_secret: bool = False
    is_field: bool = False
    """Of a click: people type into what was clicked."""

    name: str = ""
    """Of a field, in its page."""

    held_s: float = 0.0
    """How long the button or the key was down, until ``at_s``."""


@dataclass(frozen=True, slots=True)
class Act:
    """One step on the page, and when it was done."""

    at_s: float
    kind: str
    content: Any
    """As a scenario has it behind the keyword."""

    held_s: float = 0.0

    @property
    def step(self) -> dict[str, Any]:
        """As a scenario has it."""
        return {self.kind: self.content}


@dataclass(frozen=True)
class Acts:
    """All that was done on the page."""

    acts: tuple[Act, ...]
    secrets: Mapping[str, str] = field(default_factory=dict, repr=False)
    """The values of variables: passwords that were typed. Never written."""

    notes: tuple[str, ...] = ()


def read_seen(
    data: Mapping[str, Any],
    at_s: float,
    *,
    frames: Sequence[str] = (),
    window: int | None = None,
) -> Seen | None:
    """What the page told; None: it is nothing of the recorder's.

    Args:
        data: from the page, so it may be anything.
        at_s: when it came, on the call's timeline.
        frames: Playwright's selectors of the iframes it happened in, from the outermost; none: the
            page itself, or one that is gone.
        window: which window of those that the page opened, from 1; None: the page itself.
    """
    kind, selector = data.get("kind"), data.get("selector")
    if kind not in KINDS or not isinstance(selector, str) or not selector:
        return None
    values = data.get("values")
    held_s = data.get("held_s")
    locator = locator_of(selector)
    if frames:
        named = [locator_of(frame) for frame in frames]
        locator["frame"] = named[0] if len(named) == 1 else named
    if window is not None:
        locator["page"] = window
    key = data.get("key")
    return Seen(
        at_s=at_s,
        kind=kind,
        locator=locator,
        value=[str(one) for one in values]
        if isinstance(values, list)
        else str(data.get("value", "")),
        key=None if key is None else str(key),
        is_secret=data.get("is_secret") is True,
        is_field=data.get("is_field") is True,
        name=str(data.get("field", "")),
        held_s=float(held_s) if isinstance(held_s, int | float) else 0.0,
    )


def acts_of(seen: Iterable[Seen], prefix: str) -> Acts:
    """The steps that do the same again.

    Args:
        seen: in order of time.
        prefix: of the variables for passwords: the scenario's name.
    """
    acts: list[Act] = []
    notes: list[str] = []
    hidden = SecretVariables(prefix)
    for one in _whole(list(seen)):
        if one.kind == "upload":
            files = ", ".join(one.value or ())
            notes.append(
                f"Files were chosen ({files}): no page tells where they lie. Put them beside the "
                "scenario, and add a step `upload`."
            )
            continue
        acts.append(Act(one.at_s, one.kind, _content(one, hidden), one.held_s))
    return Acts(tuple(acts), dict(hidden.values), tuple(notes))


def _whole(seen: Sequence[Seen]) -> list[Seen]:
    """Letter by letter becomes the whole text, and the click into a field goes with it."""
    kept: list[Seen] = []
    for one in seen:
        before = kept[-1] if kept else None
        if one.kind == "fill" and before is not None and before.locator == one.locator:
            if before.kind == "fill":
                kept[-1] = replace(one, is_secret=one.is_secret or before.is_secret)
                continue
            if before.kind == "click" and before.is_field:
                kept[-1] = one
                continue
        kept.append(one)
    return kept


class SecretVariables:
    """Variables for what must not be written.

    Args:
        prefix: of their names: the scenario's name.
        values: those that there are already.
    """

    def __init__(self, prefix: str, values: Mapping[str, str] | None = None) -> None:
        self._prefix = prefix
        self.values: dict[str, str] = dict(values or {})
        """What each stands for. Never written."""

    def variable(self, name: str, value: str) -> str:
        """What is written in place of a value, as ``${DESK_PASSWORD}``."""
        base = NO_VARIABLE.sub("_", f"{self._prefix}_{name}".upper()).strip("_")
        base = f"_{base}" if base[:1].isdigit() else base or "SECRET"
        chosen, number = base, 2
        while self.values.setdefault(chosen, value) != value:
            chosen, number = f"{base}_{number}", number + 1
        return f"${{{chosen}}}"


def _content(one: Seen, hidden: SecretVariables) -> Any:
    match one.kind:
        case "fill":
            value = str(one.value)
            written = (
                hidden.variable(one.name, value) if one.is_secret and value else escaped(value)
            )
            return {**all_escaped(one.locator), "value": written}
        case "select":
            values = [escaped(each) for each in one.value or ()]
            return {**all_escaped(one.locator), "value": values[0] if len(values) == 1 else values}
        case "hold":
            return {"key": one.key}
        case "press":
            return {**all_escaped(one.locator), "key": one.key}
        case _:
            return all_escaped(one.locator)
