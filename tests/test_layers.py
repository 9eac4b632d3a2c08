"""The house rules that can be read from the imports."""

from __future__ import annotations

import ast
import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import pytest

PACKAGE = Path(__file__).parents[1] / "harness"

LADDERS: dict[str, list[list[str]]] = {
    "": [
        [
            "calling",
            "clock_fit",
            "environment",
            "errors",
            "kept_stats",
            "machine",
            "moved",
            "paths",
            "plain_data",
            "plugins",
            "sqlite_schema",
            "terminal_text",
            "version",
            "yaml12",
        ],
        ["blocks", "typed_commands", "yaml_file"],
        ["all_mistakes"],
        ["clock", "hidden", "timeline", "redact", "resources", "virtual_time"],
        ["programs", "real_loop"],
        ["facts"],
        ["trace_events"],
        ["trace"],
        ["streams"],
        ["audio"],
        ["speech"],
        ["line", "network"],
        ["browser"],
        ["peer"],
        ["score"],
        ["realtime"],
        ["live"],
        ["context"],
        ["protocols"],
        ["findings"],
        ["exchange"],
        ["cassette"],
        ["client"],
        ["server"],
        ["call"],
        ["personas"],
        ["engines"],
        ["report"],
        ["scenario"],
        ["suite"],
        ["regression"],
        ["replay"],
        ["codegen"],
        ["history"],
        ["inspection"],
        ["sync_api"],
        ["testing"],
        ["bench"],
        ["cli"],
        ["pytest_plugin"],
        ["__init__", "__main__"],
    ],
    "speech": [
        ["."],
        ["text"],
        ["words"],
        ["kokoro"],
        ["ears", "engines", "keeping_up", "tools", "voices", "workers"],
    ],
    "realtime": [["."], ["faults"], ["client", "server"]],
    "context": [
        ["."],
        ["threads", "knowledge", "mcp", "thinking"],
        ["responses", "chatkit", "work"],
    ],
    "realtime/server": [["validation"], ["assistants"], ["."]],
    "server": [
        ["http"],
        ["assistants", "faults"],
        ["calls", "responses", "chatkit"],
        ["status"],
        ["routes"],
        ["process"],
        ["__main__"],
    ],
    "network": [["impairment"], ["."]],
    "engines": [["."], ["browser", "native", "simulated"]],
}
"""Each rung may import those above it, and itself: the foundations come first, faces last.

By folder, "" is the package. A rung names folders and modules; "." is every other module of the
folder itself. A folder without a ladder of its own has no folders in it.
"""

PURE = [
    "score/**/*.py",
    "findings/**/*.py",
    "realtime/**/*.py",
    "live/**/*.py",
    "context/*.py",
    "context/responses/*.py",
    "context/chatkit/*.py",
    "protocols/**/*.py",
    "network/impairment/*.py",
    "inspection/board.py",
    "inspection/recorded_scenario.py",
    "kept_stats.py",
    "typed_commands.py",
    *(
        f"exchange/{name}.py"
        for name in (
            "dump_event",
            "from_dump",
            "har",
            "index",
            "internals",
            "rtcstats",
            "rtcstats_words",
            "to_dump",
            "webvtt",
            "write_internals",
        )
    ),
    *(
        f"cassette/{name}.py"
        for name in (
            "check",
            "matching",
            "model",
            "recording",
            "replay",
            "session_reader",
            "signalling",
            "wire_log",
            "wording",
        )
    ),
]
"""Protocol logic: takes events, audio and time as arguments, and never waits."""

NOT_IN_PURE = {"asyncio", "aiohttp", "time", "wrtc", "aiortc", "threading", "socket"}

KNOW_NO_PROTOCOL = ["peer", "browser", "streams", "audio", "speech", "score", "report"]
"""A second voice protocol must need no change in these rooms."""

REALTIME_NAMES = re.compile(
    r"""["'](?:response|input_audio_buffer|output_audio_buffer|conversation|session)"""
    r"""\.(?:update|created|updated|create|cancel|done|append|commit|clear|item|output|audio)"""
)

SLOW = {"openai"}
"""Takes more than a second to import: only inside functions."""


def modules() -> list[Path]:
    return sorted(PACKAGE.rglob("*.py"))


def name_of(path: Path) -> str:
    return path.relative_to(PACKAGE).as_posix()


def imported_modules(tree: ast.AST) -> Iterator[str]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            assert node.level == 0, "imports are absolute"
            yield node.module
            if node.module == "harness":
                yield from (f"harness.{alias.name}" for alias in node.names)


