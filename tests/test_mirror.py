"""Every module has its test module, where somebody looks for it."""

from __future__ import annotations

from pathlib import Path

ROOT = Path(__file__).parents[1]

TESTED_ELSEWHERE: dict[str, str] = {
    "__main__.py": "tests/cli/test_app.py starts it as a process",
    "scenario/tool_results.py": "tests/scenario/test_runner.py gives some",
    "scenario/tool_wishes.py": "fields alone; tests/scenario/test_expectations.py reads them",
    "call/expected_event.py": "tests/call/test_call.py and tests/e2e/test_old_news.py expect by it",
    "exchange/dump_event.py": "fields alone; tests/exchange/test_load_dump.py reads into them",
    "context/threads/connection.py": "a protocol; tests/context/threads/test_database.py uses both",
    "facts/answers.py": "tests/facts/test_catalogue.py writes and reads each of its classes",
    "facts/browser.py": "tests/facts/test_catalogue.py writes and reads each of its classes",
    "facts/call.py": "tests/facts/test_catalogue.py writes and reads each of its classes",
    "facts/connection.py": "tests/facts/test_catalogue.py writes and reads each of its classes",
    "facts/contexts.py": "tests/facts/test_catalogue.py writes and reads each of its classes",
    "facts/dialogue.py": "tests/facts/test_catalogue.py writes and reads each of its classes",
    "facts/media.py": "tests/facts/test_catalogue.py writes and reads each of its classes",
    "facts/microphone.py": "tests/facts/test_catalogue.py writes and reads each of its classes",
    "facts/network.py": "tests/facts/test_catalogue.py writes and reads each of its classes",
    "facts/page.py": "tests/facts/test_catalogue.py writes and reads each of its classes",
    "facts/server.py": "tests/facts/test_catalogue.py writes and reads each of its classes",
    "facts/sockets.py": "tests/facts/test_catalogue.py writes and reads each of its classes",
    "line/microphone_access.py": "names and a protocol; see tests/browser/test_pages_of_sound.py",
    "facts/steps.py": "tests/facts/test_catalogue.py writes and reads each of its classes",
    "line/autoplay.py": "names alone; see tests/browser/test_autoplay.py",
    "line/microphone_plan.py": "fields alone; tests/line/test_microphone_effects.py reads them",
    "live/commands.py": "tests/live/test_session.py sends each of them to a session",
    "live/state.py": "tests/live/test_session.py reads every event that it makes",
    "live/talk.py": "tests/live/test_session.py talks with it",
    "call/bound_context.py": "tests/call/test_call_context.py binds, changes and releases them",
    "client/late_delivery.py": "tests/client/test_client_context.py has late results delivered",
    "call/protocol_acts.py": "tests/call/test_call.py does each of them in a call",
    "scenario/durations.py": "two bounds; the models that use them are tested",
    "scenario/interruption.py": "fields alone; tests/scenario/test_interrupting.py judges by them",
    "scenario/context_wish.py": "fields alone; tests/scenario/test_context_use.py reads them",
    "network/relay_address.py": "fields alone; tests/network/test_bad_network.py reads them",
}
"""Modules without a test module of their own, and where what they do is tested."""


def needs_a_test(path: Path) -> bool:
    """A package's ``__init__`` only re-exports; test_exports.py looks at that."""
    return path.name != "__init__.py" and "vendor" not in path.parts


def mirror_of(path: Path) -> Path:
    module = path.relative_to(ROOT / "harness")
    return ROOT / "tests" / module.parent / f"test_{module.name.strip('_')}"


def test_every_module_has_its_test_module() -> None:
    missing = [
        name
        for path in sorted((ROOT / "harness").rglob("*.py"))
        if needs_a_test(path)
        and not mirror_of(path).exists()
        and (name := path.relative_to(ROOT / "harness").as_posix()) not in TESTED_ELSEWHERE
    ]
    assert not missing


def test_the_list_of_exceptions_is_current() -> None:
    for name in TESTED_ELSEWHERE:
        path = ROOT / "harness" / name
        assert path.exists(), f"{name} is gone"
        assert not mirror_of(path).exists(), f"{name} has its own test module now"


def test_every_module_that_runs_inside_a_page_has_its_test_module() -> None:
    """What is put into pages that are not ours (``web/probe``, ``web/audio``)."""
    web = ROOT / "web"
    modules = [
        path.relative_to(web).with_suffix("")
        for folder in ("audio", "probe")
        for path in sorted((web / folder).rglob("*.js"))
    ]
    missing = [name for name in modules if not (web / "test" / f"{name}.test.js").exists()]
    assert modules
    assert not missing
