"""Voice calls as pytest fixtures, beside pytest-playwright's own.

    async def test_the_rover_answers(voice_call):
        call = await voice_call()
        await call.say("goforward")
        answer = await call.answer(within_s=8)
        assert "forward" in answer.transcript

Fixtures: `realtime_server` (session), `voice_call`, `conversation_context`, `run_scenario`, and
`voice` and `async_voice` for pages that Playwright's own fixtures open; override `voice_page_url`
to call your own page.
Coroutine tests that use them run in pytest-asyncio's session loop, without any setting.
Playwright's options hold here too: --headed, --slowmo, --browser-channel, --device, --base-url,
--output, --tracing, --video, --screenshot. A failed test leaves the trace, both sides' audio and a
report in --output.
"""

from __future__ import annotations

import asyncio
import inspect
import itertools
import warnings
from collections.abc import AsyncIterator, Awaitable, Callable, Generator, Mapping
from contextlib import AsyncExitStack, ExitStack
from typing import TYPE_CHECKING, Any

import pytest
import pytest_asyncio

from harness.paths import StrPath
from harness.pytest_plugin.artifacts import PluginOptions, TestFolder, failure_text, write_report
from harness.pytest_plugin.begun import (
    MAKERS,
    Ledger,
    call_text,
    is_coroutine_test,
    loop_is_the_tests_own,
    run_to_its_end,
)
from harness.pytest_plugin.conversation_context import conversation_context
from harness.pytest_plugin.finding_messages import pytest_assertrepr_compare
from harness.pytest_plugin.harmless_reports import make_harmless
from harness.pytest_plugin.html_extras import attach
from harness.pytest_plugin.items import (
    arguments,
    as_others_say,
    fixtures,
    leaves_us_the_loop,
    ours,
)
from harness.pytest_plugin.listening import AsyncVoice, Voice, prepare_launch
from harness.pytest_plugin.opened_call import OpenedCall
from harness.pytest_plugin.option_names import check_option_names
from harness.pytest_plugin.scenario_items import (
    keep_their_output,
    pytest_addoption,
    pytest_collect_file,
)
from harness.pytest_plugin.scenario_runs import ScenarioRef, run_for_test
from harness.pytest_plugin.shared_engines import Engines, SyncEngines
from harness.pytest_plugin.suite_settings import (
    SuiteSettings,
    base_url_of,
    refuse_playwright,
    settings_of,
    warn_of_openers,
)

if TYPE_CHECKING:
    from harness.call.call import Call
    from harness.client.server_api import ServerAddress
    from harness.report.results import Results
    from harness.server.process.launch import RunningServer

__all__ = [
    "conversation_context",
    "pytest_addoption",
    "pytest_assertrepr_compare",
    "pytest_collect_file",
]
"""A fixture, and hooks of other modules, which pytest looks for here."""

OURS = frozenset({"realtime_server", "voice_call", "run_scenario", "async_voice"})
"""Fixtures of tests that may be coroutines."""

LISTENERS = frozenset({"voice", "async_voice"})
"""Fixtures that listen to pages which Playwright's own fixtures open."""

SYNCHRONOUS = "pytest_playwright.pytest_playwright"
"""Where the fixture `playwright` is from whose API keeps the event loop to itself."""

UNSET_LOOP_SCOPE = r'The configuration option "asyncio_default_fixture_loop_scope" is unset'

BASE_URL_FIXTURE = r"(?s)Session-scoped fixtures defined as instance methods.*'base_url' fixture"

REPORTS = pytest.StashKey[list[pytest.TestReport]]()
FOLDER = pytest.StashKey[TestFolder]()
LEDGER = pytest.StashKey[Ledger]()


# --- hooks -----------------------------------------------------------------------------------


@pytest.hookimpl(tryfirst=True)
def pytest_configure(config: pytest.Config) -> None:
    """A suite without an ini file is not told to set what our fixtures do not need.

    Each names its loop itself, so pytest-asyncio's default for the others concerns none of ours;
    nor is it told of a fixture of pytest-playwright's which pytest 9.2 finds fault with.
    """
    warnings.filterwarnings("ignore", message=UNSET_LOOP_SCOPE)
    config.addinivalue_line("filterwarnings", f"ignore:{BASE_URL_FIXTURE}:DeprecationWarning")


