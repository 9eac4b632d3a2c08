"""Actions of a Playwright trace: what a test did on its page, and when.

It is read as it is, by whoever made it, so its size is bounded; what was typed is left out.
"""

from __future__ import annotations

import json
import re
import zipfile
import zlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import IO, Any

from harness.errors import ArtifactError
from harness.redact import Masker, shown

NAME = "playwright-trace.zip"
"""What one is called beside a call."""

MOST_BYTES = 512_000_000
"""Of its events, unpacked; its pictures are not read."""

MOST_LINE_BYTES = 4_000_000
MOST_ACTIONS = 5_000
MOST_MS = 1e15
"""What is later is no time."""

LEAST_VERSION = 7
"""Since Playwright 1.44 a trace says when its clock's zero was."""

LEFT_OUT = frozenset({"CDPSession", "Tracing", "Debugger", "Artifact", "Disposable"})
NO_ACTIONS = frozenset(
    {"addInitScript", "exposeBinding", "grantPermissions", "newCDPSession", "newPage", "close",
     "queryCount", "setNetworkInterceptionPatterns", "setWebSocketInterceptionPatterns",
     "updateSubscription"}
)  # fmt: skip
"""What the harness and Playwright's own fixtures do around a page."""

_CALLED = {
    "evaluateExpression": "evaluate",
    "evaluateExpressionHandle": "evaluate_handle",
    "keyboardDown": "keyboard.down",
    "keyboardInsertText": "keyboard.insert_text",
    "keyboardPress": "keyboard.press",
    "keyboardType": "keyboard.type",
    "keyboardUp": "keyboard.up",
    "mouseClick": "mouse.click",
    "mouseDown": "mouse.down",
    "mouseMove": "mouse.move",
    "mouseUp": "mouse.up",
    "mouseWheel": "mouse.wheel",
    "touchscreenTap": "touchscreen.tap",
}
_CAPITAL = re.compile(r"(?<=[a-z0-9])(?=[A-Z])")
_INTERNAL = re.compile(r"internal:(?:control=\S+ >> )?")
_COLOURS = re.compile(r"\x1b\[[0-9;]*m")
LONGEST_CHARS = 200


@dataclass(frozen=True, slots=True)
class PlaywrightAction:
    """One call of Playwright's API."""

    name: str
    """As Python has it: click, goto, expect to be visible."""

    target: str
    """The element's locator, the address or the key; "" where there is none."""

    start_ms: float
    """Milliseconds since 1970."""

    end_ms: float | None = None
    """None: it never came back."""

    error: str = ""
    """Why it failed, in one line."""


@dataclass(frozen=True, slots=True)
class PlaywrightTrace:
    """What was read of one."""

    actions: tuple[PlaywrightAction, ...]
    missing: str = ""
    """What of it was not read, in words; "": nothing."""


def read_playwright_trace(path: Path) -> PlaywrightTrace:
    """The actions of a Playwright trace, in order of time.

    Raises:
        ArtifactError: it is none, damaged, too large, or of a Playwright that is too old.
    """
    try:
        with zipfile.ZipFile(path) as packed:
            parts = [one for one in packed.infolist() if one.filename.endswith(".trace")]
            if not parts:
                raise _no_trace(path, "a zip without a file “trace.trace”")
            size = sum(part.file_size for part in parts)
            if size > MOST_BYTES:
                raise ArtifactError(
                    f"The Playwright trace {path} is too large.",
                    expected=f"at most {MOST_BYTES // 1_000_000} MB of events",
                    found=f"{size // 1_000_000} MB",
                )
            read = [_read(packed, part, path) for part in parts]
    except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError) as error:
        raise _no_trace(path, f"{error}") from error
    except OSError as error:
        raise _no_trace(path, error.strerror or str(error)) from error
    actions = sorted((one for part in read for one in part.actions), key=lambda a: a.start_ms)
    missing = "; ".join(dict.fromkeys(part.missing for part in read if part.missing))
    return PlaywrightTrace(tuple(actions), missing)


def _read(packed: zipfile.ZipFile, part: zipfile.ZipInfo, path: Path) -> PlaywrightTrace:
    with packed.open(part) as file:
        return _Reader(path).read(file)


