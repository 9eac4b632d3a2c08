"""The record of a call: JSON Lines, a versioned header, one event a line.

Written as the call runs and flushed line by line, so that a crash loses at most a line. Reading
tolerates a last line cut in the middle and says so. Secrets are masked before anything is
written: a trace may be mailed around.
"""

from __future__ import annotations

import json
import math
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from types import TracebackType
from typing import Any, Literal, TextIO

from harness.errors import ArtifactError, UsageError

VERSION = 1
Source = Literal["page", "harness", "dialogue", "server"]

_SECRETS = re.compile(
    # API keys and ephemeral keys; the letters before are another word's ("ask_for_a_name"), unless
    # they are an escape of JSON or of a URL.
    r"(?:(?<![A-Za-z0-9])|(?<=\\[bfnrt])|(?<=\\u[0-9A-Fa-f]{4})|(?<=%[0-9A-Fa-f]{2}))"
    r"(?:sk|ek)[-_][A-Za-z0-9_\-]{8,}"
    r"|(?<=[Bb][Ee][Aa][Rr][Ee][Rr] )[A-Za-z0-9._~+/=\-]{8,}"
    r"|(?<=ice-pwd:)[A-Za-z0-9+/]{8,}"
)
_SECRET_KEYS = frozenset({"authorization", "credential", "api_key", "client_secret", "password"})
_NAMES = "|".join(sorted(_SECRET_KEYS))
_SECRETS_IN_JSON = re.compile(
    # Each text is read once, from left to right: a page must not be able to make this slow.
    rf'("(?:{_NAMES})"\s*:\s*")(?:[^"\\]|\\.)+'
    rf'|(\\"(?:{_NAMES})\\"\s*:\s*\\")(?:[^"\\]|\\\\\\.|\\\\[^"\\])+',
    re.IGNORECASE,
)
"""JSON in a text, as the messages of a data channel are; or in a text within that."""

_HINTS = ("sk-", "sk_", "ek-", "ek_", "bearer ", "ice-pwd:", *sorted(_SECRET_KEYS))
"""One of these is in every text that holds a secret. Most have none, and are let through fast."""

_SURROGATES = re.compile("[\ud800-\udfff]")
MASK = "•••"
SHORTEST_KEY_CHARS = 8
"""A shorter key is refused where it is resolved: hiding it would blot out parts of other words, and
show by that what it is."""

SHORTEST_HIDDEN_CHARS = 4
"""Shorter values are let be: no key is so short, and every text would be spoilt by one that is."""


@dataclass(frozen=True, slots=True)
class TraceEvent:
    """One fact of a call."""

    seq: int
    """Position in the trace, from 0, without gaps."""

    t_s: float | None
    """Seconds on the call's time line; None before the line exists."""

    source: str
    """Who saw it: page, harness, dialogue or server."""

    type: str
    """What it is, for example "data_channel.open"."""

    data: dict[str, Any]


@dataclass(frozen=True, slots=True)
class Trace:
    """A trace as read back."""

    header: dict[str, Any]
    events: list[TraceEvent]
    cut: bool = False
    """True where the last line was cut: the writer died while writing it."""

    path: Path | None = None

    def of_type(self, *types: str) -> list[TraceEvent]:
        return [event for event in self.events if event.type in types]


def too_short(key: str) -> str | None:
    """What is wrong with a key that could not be masked, in words for "found"; None: nothing."""
    count = len(key)
    return None if count >= SHORTEST_KEY_CHARS else f"one of {count} characters"


@dataclass
class Masker:
    """Replace secrets in anything that is JSON; ``known`` are exact values to hide as well.

    Known values of less than `SHORTEST_HIDDEN_CHARS` are let be.
    """

    known: set[str] = field(default_factory=set, repr=False)

    def text(self, text: str) -> str:
        for secret in self.known:
            if len(secret) >= SHORTEST_HIDDEN_CHARS:
                text = text.replace(secret, MASK)
        if "mcp" in text and "headers" in text:
            text = self._without_headers(text)
        folded = text.casefold()
        if not any(hint in folded for hint in _HINTS):
            return text
        return _SECRETS.sub(MASK, _SECRETS_IN_JSON.sub(_mask_value, text))

    def value(self, value: Any) -> Any:
        if isinstance(value, str):
            return self.text(value)
        if isinstance(value, Mapping):
            if value.get("type") == "mcp" and isinstance(value.get("headers"), Mapping):
                # Any header of a remote tool server may be its key, whatever it is called.
                value = {**value, "headers": dict.fromkeys(value["headers"], MASK)}
            return {
                k: MASK if str(k).lower() in _SECRET_KEYS and isinstance(v, str) else self.value(v)
                for k, v in value.items()
            }
        if isinstance(value, (list, tuple)):
            return [self.value(item) for item in value]
        return value

    def _without_headers(self, text: str) -> str:
        """A message that names remote tool servers, if the text is one."""
        try:
            message = json.loads(text)
            is_message = isinstance(message, dict | list)
            return json.dumps(self.value(message), ensure_ascii=False) if is_message else text
        except (ValueError, RecursionError):
            return text


