"""The plugin from outside: a small test file, pytest on it, and a look at the outcome."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

pytest_plugins = ["pytester"]

README = Path(__file__).parents[2] / "README.md"
EXAMPLE = re.compile(r"<!-- example: (\S+) -->\n```\w+\n(.*?)```", re.DOTALL)

PLAIN = ("-p", "no:cacheprovider", "-W", "ignore")
"""Options of every inner run: no cache, and no warnings of other people's plugins."""


@pytest.fixture
def pytester(
    pytester: pytest.Pytester,
    monkeypatch: pytest.MonkeyPatch,
    fresh_speech: None,
) -> pytest.Pytester:
    """A folder of a user: none of our own settings, the plugins as they are installed."""
    monkeypatch.delenv("PYTEST_ADDOPTS", raising=False)
    monkeypatch.delenv("PYTEST_PLUGINS", raising=False)
    return pytester


def run(pytester: pytest.Pytester, *arguments: str) -> pytest.RunResult:
    return pytester.runpytest_subprocess(*PLAIN, *arguments, timeout=180)


def collected(pytester: pytest.Pytester) -> list[str]:
    """The names of the tests in their order; nothing is run, so no process of its own is needed."""
    result = pytester.runpytest_inprocess(*PLAIN, "--collect-only", "-q")
    return [line.split("::")[1] for line in result.outlines if "::" in line]


@pytest.mark.realtime
@pytest.mark.browser
def test_the_examples_of_the_readme_work_as_they_are_printed(pytester: pytest.Pytester) -> None:
    examples = dict(EXAMPLE.findall(README.read_text(encoding="utf-8")))
    for name in ("first.yaml", "test_first_call.py"):
        (pytester.path / name).write_text(examples[name], encoding="utf-8")
    run(pytester).assert_outcomes(passed=2)
    assert not (pytester.path / "test-results").exists()


@pytest.mark.browser
def test_a_failed_test_leaves_trace_audio_and_report(pytester: pytest.Pytester) -> None:
    """And the one that passed beside it, with two calls in one browser, leaves nothing."""
    pytester.makepyfile(
        test_booking="""
        async def test_it_rings(voice_call):
            call = await voice_call()
            assert call.answers == ["nobody is there yet"]
        """,
        conftest="""
        import pytest

        @pytest.fixture(scope="session")
        def browser_context_args(browser_context_args, playwright):
            agent = playwright.devices["Pixel 7"]["user_agent"]
            return {**browser_context_args, "user_agent": agent}

        @pytest.fixture(scope="session")
        def browser_type_launch_args(browser_type_launch_args):
            return {**browser_type_launch_args, "args": ["--a-flag-of-the-suite"]}
        """,
        test_table="""
        import pytest

        SETTINGS = "[navigator.language, navigator.userAgent.includes('Pixel 7')]"

        @pytest.mark.browser_context_args(locale="de-DE")
        async def test_two(voice_call):
            one, two = await voice_call(), await voice_call()
            assert await one.page.page.evaluate(SETTINGS) == ["de-DE", True]
            root = await one.page.page.context.browser.new_browser_cdp_session()
            command_line = (await root.send("SystemInfo.getInfo"))["commandLine"]
            assert "--a-flag-of-the-suite" in command_line
            assert one.page.page.context is not two.page.page.context
            assert one.page.page.context.browser is two.page.page.context.browser
        """,
    )
    result = run(pytester, "--screenshot", "only-on-failure", "--tracing", "retain-on-failure")
    result.assert_outcomes(failed=1, passed=1)
    folder = pytester.path / "test-results" / "test-booking-py-test-it-rings"
    assert list(folder.parent.iterdir()) == [folder]
    result.stdout.fnmatch_lines([f"trace, audio and report: {folder}"])
    assert {path.relative_to(folder).as_posix() for path in folder.rglob("*.*")} == {
        "call/call.wav",
        "call/playwright-trace.zip",
        "call/received.wav",
        "call/screenshot.png",
        "call/trace.jsonl",
        "junit.xml",
        "report.html",
        "results.json",
    }
    assert "nobody is there yet" in (folder / "results.json").read_text(encoding="utf-8")
    page = (folder / "report.html").read_text(encoding="utf-8")
    assert 'data-lane="Playwright"' in page, "what the test did on its page"
    assert "playwright show-trace call/playwright-trace.zip" in page


