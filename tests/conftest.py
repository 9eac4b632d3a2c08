"""The fixture pyramid: what is slow lives for the session, what has state for one test."""

from __future__ import annotations

import os
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest
import pytest_asyncio
from hypothesis import settings

from harness.browser.launch import Chromium, open_chromium
from harness.server.process.launch import RunningServer, start_server
from tests.support import marked_files
from tests.support.machine_stalls import RepeatDisturbed
from tests.support.mcp_server import ToolServer, tool_server
from tests.support.postgres_server import PostgresServer, postgres_server
from tests.support.shipped_runs import ShippedRuns, shipped_runs

VOICE_GIVEN = os.environ.get("HARNESS_VOICE_ENGINE")
"""The voice of all tests, where the person who runs them says so."""

# Machines that run tests are slow now and then; a test is not wrong because of it.
settings.register_profile("harness", deadline=None)
settings.load_profile("harness")


def pytest_addoption(parser: pytest.Parser) -> None:
    marked_files.add_option(parser)


def pytest_ignore_collect(collection_path: Path, config: pytest.Config) -> bool | None:
    return marked_files.holds_none(collection_path, config.getoption("--marked")) or None


def pytest_configure(config: pytest.Config) -> None:
    config.pluginmanager.register(RepeatDisturbed())
    config.addinivalue_line("markers", "browser: drives Chromium; `make check` leaves it out")
    config.addinivalue_line(
        "markers",
        "realtime: a conversation at the pace of speech, or a judgement of its audio; "
        "`make test` runs these apart from the others, two at a time",
    )
    config.addinivalue_line(
        "markers", "long: more than half a minute; begins first, so that none is left at the end"
    )
    config.addinivalue_line(
        "markers", "alone: judges times to a few milliseconds; `make test` runs these one by one"
    )


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark what drives Chromium, by the fixtures it asks for; long ones come first."""
    for item in items:
        if marked_files.DRIVE_CHROMIUM.intersection(getattr(item, "fixturenames", ())):
            item.add_marker("browser")
    marked_files.check_that_none_is_lost(items)
    items.sort(key=lambda item: item.get_closest_marker("long") is None)


@pytest.hookimpl(tryfirst=True)
def pytest_runtest_setup(item: pytest.Item) -> None:
    """A conversation is judged by its words, and so has the voice that users get.

    Recognisers are sure of half of the words of the quick voice, and on a busy machine of less. It
    takes a hundredth of the time, and elsewhere few tests are about the voice.
    """
    by_its_words = item.get_closest_marker("realtime") is not None
    os.environ["HARNESS_VOICE_ENGINE"] = VOICE_GIVEN or ("kokoro" if by_its_words else "pico")


@pytest.fixture
def understood_voice(monkeypatch: pytest.MonkeyPatch) -> None:
    """The voice that users get: for tests that judge what an assistant says."""
    monkeypatch.setenv("HARNESS_VOICE_ENGINE", "kokoro")


@pytest.fixture(scope="session")
def common_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The temporary folder that all processes of a session have."""
    own = tmp_path_factory.getbasetemp()
    return own.parent if "PYTEST_XDIST_WORKER" in os.environ else own


@pytest.fixture(scope="session")
def speech_cache(common_folder: Path) -> Path:
    """What was spoken and recognised in this run of the tests, and not in older ones."""
    return Path(os.environ.get("TESTS_SPEECH_CACHE") or common_folder / "speech-cache")


@pytest.fixture
def fresh_speech(speech_cache: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """All speech is made and recognised by the code as it is, once for all tests that ask so."""
    monkeypatch.setenv("HARNESS_CACHE", str(speech_cache))


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def shared_chromium() -> AsyncIterator[Chromium]:
    """One browser for every call; each page has a context of its own."""
    async with open_chromium() as running:
        yield running


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def shared_server() -> AsyncIterator[RunningServer]:
    """One local server; each call sets the script it needs."""
    async with start_server() as running:
        yield running


@pytest.fixture(scope="session")
def shipped_in_memory(common_folder: Path, speech_cache: Path) -> ShippedRuns:
    """All shipped scenarios, run once in the simulated engine; the files are there to be read."""
    return shipped_runs(common_folder, speech_cache)


@pytest.fixture(scope="session")
def remote_tools() -> Iterator[ToolServer]:
    """One real server of remote tools (MCP)."""
    with tool_server() as running:
        yield running


@pytest.fixture(scope="session")
def postgres() -> Iterator[PostgresServer]:
    """One real server of PostgreSQL; each test has a schema of its own there."""
    with postgres_server() as running:
        yield running
