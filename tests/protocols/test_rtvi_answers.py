"""Answers of a bot whose protocol has none: begun, spoken, over, cut."""

from __future__ import annotations

from typing import Any

import pytest

from harness.facts.dialogue import AnswerAudioCleared, AnswerEnded, AnswerText, DialogueFact
from harness.protocols.interface import Message
from tests.support.rtvi import facts_of, rtvi


def text(kind: str, said: str, **more: Any) -> Message:
    return rtvi(f"bot-{kind}", {"text": said, **more})


BEGUN, WRITTEN = rtvi("bot-llm-started"), rtvi("bot-llm-stopped")
SPEAKS, SILENT = rtvi("bot-started-speaking"), rtvi("bot-stopped-speaking")
WORDS = [text("llm-text", "For "), text("llm-text", "seven"), text("llm-text", "?")]


def sentence(number: int, said: str, left: str) -> Message:
    """A sentence of an answer, and how far it was said."""
    status = "new" if not said else "in-progress" if left else "completed"
    progress = {"accumulated_text": said, "remaining_text": left}
    more = {"segment_id": number, "spoken_status": status, "spoken_progress": progress}
    return text("output", f"{said} {left}".strip(), will_be_spoken=True, **more)


SENTENCES = [
    sentence(4, "", "For two?"),
    sentence(4, "For two?", ""),
    sentence(9, "", "At seven."),
    sentence(9, "At", "seven."),
]

STATUSES = [("Hm.", "new"), ("Yes", "in-progress"), ("Yes.", "completed")]


def types(messages: list[Message]) -> list[str]:
    return [fact.type for fact in facts_of(messages)]


def endings(messages: list[Message]) -> list[AnswerEnded]:
    return [fact for fact in facts_of(messages) if isinstance(fact, AnswerEnded)]


def test_an_answer_is_written_spoken_and_over() -> None:
    told = facts_of([BEGUN, *WORDS, SPEAKS, WRITTEN, text("tts-text", "For"), SILENT])
    assert [fact.type for fact in told] == [
        "answer.started",
        *["answer.text"] * 3,
        "answer.audio_started",
        "answer.audio_stopped",
        "answer.ended",
    ]
    assert told[-1] == AnswerEnded("answer-1", "completed", None, "For")


@pytest.mark.parametrize(
    ("messages", "said"),
    [
        (WORDS, "For seven?"),
        ([*WORDS, text("transcription", "For seven?")], "For seven?"),
        ([text("transcription", "Hello."), text("transcription", "For two?")], "Hello. For two?"),
        ([*WORDS, text("tts-text", "For"), text("tts-text", "seven?")], "For seven?"),
        ([text("output", "For", spoken=True), text("output", "For two?", spoken=False)], "For"),
        ([text("output", said, spoken_status=at) for said, at in STATUSES], "Yes."),
        (SENTENCES, "For two? At"),
        ([*SENTENCES, sentence(9, "At seven.", "")], "For two? At seven."),
        ([*SENTENCES, sentence(9, "", "At seven.")], "For two? At"),
        ([rtvi("llm-raw-text", {"text": piece}) for piece in ("For ", "six")], "For six"),
        ([*WORDS, rtvi("tts-raw-text", {"text": "For"})], "For"),
        ([], ""),
    ],
)  # fmt: skip
def test_its_words_are_those_nearest_to_what_was_said(messages: list[Message], said: str) -> None:
    [ended] = endings([BEGUN, *messages, SPEAKS, WRITTEN, SILENT])
    assert ended.text == said


def test_words_of_one_kind_alone_are_told_piece_by_piece() -> None:
    told = facts_of([BEGUN, *WORDS, text("transcription", "For seven?")])
    pieces = [fact.delta for fact in told if isinstance(fact, AnswerText)]
    assert pieces == ["For ", "seven", "?"]


def test_sentences_are_told_as_far_as_they_are_said() -> None:
    told = facts_of([BEGUN, SPEAKS, *SENTENCES])
    pieces = [fact.delta for fact in told if isinstance(fact, AnswerText)]
    assert pieces == ["For two?", " At"]


def test_a_pause_between_two_sentences_ends_nothing() -> None:
    synthesis = [rtvi("bot-tts-started"), rtvi("bot-tts-stopped")]
    paused = [BEGUN, SPEAKS, SILENT, SPEAKS, WRITTEN, SILENT]
    assert len(endings(paused)) == 1
    slow_voice = [BEGUN, WRITTEN, SPEAKS, synthesis[0], SILENT, SPEAKS, synthesis[1], SILENT]
    assert len(endings(slow_voice)) == 1


def test_a_voice_without_a_model_is_an_answer() -> None:
    assert types([SPEAKS, SILENT])[-1] == "answer.ended"


def test_what_is_written_and_not_spoken_yet_is_not_over() -> None:
    assert "answer.ended" not in types([BEGUN, *WORDS, WRITTEN])


def test_an_answer_that_calls_a_tool_is_over_without_a_word() -> None:
    call = rtvi("llm-function-call", {"function_name": "book", "tool_call_id": "c", "args": {}})
    assert types([BEGUN, call, WRITTEN])[-1] == "answer.ended"


def cut(told: list[DialogueFact]) -> bool:
    ended = [fact for fact in told if isinstance(fact, AnswerEnded)]
    cleared = [fact for fact in told if isinstance(fact, AnswerAudioCleared)]
    return [each.status for each in ended] == ["cancelled"] and len(cleared) == 1


def test_an_interruption_cuts_what_is_spoken() -> None:
    assert cut(facts_of([BEGUN, *WORDS, SPEAKS, rtvi("bot-interrupted"), SILENT, WRITTEN]))


def test_before_a_sound_of_it_an_interruption_takes_an_answer_back() -> None:
    told = facts_of([BEGUN, *WORDS, rtvi("bot-interrupted")])
    assert told[-1] == AnswerEnded("answer-1", "cancelled", "interrupted", "For seven?")
    assert not any(isinstance(fact, AnswerAudioCleared) for fact in told)


def test_an_interruption_of_nothing_means_nothing() -> None:
    assert types([rtvi("bot-interrupted")]) == []


def test_older_bots_fall_silent_while_the_user_speaks() -> None:
    user = rtvi("user-started-speaking")
    assert cut(facts_of([BEGUN, *WORDS, SPEAKS, user, SILENT, WRITTEN]))
    spoken = [text("tts-text", "For"), text("tts-text", "seven?")]
    [ended] = endings([BEGUN, *WORDS, WRITTEN, SPEAKS, *spoken, user, SILENT])
    assert ended.status == "completed", "it had said all there was"


def test_sentences_that_were_said_to_their_end_are_not_cut_by_a_user_who_speaks() -> None:
    user, last = rtvi("user-started-speaking"), sentence(9, "At seven.", "")
    [whole] = endings([BEGUN, WRITTEN, SPEAKS, *SENTENCES, last, user, SILENT])
    assert whole.status == "completed"
    assert cut(facts_of([BEGUN, WRITTEN, SPEAKS, *SENTENCES, user, SILENT]))
