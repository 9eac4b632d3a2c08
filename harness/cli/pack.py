"""``harness pack``: a run as one file."""

from __future__ import annotations

import json
import re
from pathlib import Path

from harness.cli.report import find_runs
from harness.errors import UsageError
from harness.exchange.pack import PackedFile, pack
from harness.exchange.unpack import is_zip

UNITS_S = {"s": 1, "m": 60, "h": 3600}


def pack_run(run: Path, to: Path | None, keep: str | None, *, as_json: bool) -> int:
    """Pack it and say where; 0.

    Raises:
        UsageError: there is no run, or it cannot be kept so long.
        ArtifactError: it cannot be read or written.
    """
    if is_zip(run):
        raise UsageError(
            f"{run} is a file already.", expected="the folder of a run", found=f"{run}"
        )
    keep_s = None if keep is None else seconds_of(keep)
    runs = find_runs(run)
    home = run if run.is_dir() else runs[0]
    target = to or home.absolute().with_name(f"{home.absolute().name}.zip")
    packed = pack(home, runs, target, keep_s)
    print(json.dumps(as_data(packed)) if as_json else as_text(packed), flush=True)
    return 0


def seconds_of(text: str) -> float:
    """A time as people write it: "90", "90s", "10m", "1h".

    Raises:
        UsageError: it is none.
    """
    found = re.fullmatch(r"(\d+(?:\.\d+)?)\s*([smh]?)", text.strip())
    if found is None or float(found[1]) <= 0:
        raise UsageError(
            "This is no time to keep.", expected="as 90s, 10m or 1h", found=text, hint="--keep 10m"
        )
    return float(found[1]) * UNITS_S[found[2] or "s"]


def as_data(packed: PackedFile) -> dict[str, object]:
    """As JSON."""
    return {
        "file": str(packed.path),
        "bytes": packed.size,
        "was_bytes": packed.was,
        "files": packed.files,
    }


def as_text(packed: PackedFile) -> str:
    """For people."""
    return (
        f"{packed.path}: {packed.files} files, {_megabytes(packed.size)} "
        f"(they were {_megabytes(packed.was)})"
    )


def _megabytes(size: int) -> str:
    return f"{size / 1e6:.1f} MB"
