"""``harness cache``: what is kept of speech that was made or understood before, and how much."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from harness.errors import ArtifactError
from harness.speech.store import default_folder, size_limit_bytes
from harness.speech.store_file import FILE_NAME, StoreFile

WHAT = {
    "speech": "texts spoken",
    "words": "sounds understood",
    "detection": "windows judged for speech",
    "other": "other answers",
}
"""Plain words for each kind."""


def show_cache(*, as_json: bool) -> int:
    """Say where it is, what is in it, and how large it may become."""
    figures = _figures(default_folder())
    print(json.dumps(figures, ensure_ascii=False) if as_json else _as_text(figures), flush=True)
    return 0


def clear_cache(*, as_json: bool) -> int:
    """Forget everything that is kept, also while others use it.

    Raises:
        ArtifactError: the file cannot be written now.
    """
    folder = default_folder()
    before = _figures(folder)
    if folder is not None and before["file_bytes"]:
        _clear(folder)
    freed = before["file_bytes"] - _figures(folder)["file_bytes"]
    if as_json:
        print(json.dumps({"folder": before["folder"], "freed_bytes": freed}), flush=True)
    else:
        print(f"{_megabytes(freed)} freed in {before['folder'] or 'no folder'}", flush=True)
    return 0


def _figures(folder: Path | None) -> dict[str, Any]:
    limit_bytes = size_limit_bytes()
    kinds: dict[str, dict[str, int]] = {}
    path = None if folder is None else folder / FILE_NAME
    exists = path is not None and path.exists()
    # To look must not make one.
    if folder is not None and exists and (file := StoreFile.opened(folder, limit_bytes)):
        for size in file.sizes():
            kinds[size.kind] = {"entries": size.entries, "bytes": size.value_bytes}
        file.close()
    return {
        "folder": None if folder is None else str(folder),
        "file_bytes": path.stat().st_size if path is not None and path.exists() else 0,
        "limit_bytes": limit_bytes,
        "kinds": kinds,
    }


def _clear(folder: Path) -> None:
    file = StoreFile.opened(folder, size_limit_bytes())
    cleared = file is not None and file.clear()
    if file is not None:
        file.close()
    if not cleared:
        raise ArtifactError(
            "The cache cannot be cleared.",
            expected=f"{folder / FILE_NAME}, which this user may write",
            found="a file that is read-only, or that another process holds",
            hint=f"end the runs that use it, or remove {folder / FILE_NAME}",
        )


def _as_text(figures: dict[str, Any]) -> str:
    if figures["folder"] is None:
        return "The cache is switched off (HARNESS_CACHE is set and empty)."
    lines = [
        f"{figures['folder']}",
        f"{_megabytes(figures['file_bytes'])} of at most {_megabytes(figures['limit_bytes'])}",
    ]
    for kind, size in figures["kinds"].items():
        what = WHAT.get(kind, kind)
        lines.append(f"  {size['entries']:>8} {what:<26} {_megabytes(size['bytes']):>10}")
    return "\n".join(lines)


def _megabytes(size_bytes: int) -> str:
    return f"{size_bytes / 1e6:.1f} MB"
