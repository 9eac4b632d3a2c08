"""The fixtures that listen to a test's own pages, from outside."""

from __future__ import annotations

import sys
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from harness.errors import UsageError
from harness.pytest_plugin.listening import Voice, prepare_launch
from tests.pytest_plugin.test_plugin import pytester, run  # noqa: F401 - a fixture

pytest_plugins = ["pytester"]

SILENT_PAGE = "data:text/html,<title>silent</title><button>Call</button>"


def test_what_a_suite_launches_with_stays_and_what_is_missing_comes_to_it() -> None:
    options: dict[str, Any] = {"args": ["--lang=de"], "headless": False}
    prepare_launch(options, [])
    assert options["headless"] is False
    assert "--lang=de" in options["args"]
    assert "--remote-debugging-port=0" in options["args"]
    assert Path(options["executable_path"]).exists()


def test_an_option_that_is_none_is_told_and_nobody_listened(tmp_path: Path) -> None:
    ledger: Any = SimpleNamespace(listened=False)
    voice = Voice(SimpleNamespace(callers=None), tmp_path, "a test", ledger)  # type: ignore[arg-type]
    page: Any = None
    options: dict[str, Any] = {"protocols": "rtvi"}
    with pytest.raises(UsageError, match="write `protocol`"), voice.listen(page, **options):
        pass
    assert not ledger.listened


def test_a_browser_of_the_suites_choice_is_kept() -> None:
    options: dict[str, Any] = {"channel": "msedge"}
    prepare_launch(options, ["chromium"])
    assert "executable_path" not in options
    named: dict[str, Any] = {"executable_path": "/opt/chrome"}
    prepare_launch(named, [])
    assert named["executable_path"] == "/opt/chrome"


def test_a_browser_without_a_virtual_microphone_is_refused() -> None:
    with pytest.raises(pytest.UsageError, match=r"--browser firefox.*Chromium, Chrome and Edge"):
        prepare_launch({}, ["chromium", "firefox"])


def test_what_the_assistant_says_ends_with_the_test(
    pytester: pytest.Pytester,  # noqa: F811
) -> None:
    """A test alone is answered as it is behind others that share its server."""
    pytester.makepyfile(
        """
        import pytest
        from openai import OpenAI
        from harness.errors import UsageError

        SCRIPT = {"rules": [{"say": "Moin."}]}

        def answer(server):
            client = OpenAI(base_url=f"{server.url}/v1", api_key=server.api_key)
            return client.responses.create(model="gpt-5.6", input="Hello.").output_text

        @pytest.mark.parametrize("says", [True, False])
        def test_it_speaks(voice, says):
            if says:
                voice.set_script(SCRIPT)
            assert (answer(voice.server) == "Moin.") == says
            with pytest.raises(UsageError), voice.listen(None):
                pass  # a test that has the fixture listens

        @pytest.mark.parametrize("says", [True, False])
        async def test_it_speaks_in_a_coroutine(async_voice, says):
            if says:
                await async_voice.set_script(SCRIPT)
            assert (answer(await async_voice.server()) == "Moin.") == says
            with pytest.raises(UsageError):
                async with async_voice.listen(None):
                    pass
        """
    )
    run(pytester).assert_outcomes(passed=4)


@pytest.mark.browser
def test_a_failure_in_the_block_leaves_trace_audio_and_report(
    pytester: pytest.Pytester,  # noqa: F811
) -> None:
    """Its attempt is told from others; what passed leaves nothing; what never listened is told."""
    pytester.makepyfile(
        f"""
        PAGE = {SILENT_PAGE!r}

        def test_it_calls(page, voice):
            page.goto(PAGE)
            with voice.listen(page) as call:
                page.get_by_role("button").click()
                call.connected(within_s=0.3)

        def test_it_is_silent(page, voice):
            page.goto(PAGE)
            with voice.listen(page) as call:
                assert call.answers == []
            assert page.title() == "silent"

        def test_it_forgets(page, voice):
            page.goto(PAGE)
        """
    )
    result = run(pytester)
    result.assert_outcomes(failed=2, passed=1)
    result.stdout.fnmatch_lines_random(
        ["*NoMicrophoneRequest*", "*asked for a call and never made one*voice*"]
    )
    (folder,) = (pytester.path / "test-results").glob("*it-calls*")
    kept = {path.relative_to(folder).as_posix() for path in folder.rglob("*.*")}
    assert {"call/trace.jsonl", "call/call.wav", "report.html"} <= kept
    assert "did not open the microphone" in (folder / "results.json").read_text(encoding="utf-8")
    assert not list((pytester.path / "test-results").glob("*it-is-silent*"))


@pytest.mark.browser
def test_asynchronous_pages_are_listened_to_by_coroutines(
    pytester: pytest.Pytester,  # noqa: F811
) -> None:
    pytester.makepyfile(
        f"""
        import harness

        async def test_it_is_silent(async_voice):
            async with harness.open_chromium() as chromium:
                page = await chromium.browser.new_page()
                await page.goto({SILENT_PAGE!r})
                async with async_voice.listen(page, name="silent") as call:
                    assert call.answers == []
                await async_voice.set_script({{"rules": [{{"say": "Hello."}}]}})
                assert (await async_voice.server()).page_url
        """
    )
    run(pytester).assert_outcomes(passed=1)


@pytest.mark.browser
def test_pages_of_playwrights_asynchronous_plugin_are_listened_to_beside_calls(
    pytester: pytest.Pytester,  # noqa: F811
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Set-up puts that plugin beside the others: pytest takes one of the two."""
    monkeypatch.setenv("PYTHONPATH", str(Path(sys.prefix, "beside")))
    pytester.makepyfile(
        f"""
        import pytest

        pytestmark = pytest.mark.asyncio(loop_scope="session")

        async def test_it_listens(page, async_voice):
            await page.goto({SILENT_PAGE!r})
            async with async_voice.listen(page, name="silent") as call:
                assert call.answers == []

        async def test_it_calls(page, voice_call):
            call = await voice_call()
            await page.goto({SILENT_PAGE!r})
            assert call.answers == []
        """
    )
    run(pytester, "-p", "no:playwright").assert_outcomes(passed=2)


def test_a_suite_without_an_ini_file_is_not_told_of_settings(
    pytester: pytest.Pytester,  # noqa: F811
) -> None:
    pytester.makepyfile("async def test_it(voice_call): ...")
    result = pytester.runpytest_subprocess("-p", "no:cacheprovider", "--collect-only")
    assert result.ret == 0
    assert "asyncio_default_fixture_loop_scope" not in result.stderr.str()


def test_a_suite_may_call_its_own_things_as_our_fixtures_are_called(
    pytester: pytest.Pytester,  # noqa: F811
) -> None:
    pytester.makepyfile(
        """
        import pytest

        @pytest.fixture
        def async_voice():
            return "a quartet"

        @pytest.mark.parametrize("voice", ["alto", "tenor"])
        def test_who_sings(voice, async_voice):
            assert voice in ("alto", "tenor")
            assert async_voice == "a quartet"
        """
    )
    run(pytester).assert_outcomes(passed=2)
