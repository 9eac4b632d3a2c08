"""``harness export``: a recorded call in the files of other tools."""

from __future__ import annotations

import json
import shutil
import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from harness.audio.files import write_atomically
from harness.cli.report import TRACE, find_run
from harness.errors import UsageError
from harness.exchange.begun import begun_ms
from harness.exchange.har import har_of
from harness.exchange.opened import opened_run
from harness.exchange.rtcstats import write_rtcstats
from harness.exchange.to_dump import dump_events
from harness.exchange.webvtt import webvtt_text
from harness.exchange.write_internals import internals_text
from harness.trace import Trace, read_trace
from harness.version import VERSION

AUDIO = "call.wav"
USER_AGENT = f"realtime-harness {VERSION}"


@dataclass(frozen=True, slots=True)
class _Call:
    """What is exported."""

    trace: Trace
    folder: Path
    begun_ms: float


def export_call(path: Path, files: Mapping[str, Path | None]) -> int:
    """Write what is wanted, and say what; 0.

    Args:
        path: a run, a trace, or a file of a call.
        files: where to, by the name of the form.

    Raises:
        UsageError: nothing is wanted, there are several calls, or what is wanted is not there.
        ArtifactError: it cannot be read or written.
    """
    wanted = {form: file for form, file in files.items() if file is not None}
    if not wanted:
        raise UsageError(
            "Nothing is to be exported.",
            expected=" or ".join(f"--{form} FILE" for form in FORMS),
            found="none of them",
        )
    with opened_run(path, sound="recorded" if "wav" in wanted else "packed") as opened:
        call = _call(opened, path)
        for form, file in wanted.items():
            write_atomically(file, FORMS[form](call))
            print(f"harness: {form}: {file}", file=sys.stderr)
    return 0


def _call(opened: Path, path: Path) -> _Call:
    run = find_run(opened, path, "harness export")
    trace = read_trace(run / TRACE)
    return _Call(trace, run, begun_ms(trace, run))


Write = Callable[[BinaryIO], None]


def _internals(call: _Call) -> Write:
    return _text(internals_text(dump_events(call.trace.events, call.begun_ms), USER_AGENT))


def _rtcstats(call: _Call) -> Write:
    lines = write_rtcstats(dump_events(call.trace.events, call.begun_ms))
    return _text("\n".join(lines) + "\n")


def _har(call: _Call) -> Write:
    found = har_of(call.trace.events, call.begun_ms, VERSION)
    if not found["log"]["entries"]:
        raise UsageError(
            "The trace knows no request of the page.",
            expected="requests that began a call, failed, or were redirected",
            found="none",
        )
    return _text(json.dumps(found, ensure_ascii=False, indent=1))


def _wav(call: _Call) -> Write:
    path = call.folder / AUDIO
    if not path.is_file():
        raise UsageError("The call has no recording.", expected=AUDIO, found="none")

    def write(file: BinaryIO) -> None:
        with path.open("rb") as source:
            shutil.copyfileobj(source, file)

    return write


def _vtt(call: _Call) -> Write:
    return _text(webvtt_text(call.trace.events))


def _text(text: str) -> Write:
    data = text.encode("utf-8", errors="replace")

    def write(file: BinaryIO) -> None:
        file.write(data)

    return write


FORMS: dict[str, Callable[[_Call], Write]] = {
    "webrtc-internals": _internals,
    "rtcstats": _rtcstats,
    "har": _har,
    "wav": _wav,
    "vtt": _vtt,
}
"""By the name of the option."""
