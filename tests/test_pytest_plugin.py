"""The plugin from outside: a small test file, pytest on it, and a look at the outcome."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from harness.pytest_plugin import find_channel

pytest_plugins = ["pytester"]

README = Path(__file__).parents[1] / "README.md"
EXAMPLE = re.compile(r"<!-- example: (\S+) -->\n```\w+\n(.*?)```", re.DOTALL)

PLAIN = ("-p", "no:cacheprovider", "-W", "ignore")
"""Options of every inner run: no cache, and no warnings of other people's plugins."""


@pytest.fixture
def pytester(
    pytester: pytest.Pytester,
    monkeypatch: pytest.MonkeyPatch,
    tmp_path_factory: pytest.TempPathFactory,
) -> pytest.Pytester:
    """A folder of a user: none of our own settings, the plugins as they are installed."""
    monkeypatch.delenv("PYTEST_ADDOPTS", raising=False)
    monkeypatch.delenv("PYTEST_PLUGINS", raising=False)
    monkeypatch.setenv("HARNESS_CACHE", str(tmp_path_factory.getbasetemp() / "speech-cache"))
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
    assert set(examples) == {"first.yaml", "test_first_call.py"}
    for name, text in examples.items():
        (pytester.path / name).write_text(text, encoding="utf-8")
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
        test_table="""
        async def test_two(voice_call):
            one, two = await voice_call(), await voice_call()
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
        "call/screenshot.png",
        "call/trace.jsonl",
        "junit.xml",
        "report.html",
        "results.json",
    }
    assert "nobody is there yet" in (folder / "results.json").read_text(encoding="utf-8")


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

        async def test_two(run_scenario):
            loops.add(asyncio.get_running_loop())
            assert len(loops) == 1
        """
    )
    run(pytester).assert_outcomes(passed=2)


def test_the_plugin_works_without_pytest_playwright(pytester: pytest.Pytester) -> None:
    pytester.makepyfile("async def test_one(run_scenario): ...")
    run(pytester, "-p", "no:playwright").assert_outcomes(passed=1)


def test_a_browser_that_is_not_there_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", "")
    with pytest.raises(pytest.UsageError, match="--browser-channel msedge"):
        find_channel("msedge")


def test_a_channel_is_found_by_its_names(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    program = tmp_path / "google-chrome-stable"
    program.touch(mode=0o755)
    monkeypatch.setenv("PATH", str(tmp_path))
    assert find_channel("chrome") == str(program)