@pytest.hookimpl(hookwrapper=True, trylast=True)
def pytest_pycollect_makeitem(
    collector: pytest.Module | pytest.Class, name: str, obj: object
) -> Generator[None, Any, None]:
    """Coroutine tests with our fixtures run in the session's loop, whatever the mode."""
    outcome = yield
    made = outcome.get_result()
    for item in made if isinstance(made, list) else [made]:
        if (
            isinstance(item, pytest.Function)
            and OURS.intersection(item.fixturenames)
            and inspect.iscoroutinefunction(item.function)
            and leaves_us_the_loop(item)
        ):
            item.add_marker(pytest.mark.asyncio(loop_scope="session"), append=False)


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Tests with Playwright's synchronous fixtures go last, where there are voice tests too.

    Its synchronous API occupies the main thread's event loop from its first fixture to the end
    of the session; no coroutine test can run after that.
    """
    if any(OURS.intersection(fixtures(item)) for item in items):
        items.sort(key=lambda item: "playwright" in fixtures(item))


@pytest.hookimpl(hookwrapper=True)
def pytest_runtest_makereport(
    item: pytest.Item, call: pytest.CallInfo[None]
) -> Generator[None, Any, None]:
    """Remember how the test went, and say where its artifacts will be; its words steer no CI."""
    outcome = yield
    report: pytest.TestReport = outcome.get_result()
    item.stash.setdefault(REPORTS, []).append(report)
    if ours(item):
        make_harmless(report)
    if report.when == "call":
        attach(report, item, item.stash.get(FOLDER, None))


@pytest.hookimpl(tryfirst=True)
def pytest_runtest_setup(item: pytest.Item) -> None:
    """An attempt knows nothing of another; markers of others hold for our tests, too."""
    item.stash[LEDGER], item.stash[REPORTS] = Ledger(), []
    as_others_say(item, OURS)


@pytest.hookimpl(wrapper=True, trylast=True)
def pytest_pyfunc_call(pyfuncitem: pytest.Function) -> Generator[None, object, object]:
    """A test that is over without a failure must have run what it began, and begun something."""
    ledger = pyfuncitem.stash.setdefault(LEDGER, Ledger())
    try:
        result = yield
        asked_for = [name for name in MAKERS if name in arguments(pyfuncitem) & ours(pyfuncitem)]
        complaint = ledger.complaint(asked_for)
    finally:
        ledger.close()
    if complaint is not None:
        pytest.fail(complaint, pytrace=False)
    return result


@pytest.hookimpl(wrapper=True)
def pytest_fixture_setup(
    fixturedef: pytest.FixtureDef[Any], request: pytest.FixtureRequest
) -> Generator[None, object, object]:
    """Where tests listen to Playwright's pages, its browser is launched so that they can."""
    if fixturedef.argname == "playwright" and fixturedef.func.__module__ == SYNCHRONOUS:
        refuse_playwright()
    keep_their_output(fixturedef, request.config)
    result = yield
    if fixturedef.argname != "browser_type_launch_args" or not isinstance(result, dict):
        return result
    if any(LISTENERS.intersection(ours(item)) for item in request.session.items):
        prepare_launch(result, PluginOptions.of(request.config).browsers)
    return result


# --- fixtures --------------------------------------------------------------------------------


@pytest.fixture(scope="session")
def voice_plugin_options(pytestconfig: pytest.Config) -> PluginOptions:
    """Playwright's options as the voice fixtures read them."""
    return PluginOptions.of(pytestconfig)


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def voice_engines(voice_plugin_options: PluginOptions) -> AsyncIterator[Engines]:
    """What is slow to start and safe to share."""
    async with AsyncExitStack() as stack:
        yield Engines(stack, voice_plugin_options)


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def realtime_server(voice_engines: Engines) -> RunningServer:
    """The local Realtime server, in a process of its own: url, page_url, api_key."""
    return await voice_engines.server()


@pytest.fixture(scope="session")
def voice_page_url() -> str | None:
    """The page to call, else that of ``base_url``, else our own (None). Made to be overridden."""
    return None


@pytest.fixture
def voice_folder(
    request: pytest.FixtureRequest,
    tmp_path_factory: pytest.TempPathFactory,
    voice_plugin_options: PluginOptions,
) -> Generator[TestFolder, None, None]:
    """Where the test's trace and audio go; kept in ``--output`` when it fails."""
    temporary = tmp_path_factory.mktemp("voice")
    attempt = getattr(request.node, "execution_count", 1)  # of pytest-rerunfailures
    folder = TestFolder(request.node.nodeid, temporary, voice_plugin_options, attempt)
    request.node.stash[FOLDER] = folder
    yield folder
    folder.settle(failed=_failure(request.node) is not None)


@pytest.fixture
def voice_suite_settings(
    request: pytest.FixtureRequest, voice_plugin_options: PluginOptions
) -> SuiteSettings:
    """The suite's own browser_context_args, browser_type_launch_args, base_url and markers."""
    warn_of_openers(request)
    return settings_of(request, voice_plugin_options)


VoiceCall = Callable[..., Awaitable["Call"]]


