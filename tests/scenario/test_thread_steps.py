"""Steps in the thread of a call's context: how they are written, and a whole conversation."""

from __future__ import annotations

from pathlib import Path

import pytest

from harness.errors import ScenarioError
from harness.scenario.load import load_scenario
from harness.scenario.model import Step
from harness.scenario.page_steps import Press
from harness.scenario.run import run_scenarios
from harness.scenario.step_text import step_text
from harness.scenario.thread_steps import WidgetPress
from harness.trace import read_trace
from tests.support.contexts import write_context

TALK = """\
name: talk
context: shop.yaml
assistant:
  rules:
    - when: {words: [menu]}
      say: Here is the menu.
      widget:
        type: Card
        children:
          - {type: Text, value: Soup of the day}
          - {type: Input, name: spoons}
          - {type: Button, label: Order, onClickAction: {type: order, payload: {dish: soup}}}
    - when: {action: order, result: soup}
      say: One soup, with pleasure.
    - when: {pattern: "voucher.txt"}
      say: Thank you for the voucher.
steps:
  - type: The menu, please.
  - expect: {words: [menu]}
  - expect: {thread: {widget: soup of the day, by: assistant}}
  - press: {widget: order, values: {spoons: 2}}
  - expect: {words: [pleasure]}
  - attach: voucher.txt
  - type: Here you are.
  - expect: {words: [voucher]}
  - expect: {thread: {attachment: "*.txt", words: [here], by: user}}
  - attach: {file: voucher.txt, alone: true}
  - expect: {words: [voucher]}
  - expect: {thread: {attachment: voucher.txt, count: 2}}
"""


def test_a_key_and_a_widget_are_told_apart() -> None:
    key, more = Step.model_validate({"press": "Enter"}), {"key": "Enter", "label": "Name"}
    widget = Step.model_validate({"press": {"widget": "Confirm"}})
    assert key.press == "Enter"
    assert isinstance(Step.model_validate({"press": more}).press, Press)
    assert isinstance(widget.press, WidgetPress)
    assert (key.needs_page, widget.needs_page) == (True, False)
    assert step_text(widget, None) == "“Confirm” in a widget"
    assert step_text(Step.model_validate({"attach": {"file": "a.pdf"}}), None) == "a.pdf"


@pytest.mark.parametrize(
    ("step", "said"),
    [
        ("press: {widget: Order, value: {}}", "did you mean “values”?"),
        ("attach: {fil: a.pdf}", "did you mean “file”?"),
        ("attach: {file: a.pdf, mime_type: pdf}", "mime_type"),
        ("attach: ''", "at least 1 character"),
    ],
)
def test_mistakes_are_told(tmp_path: Path, step: str, said: str) -> None:
    path = tmp_path / "talk.yaml"
    path.write_text(f"name: talk\nsteps:\n  - {step}\n", encoding="utf-8")
    with pytest.raises(ScenarioError) as caught:
        load_scenario(path)
    assert said in str(caught.value)


def test_there_is_no_widget_before_the_call(tmp_path: Path) -> None:
    path = tmp_path / "talk.yaml"
    page = "page: {url: 'http://h/', start: [{press: {widget: Order}}]}"
    path.write_text(f"name: talk\n{page}\nsteps: [{{type: Hi.}}]\n", encoding="utf-8")
    with pytest.raises(ScenarioError, match="there is no thread with a widget to press"):
        load_scenario(path)


async def test_a_conversation_with_a_widget_and_a_file(tmp_path: Path) -> None:
    write_context(tmp_path, "name: shop\nwidgets: true\n")
    (tmp_path / "voucher.txt").write_text("Ten euros.", encoding="utf-8")
    (tmp_path / "talk.yaml").write_text(TALK, encoding="utf-8")
    out = tmp_path / "out"
    results = await run_scenarios([tmp_path / "talk.yaml"], out=out, engine="simulated")
    (result,) = results.scenarios
    assert result.verdict == "passed", result
    trace = read_trace(next(out.rglob("trace.jsonl")))
    kept = [(event.data["kind"], event.data["text"]) for event in trace.of_type("thread.item")]
    assert ("widget", "Soup of the day Order") in kept
    (note,) = [text for kind, text in kept if kind == "hidden_context_item"]
    assert "'order'" in note
    assert '{"dish": "soup", "spoons": 2}' in note
    assert kept[-2] == ("user_message", "[voucher.txt]")


async def test_what_cannot_be_pressed_fails_with_what_there_is(tmp_path: Path) -> None:
    write_context(tmp_path, "name: shop\nwidgets: true\n")
    text = TALK.partition("  - press")[0] + "  - press: {widget: Pay, within_s: 1}\n"
    (tmp_path / "talk.yaml").write_text(text, encoding="utf-8")
    results = await run_scenarios(
        [tmp_path / "talk.yaml"], out=tmp_path / "out", engine="simulated"
    )
    (result,) = results.scenarios
    assert result.verdict == "failed"
    trace = read_trace(next((tmp_path / "out").rglob("trace.jsonl")))
    failed = [e.data for e in trace.of_type("expectation") if e.data["verdict"] == "failed"]
    assert [(one["kind"], one["evidence"]) for one in failed] == [
        ("press", "its newest widget has “Order” to press")
    ]
