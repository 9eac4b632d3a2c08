"""What was said to a page, as a scenario that says it again."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from harness.audio.fixtures import find_fixture
from harness.errors import UsageError
from harness.facts.call import VoiceStarted, VoiceStopped
from harness.inspection.recorded_scenario import Act, scenario_text
from harness.scenario.load import load_scenario
from tests.support.healthy_call import HEALTHY, At, events_of, said

URL = "http://127.0.0.1:3000/voice"


def voice(start_s: float, end_s: float) -> list[At]:
    return [(start_s, VoiceStarted("answer-0")), (end_s, VoiceStopped())]


def recorded(home: Path, *facts: At, acts: list[Act] | None = None) -> dict[str, Any]:
    text = scenario_text(events_of([*HEALTHY, *facts]), acts or [], {"url": URL}, "mine", home)
    path = home / "mine.yaml"
    path.write_text(text, encoding="utf-8")
    assert load_scenario(path).scenario.name == "mine"
    found: dict[str, Any] = yaml.safe_load(text)
    return found


def test_each_turn_comes_after_the_answer_that_it_came_after(tmp_path: Path) -> None:
    found = recorded(
        tmp_path,
        said(1.0, 3.0, text="A table for two."),
        *voice(3.8, 6.0),
        said(7.5, 8.0, text="At seven."),
        *voice(8.6, 9.0),
    )
    assert found["page"] == {"url": URL}
    assert found["steps"] == [
        {"say": "A table for two."},
        {"wait": {"answer": True, "pause_s": 1.5}},
        {"say": "At seven."},
        {"wait": {"answer": True}},
        "hang_up",
    ]


def test_an_answer_that_was_cut_into_is_cut_into_again(tmp_path: Path) -> None:
    found = recorded(
        tmp_path,
        said(1.0, 3.0, text="A table for two."),
        (3.8, VoiceStarted("answer-0")),
        said(5.0, 6.0, text="Wait."),
        (5.6, VoiceStopped()),
    )
    assert found["steps"][1] == {"interrupt": {"after_ms": 1200, "say": "Wait."}}


def test_silence_and_a_greeting_are_steps(tmp_path: Path) -> None:
    found = recorded(
        tmp_path,
        *voice(0.5, 1.5),
        said(2.5, 3.0, text="Hello."),
        said(5.0, 6.0, text="Is anybody there?"),
    )
    kinds = [next(iter(step)) for step in found["steps"][:-1]]
    assert kinds == ["wait", "say", "silence", "say"]
    assert found["steps"][2] == {"silence": 2.0}


def test_clicks_are_those_that_start_it_or_steps(tmp_path: Path) -> None:
    acts = [Act(0.1, {"click": "text=Call"}), Act(4.0, {"click": "#mute"})]
    found = recorded(tmp_path, said(1.0, 2.0, text="Hello there."), acts=acts)
    assert found["page"]["start"] == [{"click": "text=Call"}]
    assert found["steps"] == [{"say": "Hello there."}, {"click": "#mute"}, "hang_up"]


def click(t_s: float, selector: str = "#menu") -> Act:
    return Act(t_s, {"click": selector})


def test_a_click_stands_after_the_answer_that_it_came_after(tmp_path: Path) -> None:
    found = recorded(
        tmp_path,
        said(1.0, 3.0, text="A table for two."),
        *voice(3.8, 6.0),
        said(8.0, 8.5, text="At seven."),
        *voice(9.1, 10.0),
        acts=[click(7.0), click(7.2, "#seven"), click(12.0, "#end")],
    )
    assert found["steps"] == [
        {"say": "A table for two."},
        {"wait": {"answer": True, "pause_s": 1.0}},
        {"click": "#menu"},
        {"click": "#seven"},
        {"silence": 0.8},
        {"say": "At seven."},
        {"wait": {"answer": True, "pause_s": 2.0}},
        {"click": "#end"},
        "hang_up",
    ]


def test_a_click_into_an_answer_comes_before_its_end(tmp_path: Path) -> None:
    found = recorded(
        tmp_path,
        said(1.0, 3.0, text="A table for two."),
        *voice(3.8, 4.8),
        *voice(5.4, 6.5),  # the same answer, after a pause
        said(8.0, 8.5, text="At seven."),
        *voice(9.1, 10.0),
        acts=[click(5.0), click(9.5, "#end")],
    )
    kinds = [next(iter(step)) for step in found["steps"][:-1]]
    assert kinds == ["say", "click", "wait", "say", "click", "wait"]


def test_a_click_while_the_user_speaks_is_not_lost(tmp_path: Path) -> None:
    found = recorded(
        tmp_path,
        said(1.0, 3.0, text="A table for two."),
        *voice(3.8, 6.0),
        said(8.0, 8.5, text="At seven."),
        acts=[click(2.0)],
    )
    kinds = [next(iter(step)) for step in found["steps"][:-1]]
    assert kinds == ["say", "click", "wait", "say"]


def test_a_click_between_two_answers_comes_between_them(tmp_path: Path) -> None:
    found = recorded(
        tmp_path,
        said(1.0, 3.0, text="A table for two."),
        *voice(3.8, 6.0),
        (8.0, VoiceStarted("answer-1")),
        said(9.0, 10.0, text="Wait."),
        (9.6, VoiceStopped()),
        acts=[click(7.0, "#again")],
    )
    assert found["steps"][:4] == [
        {"say": "A table for two."},
        {"wait": {"answer": True, "pause_s": 1.0}},
        {"click": "#again"},
        {"interrupt": {"after_ms": 1000, "say": "Wait."}},
    ]


@given(st.lists(st.floats(0.4, 20.0), max_size=8))
def test_no_click_is_lost_wherever_it_was(times: list[float]) -> None:
    acts = [click(t_s, f"#b{number}") for number, t_s in enumerate(sorted(times))]
    found = recorded_text(
        said(1.0, 3.0, text="A table for two."),
        *voice(3.8, 6.0),
        said(8.0, 8.5, text="At seven."),
        *voice(9.1, 10.0),
        said(12.0, 13.0, text="Good bye."),
        acts=acts,
    )
    clicks = [step["click"] for step in found["steps"] if "click" in step]
    assert clicks == [act.step["click"] for act in acts]


def recorded_text(*facts: At, acts: list[Act]) -> dict[str, Any]:
    text = scenario_text(events_of([*HEALTHY, *facts]), acts, {"url": URL}, "mine", Path("nowhere"))
    found: dict[str, Any] = yaml.safe_load(text)
    return found


def test_files_and_fixtures_are_named_from_the_scenarios_folder(tmp_path: Path) -> None:
    fixture = find_fixture("booking-table-for-two")
    found = recorded(
        tmp_path,
        said(1.0, 2.0, clip=fixture.name, file=str(fixture.path)),
        said(3.0, 4.0, file=str(tmp_path / "clips" / "one.wav")),
    )
    assert found["steps"][0] == {"say": {"file": "booking-table-for-two"}}
    assert found["steps"][2] == {"say": {"file": "clips/one.wav"}}


def test_a_dollar_that_was_said_is_no_variable(tmp_path: Path) -> None:
    found = recorded(tmp_path, said(1.0, 2.0, text="It costs ${PRICE}."))
    assert found["steps"][0] == {"say": "It costs $${PRICE}."}


def test_nothing_said_is_no_scenario(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="Nothing was said"):
        scenario_text(
            events_of([*HEALTHY, said(1.0, 2.0, muted=True)]), [], {"url": URL}, "a", tmp_path
        )


def test_what_was_typed_is_a_step_and_a_password_a_variable(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("MINE_PASSWORD", "of the run")
    name = {"fill": {"css": "#name", "value": "Kim ${Lee}"}}
    password = {"fill": {"css": "#word", "value": "kept-to-myself"}}
    acts = [Act(0.05, name), Act(0.1, password, is_secret=True), Act(0.15, {"press": "Enter"})]
    found = recorded(tmp_path, said(1.0, 2.0, text="Hello there."), acts=acts)
    assert found["page"]["start"] == [
        {"fill": {"css": "#name", "value": "Kim $${Lee}"}},
        {"fill": {"css": "#word", "value": "${MINE_PASSWORD}"}},
        {"press": "Enter"},
    ]
    assert "kept-to-myself" not in (tmp_path / "mine.yaml").read_text(encoding="utf-8")
