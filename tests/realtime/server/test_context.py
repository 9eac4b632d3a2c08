from __future__ import annotations

from typing import Any

from harness.realtime.ids import Ids
from harness.realtime.items import function_call, message, user_audio_item
from harness.realtime.server.assistants.assistant import Prompt
from harness.realtime.server.assistants.script import Script
from harness.realtime.server.context import prompt_source_in
from harness.realtime.server.state import SessionState
from harness.realtime.server.transcription import Transcription
from harness.realtime.session_object import default_session
from harness.realtime.widgets import action_note
from tests.support.session_driver import spoken

USER = message("u", "user", [{"type": "input_text", "text": "hi"}], "completed")
ASSISTANT = message("a", "assistant", [{"type": "output_text", "text": "ho"}], "completed")
SYSTEM = message("s", "system", [{"type": "input_text", "text": "be nice"}], "completed")
CALL = function_call("c", "call_1", "look", "{}", "completed")
OUTPUT = {"id": "o", "type": "function_call_output", "call_id": "call_1", "output": "1"}


def make_ears() -> Transcription:
    return Transcription(SessionState(default_session(), Script(), Ids(seed=1), "webrtc"))


def prompt_of(context: list[dict[str, Any]], is_idle: bool = False) -> Prompt:
    prompt_source = prompt_source_in(context, context, make_ears(), is_idle)
    assert prompt_source.is_ready()
    return prompt_source.prompt()


def test_the_last_user_message_is_answered() -> None:
    assert prompt_of([USER, ASSISTANT, USER, SYSTEM]) == Prompt("hi", 2)


def test_nothing_new_from_the_user_is_a_greeting() -> None:
    assert prompt_of([]) == Prompt(is_greeting=True)
    assert prompt_of([SYSTEM]) == Prompt(is_greeting=True)
    assert prompt_of([USER, ASSISTANT]) == Prompt(turn=1, is_greeting=True)
    assert prompt_of([USER, CALL]) == Prompt(turn=1, is_greeting=True)


def test_a_tools_result_is_answered_by_its_tools_name() -> None:
    assert prompt_of([USER, CALL, OUTPUT]) == Prompt(
        turn=1, tool="look", tool_result="1", outcome="ok"
    )


def test_the_call_may_stand_in_the_conversation_only() -> None:
    prompt_source = prompt_source_in([OUTPUT], [USER, CALL, OUTPUT], make_ears(), False)
    assert prompt_source.prompt().tool == "look"


def test_an_action_of_a_widget_is_answered_until_somebody_speaks() -> None:
    note = action_note("order", {"dish": "soup"}, "msg_1")
    pressed = message("n", "system", [{"type": "input_text", "text": note}], "completed")
    assert prompt_of([USER, ASSISTANT, pressed]) == Prompt(
        turn=1, action="order", action_payload='{"dish": "soup"}'
    )
    assert prompt_of([USER, pressed, ASSISTANT]) == Prompt(turn=1, is_greeting=True)
    assert prompt_of([pressed, USER]) == Prompt("hi", 1)


def test_an_idle_moment_asks_nothing() -> None:
    assert prompt_of([USER], is_idle=True) == Prompt(turn=1, is_idle=True)


def test_spoken_words_are_waited_for() -> None:
    transcription = make_ears()
    transcription.hear("u", spoken(0.5), announce=False, wants_text=False)
    prompt_source = prompt_source_in([user_audio_item("u")], [], transcription, False)
    assert not prompt_source.is_ready()
    transcription.on_recognised("job_1", "spoken words", None)
    assert prompt_source.is_ready()
    assert prompt_source.prompt() == Prompt("spoken words", 1)


def test_the_whole_context_is_handed_on_with_the_words_that_were_heard() -> None:
    transcription = make_ears()
    transcription.hear("u", spoken(0.5), announce=False, wants_text=True)
    transcription.on_recognised("job_1", "spoken words", None)
    context = [user_audio_item("u"), ASSISTANT, CALL, OUTPUT]
    items = prompt_source_in(context, context, transcription, False).prompt().items
    assert items[0]["content"] == [{"type": "input_audio", "transcript": "spoken words"}]
    assert list(items[1:]) == context[1:]


def test_turns_that_are_not_seen_any_more_count() -> None:
    prompt_source = prompt_source_in(
        [USER], [USER, USER, USER], make_ears(), False, earlier_turns=2
    )
    assert prompt_source.prompt().turn == 3
