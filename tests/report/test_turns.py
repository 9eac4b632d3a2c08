"""Exchanges as turns of the results."""

from __future__ import annotations

import json

import numpy as np

from harness.audio.clip import AudioClip
from harness.report.results import Results, Turn
from harness.report.turns import Recognise, turns_of
from harness.score.call_record import CallAudio
from harness.score.exchanges import exchanges_of
from harness.trace import TraceEvent
from tests.support.call_events import answer, clip, event, record


def turns(
    events: list[TraceEvent],
    heard: list[tuple[float, float]],
    recognise: Recognise | None = None,
) -> list[Turn]:
    side = AudioClip(np.zeros(480_000, np.float32), 48_000)
    made = record(events, heard=heard, audio=CallAudio(side, side))
    return turns_of(made, exchanges_of(made), recognise)


PLAIN = [clip(1, 2, "Hello?"), *answer("a", 2.4, (2.5, 4.0), text="Hello there")]


def test_what_was_heard_is_recognised_where_the_run_did_not() -> None:
    (turn,) = turns(PLAIN, [(2.6, 4.1)], lambda clip: f"{clip.duration_s:.1f} s")
    assert turn.heard is not None
    assert turn.heard.recognised == "1.9 s"
    assert turn.heard.transcript == "Hello there"


def test_what_the_run_recognised_is_kept() -> None:
    known = event("heard.recognised", 4.5, "harness", text="hello where", start_s=2.6, end_s=4.1)
    (turn,) = turns([*PLAIN, known], [(2.6, 4.1)], lambda _: "not asked")
    assert turn.heard is not None
    assert turn.heard.recognised == "hello where"
    assert turn.quality.word_error_rate == 0.5


def test_nothing_heard_is_null_and_what_the_events_claim_is_kept_apart() -> None:
    (turn,) = turns(PLAIN, [])
    assert turn.heard is None
    assert turn.answer is not None
    assert turn.answer.text == "Hello there"
    assert turn.latencies.voice_to_voice_s is None


def test_a_tool_call_belongs_to_its_answer_with_parsed_arguments() -> None:
    facts = {"call_id": "c", "name": "book", "arguments": '{"guests": 2}'}
    tool = event("tool.called", 2.9, **facts)
    (turn,) = turns([*PLAIN, tool], [(2.6, 4.1)])
    assert turn.answer is not None
    assert [(t.name, t.arguments) for t in turn.answer.tools] == [("book", {"guests": 2})]


def test_the_users_words_are_those_of_the_turn_that_began_with_them() -> None:
    """A transcript may come late, when the next turn has already begun."""
    events = [
        clip(1, 2, "one"),
        event("user.speech_started", 1.2, turn_id="u1"),
        *answer("a", 2.4, (2.5, 3.0)),
        clip(4, 5, "two"),
        event("user.speech_started", 4.2, turn_id="u2"),
        event("user.transcript", 4.5, turn_id="u1", text="one"),
        event("user.transcript", 5.5, turn_id="u2", text="two"),
    ]
    first, second = turns(events, [(2.6, 3.1)])
    assert (first.user_transcript, second.user_transcript) == ("one", "two")


def test_words_that_are_told_while_they_grow_are_told_once() -> None:
    """And a tool that is called before the answer begins is that answer's."""
    events = [
        clip(1, 2, "one"),
        *answer("a", 2.4, (2.5, 3.0)),
        clip(4, 5, "two"),
        event("user.transcript", 5.4, turn_id="u2", text="a"),
        event("user.transcript", 5.5, turn_id="u2", text="a table"),
        event("tool.called", 5.6, call_id="c", name="find", arguments="{}"),
        *answer("b", 6.0, (6.1, 7.0)),
    ]
    first, second = turns(events, [(2.6, 3.1), (6.2, 7.1)])
    assert (first.user_transcript, second.user_transcript) == (None, "a table")
    assert first.answer is not None
    assert second.answer is not None
    assert [tool.name for tool in first.answer.tools] == []
    assert [tool.name for tool in second.answer.tools] == ["find"]


def test_a_cut_answer_has_no_word_error_rate(results: Results) -> None:
    """Its transcript holds words that were never played."""
    cut = results.scenarios[0].turns[1]
    assert cut.interrupted
    assert cut.quality.word_error_rate is None
    assert "word_error_rate" not in json.loads(cut.model_dump_json())["quality"]


def test_a_gap_in_the_voice_is_counted(results: Results) -> None:
    (turn,) = results.scenarios[1].turns
    assert turn.quality.gaps is not None


def test_a_turns_identifier_of_another_shape_still_finds_its_transcript() -> None:
    said = [
        event("user.committed", 2.1, turn_id={"odd": 1}),
        event("user.transcript", 9.0, turn_id={"odd": 1}, text="hello"),
    ]
    first, second = turns([PLAIN[0], *said, *PLAIN[1:], clip(8, 8.5)], [(2.6, 4.1)])
    assert (first.user_transcript, second.user_transcript) == ("hello", None)