@pytest_asyncio.fixture(loop_scope="session")
async def voice_call(
    request: pytest.FixtureRequest,
    voice_engines: Engines,
    voice_page_url: str | None,
    voice_folder: TestFolder,
    voice_suite_settings: SuiteSettings,
) -> AsyncIterator[VoiceCall]:
    """Open calls; they are closed when the test ends.

    ``await voice_call(url, server=…, assistant=…, session=…, start=…)`` gives a `Call`. Without
    url it is our own page on the local server, which also answers what ``redirect`` names (see
    `CallOptions`); ``assistant`` is its script, as in a scenario file, ``session`` its Realtime
    session settings, ``start`` what to do on the page so that it calls.
    """
    from harness.client.server_api import set_script

    opened: list[OpenedCall] = []
    ledger: Ledger = request.node.stash.setdefault(LEDGER, Ledger())

    async def open_one(
        url: str | None = None,
        *,
        server: ServerAddress | None = None,
        assistant: Mapping[str, Any] | None = None,
        **options: Any,
    ) -> Call:
        check_option_names("`voice_call`", options, {"server", "assistant", "context"})
        url = voice_suite_settings.address(url or voice_page_url)
        if server is None and (url is None or options.get("redirect") is not None):
            server = await voice_engines.server()
            await set_script(server, dict(assistant or {}))
        name = "call" if not opened else f"call-{len(opened) + 1}"
        one = OpenedCall(voice_folder, name, voice_suite_settings.context)
        opened.append(one)
        options.setdefault("callers", voice_engines.callers)
        chromium = await voice_engines.chromium(voice_suite_settings.launch)
        return await one.open(chromium, url, server, options)

    def begin(url: str | None = None, **options: Any) -> Awaitable[Call]:
        text = call_text("voice_call", url)
        if not is_coroutine_test(request.node) and not loop_is_the_tests_own(request.node):
            pytest.fail(
                f"{text} needs a test that can await; a plain def cannot.\n"
                f"Write: async def {request.node.name}(voice_call):\n"
                f"           call = await {text}",
                pytrace=False,
            )
        return ledger.begin(open_one(url, **options), text)

    yield begin
    failure = _failure(request.node)
    for one in reversed(opened):
        await one.close(request.node.nodeid, failure)
    if failure is not None and opened:
        await asyncio.to_thread(write_report, voice_folder.path, [o.folder for o in opened])


RunScenario = Callable[..., Any]
"""In a coroutine it gives an awaitable of `Results`, in a plain function the `Results`."""


@pytest.fixture
def run_scenario(
    request: pytest.FixtureRequest, voice_folder: TestFolder, voice_plugin_options: PluginOptions
) -> RunScenario:
    """``await run_scenario("booking.yaml")``: run a scenario file; the test fails if it does.

    The path is relative to the test's file; a name alone may be one of the shipped scenarios.
    ``page_url``, ``server_url``, ``engine``, ``protocol``, ``network`` and so on as
    `harness.run_scenarios` takes them. Gives the `Results`. In a plain ``def`` test there is
    nothing to await: ``run_scenario("booking.yaml")`` runs it.
    """
    ledger: Ledger = request.node.stash.setdefault(LEDGER, Ledger())
    base_url = base_url_of(request, voice_plugin_options)
    folders = itertools.chain(
        [voice_folder.path], (voice_folder.path / f"run-{n}" for n in itertools.count(2))
    )

    async def run_one(
        scenario: StrPath | ScenarioRef,
        *,
        page_url: str | None = None,
        engine: str = "browser",
        **options: Any,
    ) -> Results:
        has_page = engine == "browser"
        return await run_for_test(
            scenario,
            beside=request.path.parent,
            out=next(folders),
            engine=engine,
            page_url=page_url or (base_url if has_page else None),
            headed=has_page and voice_plugin_options.headed,
            **options,
        )

    def begin(scenario: StrPath | ScenarioRef, **options: Any) -> Awaitable[Results] | Results:
        begun = ledger.begin(run_one(scenario, **options), call_text("run_scenario", scenario))
        if is_coroutine_test(request.node) or loop_is_the_tests_own(request.node):
            return begun
        return run_to_its_end(begun)

    return begin


@pytest.fixture(scope="session")
def voice_thread(voice_plugin_options: PluginOptions) -> Generator[SyncEngines, None, None]:
    """What synchronous tests share, on a loop of its own thread."""
    with ExitStack() as stack:
        yield SyncEngines(stack)


@pytest.fixture
def voice(
    request: pytest.FixtureRequest, voice_thread: SyncEngines, voice_folder: TestFolder
) -> Generator[Voice, None, None]:
    """Listen to the pages of a synchronous test: ``with voice.listen(page) as call``.

    ``voice.server`` is the local Realtime server, ``voice.set_script(…)`` what its assistant says.
    """
    ledger: Ledger = request.node.stash.setdefault(LEDGER, Ledger())
    given = Voice(voice_thread, voice_folder.path, request.node.nodeid, ledger)
    yield given
    given.end()
    if _failure(request.node) is not None and given.folders:
        write_report(voice_folder.path, given.folders)


@pytest_asyncio.fixture(loop_scope="session")
async def async_voice(
    request: pytest.FixtureRequest, voice_engines: Engines, voice_folder: TestFolder
) -> AsyncIterator[AsyncVoice]:
    """The same for Playwright's asynchronous pages: ``async with async_voice.listen(page)``."""
    ledger: Ledger = request.node.stash.setdefault(LEDGER, Ledger())
    given = AsyncVoice(voice_engines, voice_folder.path, request.node.nodeid, ledger)
    yield given
    await given.end()
    if _failure(request.node) is not None and given.folders:
        await asyncio.to_thread(write_report, voice_folder.path, given.folders)


# --- inside ----------------------------------------------------------------------------------


def _failure(item: pytest.Item) -> str | None:
    return failure_text(item.stash.get(REPORTS, []))
