"""The page about steps: its scenario is run, beside some that fail, each for its reason."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

import harness
from harness.client.server_api import set_script
from harness.report.results import ScenarioResult
from harness.scenario.locators import Locator
from harness.scenario.model import Defaults
from harness.scenario.page_expectations import PageExpectation
from harness.scenario.page_runner import RELEASE_AFTER_S
from harness.scenario.page_steps import PAGE_KINDS
from harness.scenario.run import run_scenarios
from harness.server.process.launch import RunningServer
from harness.trace import read_trace
from tests.support.counter_desk import desk_module, served

DOCS = Path(harness.__file__).parent / "docs"
PAGE = (DOCS / "page-steps.md").read_text(encoding="utf-8")
SCENARIOS = dict(re.findall(r"```yaml\n# (\w+)\.yaml\n(.*?)```", PAGE, re.DOTALL))
HEAD = SCENARIOS["counter"].partition("steps:\n")[0]


STUCK = """\
steps:
  - expect: {page: {visible: {role: button, name: Hang op}}, within_s: 0.3}
  - expect: {page: {visible: "#mood", text: {of: h1, is: Desk}, hidden: "#talk"}, within_s: 0.3}
  - expect: {page: {count: {of: .more, is: 3}, value: {of: .more, is: a}}, within_s: 0.3}
  - hang_up: {click: "#end", within_s: 1}
  - expect: {page: {url: "**/menu"}}
"""
LEFT = """\
steps:
  - hang_up: {click: {role: link, name: Leave}}
  - click: {role: button, name: Pay, within_s: 0.5}
"""


@pytest.mark.browser
@pytest.mark.realtime
async def test_the_scenario_of_the_page_runs_and_others_fail_by_name(
    tmp_path: Path, shared_server: RunningServer, unused_tcp_port: int
) -> None:
    desk = desk_module()
    await set_script(shared_server, desk.SCRIPT)
    app = desk.create_app(shared_server.url, shared_server.api_key)
    wrong = HEAD.replace("window-seat", "corner-seat") + "defaults: {page_s: 1}\n"
    scenarios = {
        "counter": SCENARIOS["counter"],
        "stuck": HEAD.replace("3000/", "3000/#stuck") + STUCK,
        "left": HEAD + LEFT,
        "wrong": wrong + "steps: [hang_up]\n",
    }
    (tmp_path / "voucher.txt").write_text("half a soup", encoding="utf-8")
    paths = []
    for name, text in scenarios.items():
        paths.append(tmp_path / f"{name}.yaml")
        named = text.replace("name: counter", f"name: {name}")
        paths[-1].write_text(named.replace(":3000", f":{unused_tcp_port}"), encoding="utf-8")
    out = tmp_path / "out"
    async with served(app, unused_tcp_port):
        results = await run_scenarios(paths, out=out)
    counter, stuck, left, wrong_login = results.scenarios
    assert app[desk.LOGINS] == ["kim"], "once, for three scenarios"
    all_went_well(counter, out)
    each_failed_by_name(stuck)
    [ended, disabled] = left.expectations
    assert (ended.kind, ended.verdict) == ("hang_up", "passed"), ended.evidence
    assert (left.verdict, disabled.kind, disabled.verdict) == ("failed", "click", "failed")
    assert str(disabled.evidence).endswith("it is disabled")
    assert wrong_login.verdict == "error"
    assert wrong_login.error is not None
    assert "The login failed in its step 4 (wait_for)" in wrong_login.error.message
    assert "heading “Sign in”" in wrong_login.error.message
    assert "login-failed.png" in wrong_login.error.message
    assert "login-failed.png" in wrong_login.artifacts
    secrets = (desk.PASSWORD, "corner-seat", 'name": "desk"')
    for path in out.rglob("*.*"):
        if path.suffix != ".wav":
            assert not [one for one in secrets if one.encode() in path.read_bytes()], path


def all_went_well(result: ScenarioResult, out: Path) -> None:
    told = [(one.kind, one.text, one.evidence) for one in result.expectations]
    assert result.verdict == "passed", (result.error, told)
    assert [one.step for one in result.expectations if one.kind.startswith("page_")] == [
        *(1, 9, 9, 9, 9, 9, 12, 14, 18)
    ]
    [ended] = [one for one in result.expectations if one.kind == "hang_up"]
    assert ended.text == "the button “Hang up” ends the call"
    assert (out / result.artifacts["booked.png"]).read_bytes().startswith(b"\x89PNG")
    facts = read_trace(out / "counter" / "trace.jsonl").events
    acted = [event.data for event in facts if event.type == "page.acted"]
    assert [data["kind"] for data in acted] == [
        *("check", "click", "hold", "release", "fill", "select", "check", "upload"),
        *("click", "click", "wait_for", "click", "evaluate", "screenshot", "click"),
    ]
    [evaluated] = [data for data in acted if data["kind"] == "evaluate"]
    assert evaluated["result"] == {"state": "The desk answers"}
    [pressed, released] = [
        event.t_s or 0.0
        for event in facts
        if event.type == "page.acted" and event.data["kind"] in ("hold", "release")
    ]
    [said] = [event.data for event in facts if event.type == "microphone.clip"]
    # Acts are placed by Python's clock, clips by the page's audio: tied as well as the report says.
    tied_s = result.time_line.uncertainty_s
    assert tied_s is not None
    assert pressed - tied_s < said["start_s"]
    assert said["end_s"] < released + tied_s


def each_failed_by_name(result: ScenarioResult) -> None:
    found = {one.text: (one.verdict, one.evidence) for one in result.expectations}
    assert result.verdict == "failed", (result.error, found)
    for text, evidence in {
        "the button “Hang op” is visible": "the page has button “Hang up”",
        "“#mood” is visible": "it is there, and not visible",
        "the text of “h1” is “Desk”": "“Counter desk”",
        "“#talk” is hidden": "visible: “Hold to talk”",
        "“.more” is there 3 times": "there are 2",
        "the value of “.more” is “a”": "2 elements match: “More”, “More” (`nth` chooses one)",
        "“#end” ends the call": "exception: the line is stuck; 1 s after the click its peer "
        "connection is still connected and it still has the microphone",
        "the page's address is “**/menu”": "the conversation had ended before",
    }.items():
        verdict, told = found[text]
        assert verdict == ("skipped" if "ended before" in evidence else "failed")
        assert evidence in str(told)


def test_the_page_names_every_step_expectation_and_way() -> None:
    names = [*PAGE_KINDS, "hold", "hang_up", *PageExpectation.model_fields, *Locator.model_fields]
    assert not [name for name in names if f"`{name}" not in PAGE]
    assert f"page_s: {Defaults().page_s:g}" in PAGE
    assert f"let go {RELEASE_AFTER_S:g} s after" in PAGE