class _Reader:
    """Reads the lines of one context's trace."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._zero_ms: float | None = None
        self._actions: dict[str, PlaywrightAction] = {}
        self._missing: list[str] = []
        self._mask = Masker().text

    def read(self, file: IO[bytes]) -> PlaywrightTrace:
        for line in self._lines(file):
            try:
                event = json.loads(line)
            except (ValueError, RecursionError):
                self._miss("a line that cannot be read")
                continue
            if isinstance(event, dict):
                self._take(event)
        if self._zero_ms is None:
            raise _no_trace(self._path, "no “context-options” in it")
        return PlaywrightTrace(tuple(self._actions.values()), " and ".join(self._missing))

    def _lines(self, file: IO[bytes]) -> Iterator[bytes]:
        """Its lines; of one that is too long nothing."""
        is_inside = False
        while line := file.readline(MOST_LINE_BYTES):
            is_whole = line.endswith(b"\n") or len(line) < MOST_LINE_BYTES
            if is_whole and not is_inside:
                yield line
            else:
                self._miss("a line that is too long")
            is_inside = not is_whole

    def _take(self, event: Mapping[str, Any]) -> None:
        kind, call = event.get("type"), event.get("callId")
        if kind == "context-options":
            self._begin(event)
        elif kind == "before" and isinstance(call, str):
            self._before(call, event)
        elif kind == "after" and isinstance(call, str) and call in self._actions:
            self._after(call, event)

    def _begin(self, event: Mapping[str, Any]) -> None:
        version = event.get("version")
        if not isinstance(version, int) or version < LEAST_VERSION:
            raise ArtifactError(
                f"The Playwright trace {self._path} is of an older Playwright.",
                expected=f"a trace of version {LEAST_VERSION} or later (Playwright 1.44)",
                found=f"version {version}",
                hint="open it by itself: playwright show-trace FILE",
            )
        wall_ms, clock_ms = _number(event.get("wallTime")), _number(event.get("monotonicTime"))
        if wall_ms is None or clock_ms is None:
            raise _no_trace(self._path, "a trace that does not say when it was made")
        self._zero_ms = wall_ms - clock_ms

    def _before(self, call: str, event: Mapping[str, Any]) -> None:
        of, method = event.get("class"), event.get("method")
        at_ms = _number(event.get("startTime"))
        if of in LEFT_OUT or method in NO_ACTIONS or not isinstance(method, str):
            return
        if self._zero_ms is None or at_ms is None:
            return
        if len(self._actions) >= MOST_ACTIONS:
            self._miss(f"what came after {MOST_ACTIONS} actions")
            return
        params = event.get("params")
        known = params if isinstance(params, dict) else {}
        target = self._mask(_target(method, known))[:LONGEST_CHARS]
        name = _name(method, known)[:LONGEST_CHARS]
        self._actions[call] = PlaywrightAction(name, target, self._zero_ms + at_ms)

    def _after(self, call: str, event: Mapping[str, Any]) -> None:
        at_ms, error = _number(event.get("endTime")), event.get("error")
        if self._zero_ms is not None and at_ms is not None:
            end_ms = self._zero_ms + at_ms
            self._actions[call] = replace(self._actions[call], end_ms=end_ms)
        if isinstance(error, dict):
            text = _COLOURS.sub("", str(error.get("message") or error.get("name") or "failed"))
            first = next(iter(text.strip().splitlines()), "failed")
            shown_error = self._mask(first)[:LONGEST_CHARS]
            self._actions[call] = replace(self._actions[call], error=shown_error)

    def _miss(self, what: str) -> None:
        if what not in self._missing:
            self._missing.append(what)


def _name(method: str, params: Mapping[str, Any]) -> str:
    if method == "expect":
        wanted = params.get("expression")
        text = wanted.replace(".", " ") if isinstance(wanted, str) else ""
        return f"expect {'not ' if params.get('isNot') is True else ''}{text}".strip()
    return _CALLED.get(method) or _CAPITAL.sub("_", method).lower()


def _target(method: str, params: Mapping[str, Any]) -> str:
    """On what; nothing of what was typed, expected or run, which may let somebody in."""
    selector, url, key = (params.get(name) for name in ("selector", "url", "key"))
    if isinstance(selector, str):
        return _INTERNAL.sub("", selector)
    if isinstance(url, str):
        return shown(url)
    # A key that is a character may be one of a password's.
    return key if isinstance(key, str) and len(key) > 1 else ""


def _number(value: Any) -> float | None:
    is_one = isinstance(value, int | float) and not isinstance(value, bool)
    return float(value) if is_one and abs(value) < MOST_MS else None


def _no_trace(path: Path, found: str) -> ArtifactError:
    return ArtifactError(
        f"{path} is no Playwright trace.",
        expected="the zip that context.tracing.stop(path=…) or pytest's --tracing left",
        found=found,
    )