@dataclass(frozen=True)
class Imports:
    """The names of the modules that a module imports."""

    anywhere: frozenset[str]
    at_top: frozenset[str]
    """Outside of functions and classes."""


@cache
def imports_of(path: Path) -> Imports:
    tree = ast.parse(path.read_text(encoding="utf-8"))
    top = [node for node in tree.body if isinstance(node, ast.Import | ast.ImportFrom)]
    at_top = frozenset(name for node in top for name in imported_modules(node))
    return Imports(frozenset(imported_modules(tree)), at_top)


def roots(names: frozenset[str]) -> set[str]:
    return {name.split(".")[0] for name in names}


def modules_imported_by(path: Path) -> set[tuple[str, ...]]:
    """As the parts of their paths below the package."""
    found = imports_of(path).anywhere
    return {tuple(name.split(".")[1:]) for name in found if name.startswith("harness.")}


def rung_of(folder: str, parts: tuple[str, ...]) -> int | None:
    """Where a module of the folder, or below it, stands there; None: it is not of this folder."""
    depth = len(Path(folder).parts)
    if parts[:depth] != Path(folder).parts or len(parts) <= depth:
        return None
    name = parts[depth]
    is_module = not (PACKAGE / folder / name).is_dir()
    for rung, names in enumerate(LADDERS[folder]):
        if name in names or (is_module and "." in names and not _is_named(folder, name)):
            return rung
    raise AssertionError(f"harness/{folder}/{name} has no place on the ladder: give it one")


def _is_named(folder: str, name: str) -> bool:
    return any(name in names for names in LADDERS[folder])


def reaching_up(folder: str, path: Path) -> list[str]:
    """What a module imports from above its rung; nothing, where it is not of the folder."""
    own = path.relative_to(PACKAGE).with_suffix("").parts
    own = own[:-1] if own[-1] == "__init__" and len(own) > 1 else own
    rung = rung_of(folder, own)
    if rung is None:
        return []
    return sorted(
        "/".join(parts)
        for parts in modules_imported_by(path)
        if (other := rung_of(folder, parts)) is not None and other > rung
    )


@pytest.mark.parametrize("folder", LADDERS)
def test_imports_point_down_the_ladder(folder: str) -> None:
    up = {name_of(path): found for path in modules() if (found := reaching_up(folder, path))}
    assert not up, "reach up:\n" + "\n".join(f"{name}: {found}" for name, found in up.items())


def test_an_import_from_above_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    """So that the test above cannot pass because nothing is looked at."""
    call = PACKAGE / "call" / "followed_call.py"
    assert reaching_up("", call) == []
    monkeypatch.setitem(LADDERS, "", LADDERS[""][::-1])
    assert "streams/event_stream" in reaching_up("", call)


def test_every_folder_of_folders_has_a_ladder() -> None:
    folders = {path.parent.parent for path in modules() if path.parent != PACKAGE}
    names = {path.relative_to(PACKAGE).as_posix() for path in folders}
    assert {name.removeprefix(".") for name in names} == set(LADDERS)


def test_no_room_is_more_than_a_quarter_of_the_house() -> None:
    lines = {path: len(path.read_text(encoding="utf-8").splitlines()) for path in modules()}
    rooms: Counter[str] = Counter()
    for path, count in lines.items():
        rooms[path.relative_to(PACKAGE).parts[0]] += count
    assert max(rooms.values()) <= sum(lines.values()) / 4, rooms.most_common(3)
    assert max(lines.values()) <= 400, max(lines, key=lambda path: lines[path])


@pytest.mark.parametrize("pattern", PURE)
def test_protocol_logic_has_no_clock_no_loop_and_no_socket(pattern: str) -> None:
    paths = sorted(PACKAGE.glob(pattern))
    assert paths, f"no module matches {pattern}"
    for path in paths:
        assert not roots(imports_of(path).anywhere) & NOT_IN_PURE, path


@pytest.mark.parametrize("room", KNOW_NO_PROTOCOL)
def test_rooms_that_serve_every_protocol_know_no_realtime_event(room: str) -> None:
    for path in sorted((PACKAGE / room).rglob("*.py")):
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), start=1):
            assert not REALTIME_NAMES.search(line), f"{name_of(path)}:{number}: {line.strip()}"


def test_slow_packages_are_imported_inside_functions() -> None:
    slow = {name_of(path) for path in modules() if roots(imports_of(path).at_top) & SLOW}
    assert not slow
