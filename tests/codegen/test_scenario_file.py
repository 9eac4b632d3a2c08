"""The scenario of a recorded session: clicks stand at their place between the sentences."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from harness import yaml12
from harness.codegen.acts import Act
from harness.codegen.page_call import PageCall
from harness.codegen.scenario_file import recorded_scenario
from harness.replay.listen import HeardCall
from harness.scenario.model import Scenario
from tests.support.heard_call import heard_call

USER, AGENT = [(11.0, 12.0), (16.0, 17.0)], [(12.8, 15.0), (17.9, 20.5)]
UP = PageCall(10.0)


def click(at_s: float, css: str = "#menu", held_s: float = 0.1) -> Act:
    return Act(at_s, "click", {"css": css}, held_s)


def written(call: HeardCall, *acts: Act, page_call: PageCall = UP) -> dict[str, Any]:
    files = [f"turn-{number}.flac" for number in range(1, len(call.said) + 1)]
    page = {"url": "http://h/$${x}"}
    text = recorded_scenario(call, "booking", page, files, acts, page_call)
    data: dict[str, Any] = yaml12.load(text)
    Scenario.model_validate({**data, "page": {**data["page"], "url": "http://h/"}})
    return data


def kinds(data: dict[str, Any]) -> list[str]:
    return [step if isinstance(step, str) else next(iter(step)) for step in data["steps"]]


def test_what_came_before_the_call_starts_it() -> None:
    data = written(
        heard_call(USER, AGENT), Act(3.0, "check", {"label": "Yes"}), click(9.0, "#call")
    )
    assert data["page"] == {
        "url": "http://h/$${x}",
        "start": [{"check": {"label": "Yes"}}, {"click": {"css": "#call"}}],
    }
    assert kinds(data) == ["silence", "say", "wait", "say", "wait", "hang_up"]
    assert data["steps"][1]["say"] == {"file": "turn-1.flac", "text": "Turn 1."}


def test_the_network_and_how_the_page_was_opened_stand_in_it() -> None:
    call, page = heard_call(USER, AGENT), {"url": "http://h/", "redirect": "openai"}
    acts = [click(9.0, "#call")]
    text = recorded_scenario(call, "booking", page, ["1.flac", "2.flac"], acts, UP, "3g")
    data = yaml12.load(text)
    assert data["page"] == {**page, "start": [{"click": {"css": "#call"}}]}
    assert data["network"] == "3g"
    assert list(data)[-1] == "steps"
    Scenario.model_validate(data)


def test_a_click_while_the_assistant_speaks_comes_before_the_wait() -> None:
    data = written(heard_call(USER, AGENT), click(14.0))
    assert kinds(data) == ["silence", "say", "click", "wait", "say", "wait", "hang_up"]


def test_a_click_between_answer_and_turn_keeps_both_pauses() -> None:
    data = written(heard_call(USER, AGENT), click(15.4))
    assert kinds(data) == ["silence", "say", "wait", "click", "silence", "say", "wait", "hang_up"]
    assert data["steps"][2]["wait"]["pause_s"] == 0.4
    assert data["steps"][4]["silence"] == 0.4  # 0.6 s without the quiet of the fixture


def test_a_button_that_was_down_while_a_turn_was_said_is_held() -> None:
    data = written(heard_call(USER, AGENT), click(12.3, "#talk", held_s=1.6))
    assert kinds(data) == ["silence", "hold", "wait", "say", "wait", "hang_up"]
    assert data["steps"][1]["hold"] == {
        "css": "#talk",
        "while": {"file": "turn-1.flac", "text": "Turn 1."},
    }


@pytest.mark.parametrize(("let_go_s", "held_s", "is_held"), [(11.7, 0.9, True), (11.3, 0.5, False)])
def test_most_of_a_turn_is_said_with_what_is_held(
    let_go_s: float, held_s: float, is_held: bool
) -> None:
    data = written(heard_call(USER, AGENT), click(let_go_s, "#talk", held_s=held_s))
    assert ("hold" in kinds(data)) is is_held


def test_a_key_that_was_down_is_held_and_one_that_meant_nothing_is_left_out() -> None:
    held, other = Act(17.4, "hold", {"key": "t"}, 1.8), Act(14.0, "hold", {"key": "x"}, 0.5)
    data = written(heard_call(USER, AGENT), other, held)
    assert kinds(data) == ["silence", "say", "wait", "hold", "wait", "hang_up"]


def test_a_key_that_was_held_before_the_call_is_pressed() -> None:
    data = written(heard_call(USER, AGENT), Act(3.0, "hold", {"key": "t"}, 1.8))
    assert data["page"]["start"] == [{"press": {"key": "t"}}]


def test_a_key_that_worked_a_button_is_its_click_alone() -> None:
    held = Act(3.0, "hold", {"key": "Space"}, 0.6)
    data = written(heard_call(USER, AGENT), held, click(3.01, "#call", held_s=0.0))
    assert data["page"]["start"] == [{"click": {"css": "#call"}}]


def test_the_click_that_ended_the_call_hangs_up() -> None:
    call = heard_call(USER, AGENT)
    data = written(call, click(22.0), click(23.0, "#end"), page_call=PageCall(10.0, 23.4))
    assert kinds(data) == ["silence", "say", "wait", "say", "wait", "silence", "click", "hang_up"]
    assert data["steps"][-1] == {"hang_up": {"click": {"css": "#end"}}}
    assert written(call, click(21.0), page_call=PageCall(10.0, 40.0))["steps"][-1] == "hang_up"


def test_a_page_that_never_answered_is_not_waited_for() -> None:
    data = written(heard_call(USER), click(14.0))
    assert kinds(data) == [
        "silence",
        "say",
        "silence",
        "click",
        "silence",
        "say",
        "silence",
        "hang_up",
    ]


def test_a_greeting_is_waited_for() -> None:
    data = written(heard_call(USER, [(10.2, 10.7), *AGENT], greeting="Hello."))
    assert kinds(data) == ["wait", "say", "wait", "say", "wait", "hang_up"]


def test_an_interruption_stays_one() -> None:
    data = written(heard_call([(11, 12), (15, 16.5)], [(13, 15.4), (17.5, 19)]), click(14.0))
    assert kinds(data) == ["silence", "say", "click", "interrupt", "wait", "hang_up"]


@given(st.lists(st.floats(0.0, 40.0), max_size=8))
def test_no_click_is_lost_wherever_it_was(times: list[float]) -> None:
    acts = [click(at_s, f"#b{number}") for number, at_s in enumerate(sorted(times))]
    data = written(heard_call(USER, AGENT), *acts)
    done = [*data["page"].get("start", []), *data["steps"]]
    clicks = [step["click"]["css"] for step in done if isinstance(step, dict) and "click" in step]
    assert clicks == [act.content["css"] for act in acts]
