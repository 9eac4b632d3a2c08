"""``harness inspect``: what it refuses, and the list at its end."""

from __future__ import annotations

import asyncio
import sys
from pathlib import Path
from typing import Any

import pytest

from harness.bench.processes import child_environment
from harness.browser.launch import Chromium
from harness.call.opening import CallOptions
from harness.cli.inspect import InspectWish, check, keep_scenario, show
from harness.errors import UsageError
from harness.facts.browser import PageException
from harness.inspection.recorded_scenario import Act
from harness.inspection.session import InspectOptions
from harness.network.redirect_rules import read_redirect
from harness.network.wish import read_wish
from harness.resources import fixtures_dir
from harness.scenario.load import load_scenario
from harness.scenario.page_rules import as_redirect
from harness.trace import read_trace
from tests.support.healthy_call import HEALTHY, events_of, said

WRONG = events_of([*HEALTHY, (1.0, PageException("TypeError: x is not a function"))])


def wish(tmp_path: Path, url: str = "http://127.0.0.1/") -> InspectWish:
    return InspectWish(InspectOptions(url, tmp_path))


def test_findings_are_listed_and_give_the_exit_code(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert show(wish(tmp_path), WRONG) == 1
    out, err = capsys.readouterr()
    assert "script_error at 1.00 s" in out
    assert "  do: " in out
    assert str(tmp_path) in err


def test_a_healthy_call_is_no_mistake(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert show(wish(tmp_path), events_of(HEALTHY)) == 0
    assert capsys.readouterr().out == "Nothing is wrong, as far as this call showed.\n"


@pytest.mark.parametrize("url", ["127.0.0.1:3000", "page.html", "javascript:alert(1)"])
def test_what_is_no_address_is_refused(tmp_path: Path, url: str) -> None:
    with pytest.raises(UsageError, match="no address"):
        check(wish(tmp_path, url))


def test_a_password_in_what_is_no_address_is_not_told(tmp_path: Path) -> None:
    with pytest.raises(UsageError) as raised:
        check(wish(tmp_path, "ftp://kim:my-own-secret@127.0.0.1/"))
    assert "my-own-secret" not in str(raised.value)


def test_a_browser_that_runs_already_cannot_be_shown(tmp_path: Path) -> None:
    call = CallOptions(headless=False)
    options = InspectOptions("http://a/", tmp_path, call, attach=9222)
    with pytest.raises(UsageError, match="shown, or it is not"):
        check(InspectWish(options))


@pytest.mark.parametrize(
    ("more", "told"),
    [({"attach": 9222}, "--attach or --microphone own"), ({}, "harness record http://a/ does it")],
)
def test_who_speaks_themselves_has_a_browser_for_it_and_harness_record(
    tmp_path: Path, more: dict[str, Any], told: str
) -> None:
    options = InspectOptions("http://a/", tmp_path, microphone="own", **more)
    with pytest.raises(UsageError) as caught:
        check(InspectWish(options, tmp_path / "new.yaml"))
    assert told in str(caught.value)
    check(InspectWish(InspectOptions("http://a/", tmp_path, microphone="own")))


def test_a_scenario_is_never_written_over(tmp_path: Path) -> None:
    path = tmp_path / "mine.yaml"
    path.write_text("mine", encoding="utf-8")
    with pytest.raises(UsageError, match="there already"):
        check(InspectWish(InspectOptions("http://a/", tmp_path), path))


def test_the_scenario_is_kept_without_keys(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "new" / "mine.yaml"
    keep_scenario(path, events_of(HEALTHY), [], InspectOptions("http://a/", tmp_path))
    assert "Nothing was said" in capsys.readouterr().err
    events = events_of([*HEALTHY, said(1.0, 2.0)])
    url = "http://kim:window-seat@a/?key=sk-abcdefghijklmnop&room=5"
    keep_scenario(path, events, [], InspectOptions(url, tmp_path))
    text = path.read_text(encoding="utf-8")
    assert "say: Hello there." in text
    assert "url: http://${MINE_USER}:${MINE_PASSWORD}@a/?key=${MINE_KEY}&room=5\n" in text
    told = capsys.readouterr().err
    assert "set before it runs: MINE_KEY, MINE_PASSWORD, MINE_USER" in told
    for secret in ("abcdefghijklmnop", "window-seat"):
        assert secret not in text + told


def test_the_scenario_runs_as_the_page_was_inspected(tmp_path: Path) -> None:
    path = tmp_path / "mine.yaml"
    call = CallOptions(
        start=[{"click": "text=Call ${me}"}],
        requests=True,
        context={"ignore_https_errors": True},
        redirect=["openai", "https://voice.example.com/v1/"],
        protocol="realtime",
        agent="connection-1",
        network="3g",
    )
    acts = [Act(0.1, {"click": "#agree"}), Act(4.0, {"click": "#mute"})]
    options = InspectOptions("http://a/", tmp_path, call)
    keep_scenario(path, events_of([*HEALTHY, said(1.0, 2.0)]), acts, options)
    scenario = load_scenario(path).scenario
    assert [step.click for step in scenario.page.start] == ["text=Call ${me}", "#agree"]
    assert scenario.page.requests
    assert scenario.page.ignore_https_errors
    assert scenario.page.protocol == "realtime"
    assert scenario.page.agent == "connection-1"
    assert scenario.network == read_wish("3g")
    assert isinstance(scenario.page.redirect, list)
    rules = read_redirect(as_redirect(scenario.page.redirect))
    assert [rule.host for rule in rules.rules] == ["api.openai.com", "voice.example.com"]


@pytest.mark.parametrize("service", ["openai", "https://voice.example.com/v1/"])
def test_one_redirect_is_written_as_it_was_given(tmp_path: Path, service: str) -> None:
    path = tmp_path / "mine.yaml"
    options = InspectOptions("http://a/", tmp_path, CallOptions(redirect=[service]))
    keep_scenario(path, events_of([*HEALTHY, said(1.0, 2.0)]), [], options)
    assert load_scenario(path).scenario.page.redirect == service


async def line_with(stream: asyncio.StreamReader, word: str) -> str:
    """The next line that has a word in it."""
    while line := (await stream.readline()).decode():
        if word in line:
            return line
    raise AssertionError(f"no line with {word}")


@pytest.mark.browser
async def test_it_is_clicked_through_in_a_web_page(
    tmp_path: Path, shared_chromium: Chromium
) -> None:
    shared = (fixtures_dir() / "pages" / "shared.js").read_text(encoding="utf-8")
    call = "document.querySelector('#call').onclick = async () => loop(await microphone());"
    under_test = tmp_path / "page.html"
    under_test.write_text(
        f"<title>&lt;b&gt;</title><button id=call>Call</button><script>{shared}\n{call}</script>",
        encoding="utf-8",
    )
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "harness", "inspect", under_test.as_uri(), "--ui", "--pcap"),
        *("--out", str(tmp_path / "out")),
        stdin=asyncio.subprocess.DEVNULL,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
        env=child_environment(),
    )
    assert process.stdout is not None
    assert process.stderr is not None
    context = await shared_chromium.browser.new_context()
    try:
        async with asyncio.timeout(90):
            address = (await line_with(process.stderr, "http://127.0.0.1")).split()[-1]
            page = await context.new_page()
            problems: list[str] = []
            page.on("console", lambda one: problems.append(one.text))
            page.on("pageerror", lambda error: problems.append(str(error)))
            await page.goto(address)
            await page.close()  # closing it ends nothing
            page = await context.new_page()
            await page.goto(address)
            await page.get_by_role("textbox", name="Click on the page").fill("#call")
            await page.get_by_role("button", name="Click", exact=True).click()
            await page.get_by_text("microphone open").wait_for()
            await page.get_by_role("button", name="Mute").click()
            await page.get_by_role("button", name="Muted", pressed=True).wait_for()
            await page.get_by_role("textbox", name="Any command").fill("sya hello")
            await page.keyboard.press("Enter")
            await page.get_by_role("log").get_by_text("did you mean say?").wait_for()
            await page.get_by_role("button", name="End inspection").click()
            async with context.expect_page() as opening:
                await page.get_by_role("link", name="Open the report").click()
            report = await opening.value
            await report.get_by_role("heading", name="inspect").first.wait_for()
            assert await report.evaluate("window.origin") == "null"
            assert problems == []
            await report.close()
            await page.close()
            await process.communicate()
    finally:
        await context.close()
        if process.returncode is None:
            process.kill()
            await process.communicate()
    assert process.returncode in (0, 1), "what was found says which"
    assert (tmp_path / "out" / "report.html").is_file()
    assert read_trace(tmp_path / "out" / "trace.jsonl").of_type("call.closed")
    assert (tmp_path / "out" / "call.pcap").stat().st_size >= 24
