"""The scenario of a replay: what is written is read back as it was meant."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from harness import yaml12
from harness.replay.listen import HeardCall
from harness.replay.scenario_file import NO_WORDS, Pace, scenario_text
from harness.scenario.load import load_scenario
from harness.scenario.model import Scenario
from tests.support.heard_call import heard_call as call


def written(made: HeardCall, pace: Pace = "answer", page: str | None = None) -> dict[str, Any]:
    files = [f"monday/turn-{number}.flac" for number in range(1, len(made.said) + 1)]
    text = scenario_text(made, "monday", files, pace, page)
    data: dict[str, Any] = yaml12.load(text)
    Scenario.model_validate(data)
    return data


def kinds(data: dict[str, Any]) -> list[str]:
    return [step if isinstance(step, str) else next(iter(step)) for step in data["steps"]]


USER, AGENT = [(1.0, 2.0), (6.0, 7.0)], [(2.8, 5.0), (7.9, 10.5)]


def test_each_turn_waits_for_the_answer_and_its_pause() -> None:
    data = written(call(USER, AGENT))
    assert kinds(data) == ["say", "wait", "say", "wait", "hang_up"]
    assert data["steps"][0]["say"] == {"file": "monday/turn-1.flac", "text": "Turn 1."}
    assert data["steps"][1]["wait"]["pause_s"] == 0.8  # 1.0 s without the quiet of the fixture
    assert "pause_s" not in data["steps"][3]["wait"]


def test_a_caller_who_thinks_is_not_answered_before_they_are_done() -> None:
    """As the old agent did; a page of one's own has a turn detection of its own."""
    thinks = replace(call(USER, AGENT), pause_s=0.9)
    heard = written(thinks)["session"]["audio"]["input"]
    assert heard["turn_detection"] == {"type": "server_vad", "silence_duration_ms": 1200}
    assert "turn_detection" not in written(call(USER, AGENT))["session"]["audio"]["input"]
    assert "session" not in written(thinks, page="http://localhost:3000/")


def test_at_the_recorded_pace_only_time_passes() -> None:
    data = written(call(USER, AGENT), "recorded")
    assert kinds(data) == ["silence", "say", "silence", "say", "wait", "hang_up"]
    assert data["steps"][0]["silence"] == 0.8
    assert data["steps"][2]["silence"] == 3.5


def test_an_interruption_is_one() -> None:
    data = written(call([(1, 2), (5, 6.5)], [(3, 5.4), (7.5, 9)]))
    assert kinds(data) == ["say", "interrupt", "wait", "hang_up"]
    assert data["steps"][1]["interrupt"]["after_ms"] == 2000


def test_an_aside_waits_for_nothing_more() -> None:
    data = written(call([(1, 2), (4, 4.4), (10, 11)], [(3, 9), (12, 13)]))
    assert kinds(data) == ["say", "interrupt", "silence", "say", "wait", "hang_up"]


def test_a_greeting_is_asked_for_on_our_own_page_alone() -> None:
    greeted = call([(4, 5)], [(0.5, 3), (6, 7)], greeting="Hello, how can I help?")
    ours, theirs = written(greeted), written(greeted, page="http://localhost:3000/")
    assert kinds(ours) == ["send", "wait", "say", "wait", "hang_up"]
    assert kinds(theirs) == ["wait", "say", "wait", "hang_up"]
    assert ours["assistant"]["rules"][0]["when"] == {"greeting": True}
    assert theirs["page"] == {"url": "http://localhost:3000/"}


def test_the_local_server_says_what_the_agent_said() -> None:
    rules = written(call(USER, AGENT[:1]))["assistant"]["rules"]
    assert rules == [
        {"when": {"turn": 1}, "say": "Certainly."},
        {"when": {"turn": 2}, "silent": True},
    ]


def test_a_caller_alone_waits_for_each_answer() -> None:
    data = written(call(USER))
    assert kinds(data) == ["say", "wait", "say", "wait", "hang_up"]
    assert "assistant" not in data
    assert data["steps"][1]["wait"]["pause_s"] == pytest.approx(0.6)


def test_a_turn_without_a_word_has_a_sign_for_it() -> None:
    data = written(call(USER, AGENT, ("", "Yes.")))
    assert data["steps"][0]["say"]["text"] == NO_WORDS


@given(st.text(max_size=60))
def test_whatever_was_understood_is_read_back(text: str) -> None:
    if not text.isprintable():
        return
    data = written(call([(1, 2)], said=(text,)))
    assert data["steps"][0]["say"]["text"].replace("$${", "${") == (text or NO_WORDS)


def test_words_that_look_like_variables_are_words(tmp_path: Path) -> None:
    made = call([(1, 2)], said=("It costs ${five}, no: yes",))
    (tmp_path / "monday.yaml").write_text(scenario_text(made, "monday", ["a.flac"], "answer"))
    loaded = load_scenario(tmp_path / "monday.yaml")
    speech = loaded.scenario.steps[0].say
    assert speech is not None
    assert not isinstance(speech, str)
    assert speech.text == "It costs ${five}, no: yes"
    assert "${x}" in loaded.scenario.description