class TraceWriter:
    """Append events to a trace file.

    Args:
        path: the file, made new.
        header: facts about the run (scenario, engine, versions, seeds).
        secrets: exact values that must never be written.

    Raises:
        UsageError: a secret is too short to be masked.
        ArtifactError: the file cannot be made or written (no rights, disk full).
    """

    def __init__(
        self, path: Path, header: Mapping[str, Any], *, secrets: Iterable[str] = ()
    ) -> None:
        self.path = path
        self.masker = Masker(set(secrets))
        for found in filter(None, map(too_short, self.masker.known)):
            raise short_key("The server's API key is too short to be kept out of a trace.", found)
        self._seq = 0
        self._broken: ArtifactError | None = None
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            self._file: TextIO = path.open("w", encoding="utf-8", newline="\n")
        except OSError as error:
            raise cannot_write(path, error) from error
        self._write_line({"harness_trace": VERSION, **self.masker.value(dict(header))})
        if self._broken:
            raise self._broken

    def __enter__(self) -> TraceWriter:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        tb: TracebackType | None,
    ) -> None:
        self.close()

    @property
    def broken(self) -> ArtifactError | None:
        """The first write that failed; the call goes on, and says so at its end."""
        return self._broken

    def write(
        self,
        source: Source,
        type: str,
        data: Mapping[str, Any] | None = None,
        t_s: float | None = None,
    ) -> TraceEvent:
        """Add one event; its secrets are masked. A failing disk is remembered, not raised."""
        event = TraceEvent(
            seq=self._seq,
            t_s=None if t_s is None else round(t_s, 6),
            source=source,
            type=type,
            data=self.masker.value(dict(data or {})),
        )
        self._seq += 1
        self._write_line(
            {"seq": event.seq, "t_s": event.t_s, "source": source, "type": type, "data": event.data}
        )
        return event

    def close(self) -> None:
        """Close the file; harmless when repeated."""
        if not self._file.closed:
            try:
                self._file.close()
            except OSError as error:
                self._broken = self._broken or cannot_write(self.path, error)

    def _write_line(self, record: Mapping[str, Any]) -> None:
        if self._broken or self._file.closed:
            return
        try:
            self._file.write(_line(record) + "\n")
            self._file.flush()
        except OSError as error:
            self._broken = cannot_write(self.path, error)


def short_key(message: str, found: str) -> UsageError:
    """The error for a key that cannot be masked; the key itself is never shown."""
    return UsageError(
        message,
        expected=f"at least {SHORTEST_KEY_CHARS} characters: a shorter key cannot be masked in "
        "traces, reports and messages",
        found=found,
        hint="use a longer key",
    )


def read_trace(path: Path) -> Trace:
    """Read a trace file, also one whose writer died.

    Raises:
        ArtifactError: missing, not a trace, a newer version, or a broken line before the last.
    """
    try:
        text = path.read_text(encoding="utf-8", errors="replace")
    except OSError as error:
        raise ArtifactError(
            f"Cannot read the trace {path}.",
            expected="a trace file (trace.jsonl)",
            found=error.strerror or str(error),
            hint="give the folder of one scenario's run, or its trace.jsonl",
        ) from error
    # Not splitlines(): a text may hold other characters that end a line, such as U+2028.
    lines = text.removesuffix("\n").split("\n")
    header = _read_header(path, lines[0])
    events: list[TraceEvent] = []
    cut = False
    for number, line in enumerate(lines[1:], start=2):
        try:
            record = json.loads(line)
            events.append(
                TraceEvent(
                    record["seq"], record["t_s"], record["source"], record["type"], record["data"]
                )
            )
        except (ValueError, KeyError, TypeError) as error:
            if number == len(lines):
                cut = True
                break
            raise ArtifactError(
                f"Line {number} of {path} is not a trace event.",
                expected='{"seq", "t_s", "source", "type", "data"}',
                found=line[:80],
            ) from error
    return Trace(header, events, cut, path)


def cannot_write(path: Path, error: OSError) -> ArtifactError:
    """The error for a file that could not be written, in plain words."""
    return ArtifactError(
        f"Cannot write {path}.",
        expected="a folder with room that may be written to",
        found=error.strerror or str(error),
        hint="free some space or choose another --out folder",
    )


def _line(record: Mapping[str, Any]) -> str:
    """One line of JSON that any reader takes, whatever came from a page or a server."""
    try:
        text = json.dumps(record, ensure_ascii=False, allow_nan=False, default=str)
    except ValueError:  # 1e999 is a number in JSON, and infinity here; JSON has no word for that
        text = json.dumps(_with_finite_numbers(record), ensure_ascii=False, default=str)
    return _SURROGATES.sub("\N{REPLACEMENT CHARACTER}", text)  # halves of characters


def _with_finite_numbers(value: Any) -> Any:
    if isinstance(value, float) and not math.isfinite(value):
        return str(value)
    if isinstance(value, Mapping):
        return {key: _with_finite_numbers(item) for key, item in value.items()}
    if isinstance(value, (list, tuple)):
        return [_with_finite_numbers(item) for item in value]
    return value


def _mask_value(found: re.Match[str]) -> str:
    return f"{found[1] or found[2]}{MASK}"


def _read_header(path: Path, line: str) -> dict[str, Any]:
    try:
        header = json.loads(line)
        version = header["harness_trace"]
    except (ValueError, KeyError, TypeError) as error:
        raise ArtifactError(
            f"{path} is not a trace.",
            expected='a first line with "harness_trace"',
            found=line[:80] or "an empty file",
        ) from error
    if not isinstance(version, int) or version > VERSION:
        raise ArtifactError(
            f"{path} was written by a newer harness.",
            expected=f"trace version {VERSION} or older",
            found=f"version {version}",
            hint="update realtime-harness",
        )
    return dict(header)
