"""ChatKit widgets as JSON: what one says, and what can be pressed in it.

Source: the widgets of the package ``openai-chatkit``. A component that is not known here is read
like any other: by its texts, its children and its actions.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import Any

from harness.errors import ExpectationFailed

Widget = Mapping[str, Any]

ROOTS = ("Card", "ListView", "Basic")
MOST_COMPONENTS = 2_000
MOST_DEPTH = 64
_TEXTS = ("title", "value", "label", "text", "placeholder")
_STATED = {
    "Checkbox": "defaultChecked",
    **dict.fromkeys(("Select", "RadioGroup", "DatePicker", "Input", "Textarea"), "defaultValue"),
}
"""What a field holds before anybody touches it."""


@dataclass(frozen=True, slots=True)
class WidgetAction:
    """What is set off by pressing something."""

    type: str

    payload: Any
    """With the values of the form around it."""

    is_for_page: bool = False
    """The page's own code handles it; no server is told."""


@dataclass(frozen=True, slots=True)
class Pressable:
    """Something in a widget that can be pressed."""

    name: str
    """What it shows; its key or id where it shows nothing."""

    other_names: tuple[str, ...]
    """Its id and its key."""

    action: WidgetAction
    is_disabled: bool = False

    def is_called(self, name: str) -> bool:
        """Whether this is meant by a name: as it is shown, whatever the case, or its id or key."""
        return self.name.casefold() == name.casefold() or name in self.other_names


def why_no_widget(widget: object) -> str | None:
    """Why something is no widget; None where it is one."""
    if not isinstance(widget, Mapping):
        return "a widget is an object"
    if widget.get("type") not in ROOTS:
        return f"a widget is one of {', '.join(ROOTS)}, and not {str(widget.get('type'))[:40]!r}"
    if next(islice(_components(widget), MOST_COMPONENTS, None), None) is not None:
        return f"a widget has at most {MOST_COMPONENTS} components"
    return None


def text_of_widget(widget: Widget) -> str:
    """The words that a widget shows, in their order."""
    return " ".join(text for one in _components(widget) for text in _texts(one))


def pressables(widget: Widget, values: Mapping[str, Any] | None = None) -> list[Pressable]:
    """What can be pressed in a widget, in the order in which it is shown.

    Args:
        values: what the user fills into its fields, by their names.
    """
    return list(_pressables(widget, {}, None, values or {}))


def find_pressable(
    rows: Iterable[Mapping[str, Any]], name: str, values: Mapping[str, Any] | None = None
) -> tuple[str, Pressable] | None:
    """The newest thing of that name in a thread, with the id of its widget's item.

    Args:
        rows: the thread, the oldest first.
        values: what the user fills into its widget's fields, by their names.
    """
    for row in reversed(list(rows)):
        if row.get("type") == "widget" and isinstance(row.get("widget"), Mapping):
            for one in pressables(row["widget"], values):
                if one.is_called(name):
                    return str(row["id"]), one
    return None


def to_press(
    rows: Sequence[Mapping[str, Any]], name: str, values: Mapping[str, Any] | None = None
) -> tuple[str, Pressable]:
    """As `find_pressable`, for somebody who presses it now.

    Raises:
        ExpectationFailed: there is no such thing, or nobody can press it.
    """
    found = find_pressable(rows, name, values)
    why = _why_not_pressed(found[1]) if found else pressables_in_words(rows)
    if found is None or why:
        raise ExpectationFailed(
            f"“{name}” cannot be pressed.",
            expected=f"a widget in the thread with “{name}” to press",
            found=why,
        )
    return found


def pressables_in_words(rows: Iterable[Mapping[str, Any]]) -> str:
    """What can be pressed in a thread's newest widget, for people."""
    widgets = [row["widget"] for row in rows if row.get("type") == "widget"]
    if not widgets:
        return "the thread has no widget"
    names = ", ".join(f"“{one.name}”" for one in pressables(widgets[-1]))
    return f"its newest widget has {names or 'nothing'} to press"


def _why_not_pressed(found: Pressable) -> str:
    if found.is_disabled:
        return "it is there, and disabled"
    if found.action.is_for_page:
        return f"its action “{found.action.type}” is for the page's own code (handler: client)"
    return ""


def _pressables(
    one: Widget,
    stated: Mapping[str, Any],
    submit: Any,
    values: Mapping[str, Any],
    depth: int = 0,
) -> Iterator[Pressable]:
    is_form = one.get("type") == "Form" or one.get("asForm") is True
    if is_form:
        stated = dict(_stated(one))
        submit = one.get("onSubmitAction") or submit
    fields = {**stated, **values} if stated or values else {}
    action = _action(one.get("onClickAction") or (submit if one.get("submit") else None), fields)
    if action is not None:
        yield _pressable(one, action)
    for name in ("confirm", "cancel"):
        button = one.get(name)
        if isinstance(button, Mapping) and (own := _action(button.get("action"), fields)):
            yield _pressable(button, own)
    for child in _children(one) if depth < MOST_DEPTH else ():
        yield from _pressables(child, stated, submit, values, depth + 1)


def _pressable(one: Widget, action: WidgetAction) -> Pressable:
    names = tuple(str(one[key]) for key in ("key", "id") if one.get(key))
    shown = str(one.get("label") or " ".join(t for c in _components(one) for t in _texts(c)))
    name = shown or (names[0] if names else str(one.get("type", "")))
    return Pressable(name, names, action, one.get("disabled") is True)


def _action(given: Any, fields: Mapping[str, Any]) -> WidgetAction | None:
    if not isinstance(given, Mapping) or not isinstance(given.get("type"), str):
        return None
    payload = given.get("payload")
    if fields and (payload is None or isinstance(payload, Mapping)):
        payload = {**(payload or {}), **fields}
    return WidgetAction(given["type"], payload, given.get("handler") == "client")


def _stated(form: Widget) -> Iterator[tuple[str, Any]]:
    """The fields of a form, by name, with what they hold."""
    for one in _components(form):
        held = _STATED.get(str(one.get("type")))
        if held is not None and isinstance(one.get("name"), str) and one.get(held) is not None:
            yield one["name"], one[held]


def _components(one: Widget, depth: int = 0) -> Iterator[Widget]:
    """A component and all within it."""
    yield one
    for child in _children(one) if depth < MOST_DEPTH else ():
        yield from _components(child, depth + 1)


def _children(one: Widget) -> Iterable[Widget]:
    given = one.get("children")
    children = given if isinstance(given, list) else [given]
    return (child for child in children if isinstance(child, Mapping))


def _texts(one: Widget) -> Iterator[str]:
    """What a component shows by itself, with the buttons of a card."""
    for key in _TEXTS:
        if isinstance(text := one.get(key), str) and text:
            yield text
    for name in ("confirm", "cancel", "status"):
        part = one.get(name)
        text = (part.get("label") or part.get("text")) if isinstance(part, Mapping) else None
        if isinstance(text, str):
            yield text