@pytest.mark.realtime
@pytest.mark.browser
def test_a_redirected_call_is_recorded_like_any_other(pytester: pytest.Pytester) -> None:
    """It has a Chromium of its own, and what was asked for is asked of that."""
    (pytester.path / "page.html").write_text(REDIRECTED_PAGE, encoding="utf-8")
    pytester.makepyfile(
        """
        import functools, http.server, threading

        async def test_it_rings(voice_call):
            handler = functools.partial(http.server.SimpleHTTPRequestHandler, directory=".")
            served = http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler)
            threading.Thread(target=served.serve_forever, daemon=True).start()
            url = f"http://127.0.0.1:{served.server_port}/page.html"
            script = {"rules": [{"say": "A table for two is ready."}]}
            call = await voice_call(url, redirect="openai", assistant=script)
            await call.say("booking-table-for-two")
            assert (await call.answer(within_s=20)).transcript == "somebody else's words"
        """
    )
    result = run(pytester, "--screenshot", "on", "--tracing", "on")
    result.assert_outcomes(failed=1)
    (folder,) = (pytester.path / "test-results").iterdir()
    assert (folder / "call" / "screenshot.png").stat().st_size > 0
    assert (folder / "call" / "playwright-trace.zip").stat().st_size > 0
    result.stdout.fnmatch_lines(["*A table for two is ready.*"])
    assert '"page.redirected"' in (folder / "call" / "trace.jsonl").read_text(encoding="utf-8")


REDIRECTED_PAGE = """<!doctype html><meta charset="utf-8"><title>t</title><script type="module">
const peer = new RTCPeerConnection();
const microphone = await navigator.mediaDevices.getUserMedia({ audio: true });
peer.addTrack(microphone.getTracks()[0]);
peer.createDataChannel("oai-events");
await peer.setLocalDescription(await peer.createOffer());
const answer = await fetch("https://api.openai.com/v1/realtime/calls", {
  method: "POST",
  body: peer.localDescription.sdp,
  headers: { Authorization: "Bearer ek_of_the_page_123", "Content-Type": "application/sdp" },
});
await peer.setRemoteDescription({ type: "answer", sdp: await answer.text() });
</script>"""


def test_a_failed_scenario_fails_the_test_with_its_evidence(pytester: pytest.Pytester) -> None:
    (pytester.path / "wrong.yaml").write_text(
        "name: wrong\nsteps:\n  - say: goforward\n  - expect: {words: [elephant]}\n"
    )
    pytester.makepyfile(
        """
        async def test_scenario(run_scenario):
            await run_scenario("wrong.yaml", engine="simulated")
        """
    )
    result = run(pytester, "--output", "kept")
    result.assert_outcomes(failed=1)
    result.stdout.fnmatch_lines(
        ["*wrong, step 2: expected the answer says “elephant”", "*found: *"]
    )
    assert list((pytester.path / "kept").glob("*/report.html"))


def test_a_scenario_can_run_without_a_browser(pytester: pytest.Pytester) -> None:
    pytester.makepyfile(
        """
        async def test_scenario(run_scenario):
            results = await run_scenario("greeting", engine="simulated")
            assert results.scenarios[0].engine == "simulated"
        """
    )
    run(pytester, "--base-url", "http://127.0.0.1:9/", "--headed").assert_outcomes(passed=1)


def test_a_plain_test_runs_its_scenario_to_the_end(pytester: pytest.Pytester) -> None:
    """Also beside Playwright's synchronous API, which holds the main thread's loop."""
    (pytester.path / "wrong.yaml").write_text(
        "name: wrong\nsteps:\n  - say: goforward\n  - expect: {words: [elephant]}\n"
    )
    pytester.makepyfile(
        """
        import asyncio

        def test_right(run_scenario):
            results = run_scenario("greeting", engine="simulated")
            assert results.verdict == "passed" and results.scenarios[0].turns

        def test_wrong(run_scenario):
            run_scenario("wrong.yaml", engine="simulated")

        def test_own_loop(run_scenario):
            async def main():
                return await run_scenario("greeting", engine="simulated")
            assert asyncio.run(main()).verdict == "passed"
        """
    )
    result = run(pytester)
    result.assert_outcomes(passed=2, failed=1)
    result.stdout.fnmatch_lines(["*wrong, step 2: expected the answer says “elephant”"])


def test_nothing_is_green_that_did_not_run(pytester: pytest.Pytester) -> None:
    pytester.makepyfile(
        """
        import asyncio

        async def test_forgotten(run_scenario):
            run_scenario("greeting", engine="simulated")

        async def test_forgotten_call(voice_call):
            voice_call()

        async def test_left_running(run_scenario):
            asyncio.create_task(run_scenario("greeting", engine="simulated"))
            await asyncio.sleep(0)

        def test_plain(voice_call):
            voice_call()

        async def test_unused(voice_call): ...

        def test_unused_scenario(run_scenario): ...
        """
    )
    result = run(pytester)
    result.assert_outcomes(failed=6)
    for line in (
        "run_scenario('greeting') was begun and never awaited: nothing was run, so nothing was *",
        "Write: await run_scenario('greeting')",
        "voice_call() was begun and never awaited: nothing was run, so nothing was tested.",
        "Write: call = await voice_call()",
        "run_scenario('greeting') was begun, and the test was over before it ended: *",
        "voice_call() needs a test that can await; a plain def cannot.",
        "Write: async def test_plain(voice_call):",
        "The test asked for a call and never made one: it has the fixture voice_call, *",
        "The test asked for a scenario and never ran one: it has the fixture run_scenario, *",
    ):
        result.stdout.fnmatch_lines([line])
    assert "never awaited\n  " not in result.stderr.str(), "Python's own warning says it again"


