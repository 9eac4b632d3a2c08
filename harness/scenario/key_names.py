"""The names of keys that a page's steps press, known before any browser starts."""

from __future__ import annotations

from harness.scenario.page_checks import nearest

MODIFIERS = (
    "Alt", "AltLeft", "AltRight", "Control", "ControlLeft", "ControlRight", "ControlOrMeta",
    "Meta", "MetaLeft", "MetaRight", "Shift", "ShiftLeft", "ShiftRight",
)  # fmt: skip

KEYS = (
    *MODIFIERS, "AltGraph", "CapsLock", "NumLock", "ScrollLock",
    "Backspace", "Delete", "Enter", "Escape", "Insert", "Space", "Tab",
    "ArrowDown", "ArrowLeft", "ArrowRight", "ArrowUp", "End", "Home", "PageDown", "PageUp",
    "ContextMenu", "Pause", "PrintScreen",
    *(f"F{number}" for number in range(1, 13)),
    *(f"Digit{number}" for number in range(10)),
    *(f"Key{letter}" for letter in "ABCDEFGHIJKLMNOPQRSTUVWXYZ"),
    *(f"Numpad{number}" for number in range(10)),
    "NumpadAdd", "NumpadDecimal", "NumpadDivide", "NumpadEnter", "NumpadMultiply",
    "NumpadSubtract",
    "Backquote", "Backslash", "BracketLeft", "BracketRight", "Comma", "Equal", "Minus", "Period",
    "Quote", "Semicolon", "Slash",
    "AudioVolumeDown", "AudioVolumeMute", "AudioVolumeUp", "MediaPlayPause", "MediaTrackNext",
    "MediaTrackPrevious",
)  # fmt: skip
"""What Playwright can press beside single characters, named as in the W3C's UI Events."""

_MEANT = {
    "esc": "Escape", "return": "Enter", "spacebar": "Space", "del": "Delete", "ins": "Insert",
    "ctrl": "Control", "strg": "Control", "cmd": "Meta", "command": "Meta", "win": "Meta",
    "super": "Meta", "option": "Alt", "opt": "Alt", "left": "ArrowLeft", "right": "ArrowRight",
    "up": "ArrowUp", "down": "ArrowDown", "pgup": "PageUp", "pgdn": "PageDown", "plus": "+",
    "minus": "Minus",
}  # fmt: skip
"""How people call some of them elsewhere, without regard to case."""


def known_key(name: str) -> str:
    """One key, as ``Space`` or ``a``.

    Raises:
        ValueError: there is no such one; names the nearest.
    """
    is_character = len(name) == 1 and name.isascii() and (name.isprintable() or name in "\r\n")
    if name not in KEYS and not is_character:
        raise ValueError(f"there is no key “{name}”; {_instead(name)}")
    return name


def known_keys(name: str) -> str:
    """One key, or several that are pressed together, as ``Control+A``.

    Raises:
        ValueError: there is no such one; names the nearest.
    """
    for part in _parts(name):
        known_key(part)
    return name


def _parts(name: str) -> list[str]:
    """What is pressed together; the last may itself be “+”."""
    if name.endswith("+"):
        return [*filter(None, name[:-1].removesuffix("+").split("+")), "+"]
    return name.split("+")


def _instead(part: str) -> str:
    if (meant := _MEANT.get(part.casefold())) is not None:
        return f"did you mean {meant}?"
    if len(part) == 1:
        return "the keyboard is an American one: `fill` writes any text"
    by_case = {key.casefold(): key for key in KEYS}
    if (same := by_case.get(part.casefold())) is not None:
        return f"did you mean {same}?"
    return nearest(part, KEYS) or "it is named as Playwright does: `Enter`, `a`, `Control+A`"
