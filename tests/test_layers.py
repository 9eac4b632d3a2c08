"""The house rules that can be read from the imports."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

PACKAGE = Path(__file__).parents[1] / "harness"

LADDER = [
    ["errors"],
    ["clock", "resources", "trace", "virtual_time"],
    ["streams"],
    ["audio"],
    ["speech"],
    ["score"],
    ["realtime"],
    ["browser"],
    ["peer"],
    ["client"],
    ["server"],
    ["call"],
    ["report"],
    ["scenario"],
    ["bench"],
    ["findings"],
    ["doctor_speech"],
    ["doctor"],
    ["cli"],
    ["pytest_artifacts", "pytest_begun"],
    ["pytest_plugin"],
    ["__init__", "__main__"],
]
"""Each room may import those above it, and itself. The foundations come first, faces last."""

PURE = [
    "score/*.py",
    "realtime/*.py",
    "server/session/*.py",
    "server/assistants/script.py",
    "server/assistants/assistant.py",
    "server/assistants/echo.py",
    "server/faults/audio.py",
    "server/faults/base.py",
    "server/faults/call.py",
    "server/faults/event.py",
    "server/faults/faults.py",
    "server/faults/http.py",
    "server/faults/log.py",
    "server/faults/models.py",
    "server/faults/models_call.py",
    "server/faults/sdp.py",
    "server/faults/triggers.py",
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


def room_of(path: Path) -> str:
    return path.relative_to(PACKAGE).parts[0].removesuffix(".py")


def imported_modules(tree: ast.AST) -> Iterator[str]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            assert node.level == 0, "imports are absolute"
            yield node.module
            if node.module == "harness":
                yield from (f"harness.{alias.name}" for alias in node.names)


def rooms_imported_by(path: Path) -> set[str]:
    found = imported_modules(ast.parse(path.read_text(encoding="utf-8")))
    names = {name.split(".")[1] for name in found if name.startswith("harness.")}
    return {name for name in names if not name.startswith("__")}


def step_of(room: str) -> int:
    for step, rooms in enumerate(LADDER):
        if room in rooms:
            return step
    raise AssertionError(f"harness/{room} has no place on the ladder: give it one")


@pytest.mark.parametrize("path", modules(), ids=name_of)
def test_imports_point_down_the_ladder(path: Path) -> None:
    own = room_of(path)
    above = {room for room in rooms_imported_by(path) if step_of(room) > step_of(own)}
    assert not above, f"{name_of(path)} reaches up to {sorted(above)}"


@pytest.mark.parametrize("pattern", PURE)
def test_protocol_logic_has_no_clock_no_loop_and_no_socket(pattern: str) -> None:
    paths = sorted(PACKAGE.glob(pattern))
    assert paths, f"no module matches {pattern}"
    for path in paths:
        tree = ast.parse(path.read_text(encoding="utf-8"))
        roots = {name.split(".")[0] for name in imported_modules(tree)}
        assert not roots & NOT_IN_PURE, path


@pytest.mark.parametrize("room", KNOW_NO_PROTOCOL)
def test_rooms_that_serve_every_protocol_know_no_realtime_event(room: str) -> None:
    for path in sorted((PACKAGE / room).rglob("*.py")):
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), start=1):
            assert not REALTIME_NAMES.search(line), f"{name_of(path)}:{number}: {line.strip()}"


@pytest.mark.parametrize("path", modules(), ids=name_of)
def test_slow_packages_are_imported_inside_functions(path: Path) -> None:
    tree = ast.parse(path.read_text(encoding="utf-8"))
    at_top = [node for node in tree.body if isinstance(node, ast.Import | ast.ImportFrom)]
    roots = {name.split(".")[0] for node in at_top for name in imported_modules(node)}
    assert not roots & SLOW, path