def test_a_test_that_is_skipped_or_failed_already_is_not_told_more(
    pytester: pytest.Pytester,
) -> None:
    pytester.makepyfile(
        """
        import pytest

        @pytest.mark.skip
        async def test_marked(voice_call): ...

        async def test_skipped(run_scenario):
            pytest.skip("not today")

        async def test_xfailed(run_scenario):
            pytest.xfail("known")

        async def test_failed(run_scenario):
            assert 1 == 2
        """
    )
    result = run(pytester)
    result.assert_outcomes(skipped=2, xfailed=1, failed=1)
    assert "never ran one" not in result.stdout.str()


def test_a_fixture_of_the_users_own_may_make_the_call(pytester: pytest.Pytester) -> None:
    """Scenarios together, each in a folder of its own; what a fixture may run is not missed."""
    pytester.makepyfile(
        """
        import asyncio
        import pytest

        @pytest.fixture
        def checked(run_scenario):
            async def check():
                one, two = await asyncio.gather(
                    run_scenario("greeting", engine="simulated"),
                    asyncio.create_task(run_scenario("greeting", engine="simulated")),
                )
                return one.verdict == two.verdict == "passed"
            return check

        async def test_two(checked):
            assert await checked()

        async def test_none(checked): ...
        """
    )
    run(pytester).assert_outcomes(passed=2)


def test_voice_tests_run_before_playwrights_synchronous_ones(pytester: pytest.Pytester) -> None:
    """Its synchronous API holds the event loop until the session's end."""
    pytester.makepyfile(
        """
        def test_a_page(page): ...
        def test_b_plain(): ...
        async def test_c_call(voice_call): ...
        """
    )
    assert collected(pytester) == ["test_b_plain", "test_c_call", "test_a_page[chromium]"]


def test_without_voice_tests_the_order_is_nobodys_business(pytester: pytest.Pytester) -> None:
    pytester.makepyfile("def test_a_page(page): ...\ndef test_b_plain(): ...")
    assert collected(pytester) == ["test_a_page[chromium]", "test_b_plain"]


def test_a_voice_test_needs_no_setting_of_pytest_asyncio(pytester: pytest.Pytester) -> None:
    """Strict mode, no configuration: it is marked for the session's loop by its fixtures."""
    pytester.makepyfile(
        """
        import asyncio
        loops = set()

        async def test_one(run_scenario):
            loops.add(asyncio.get_running_loop())
            await run_scenario("greeting", engine="simulated")

        async def test_two(run_scenario):
            loops.add(asyncio.get_running_loop())
            assert len(loops) == 1
            await run_scenario("greeting", engine="simulated")
        """
    )
    run(pytester).assert_outcomes(passed=2)


def test_a_test_that_is_anyio_s_runs_in_the_loop_of_the_fixtures(
    pytester: pytest.Pytester,
) -> None:
    """Each of AnyIO's own backends would have a loop of its own; asyncio is the one there is."""
    pytester.makepyfile(
        """
        import pytest

        @pytest.mark.anyio
        async def test_one(realtime_server, run_scenario):
            assert realtime_server.url
            await run_scenario("greeting", engine="simulated")

        @pytest.mark.anyio
        @pytest.mark.parametrize("anyio_backend", ["trio"])
        async def test_elsewhere(run_scenario): ...
        """
    )
    run(pytester).assert_outcomes(passed=1, skipped=1)


def test_processes_of_one_run_have_a_server_each(pytester: pytest.Pytester) -> None:
    """As with a browser: what is shared for the session is shared in one process."""
    pytester.makepyfile(
        """
        from pathlib import Path

        async def test_one(realtime_server, worker_id):
            Path(worker_id).write_text(realtime_server.url, encoding="utf-8")
        """
    )
    run(pytester, "-n", "2", "--dist", "each").assert_outcomes(passed=2)
    first, second = ((pytester.path / name).read_text("utf-8") for name in ("gw0", "gw1"))
    assert first != second


def test_the_plugin_works_without_pytest_playwright(pytester: pytest.Pytester) -> None:
    pytester.makepyfile(
        """
        async def test_one(run_scenario):
            await run_scenario("greeting", engine="simulated")
        """
    )
    run(pytester, "-p", "no:playwright").assert_outcomes(passed=1)
