from __future__ import annotations

from typing import Any

import pytest

from harness.errors import MalformedEvent, SessionClosed, SessionStateError, SettingsError
from harness.realtime.client.outputs import SetMicrophone, SetVolume
from tests.support.client_driver import ClientDriver

PNG = b"\x89PNG\r\n\x1a\n"


@pytest.fixture
def call() -> ClientDriver:
    return ClientDriver().open()


@pytest.mark.parametrize(
    ("command", "arguments", "sent"),
    [
        ("commit", [], {"type": "input_audio_buffer.commit"}),
        ("clear_input_audio", [], {"type": "input_audio_buffer.clear"}),
        ("append_audio", ["AA=="], {"type": "input_audio_buffer.append", "audio": "AA=="}),
        ("delete_item", ["a"], {"type": "conversation.item.delete", "item_id": "a"}),
        ("retrieve_item", ["a"], {"type": "conversation.item.retrieve", "item_id": "a"}),
        (
            "truncate",
            ["a", 700],
            {
                "type": "conversation.item.truncate",
                "item_id": "a",
                "content_index": 0,
                "audio_end_ms": 700,
            },
        ),
        ("respond", [{"instructions": "Sing."}], {"type": "response.create"}),
        ("send_event", [{"type": "new.event", "x": 1}], {"type": "new.event", "x": 1}),
    ],
)
def test_a_command_sends_its_event_under_the_id_it_gives(
    call: ClientDriver, command: str, arguments: list[Any], sent: dict[str, Any]
) -> None:
    event_id = call.do(getattr(call.session, command), *arguments)
    event = call.sent[-1]
    assert event["event_id"] == event_id
    assert sent.items() <= event.items()


def test_messages_are_written_in_the_role_s_own_words(call: ClientDriver) -> None:
    for role in ("user", "system", "assistant"):
        call.do(call.session.send_text, "hello", role)
    parts = [event["item"]["content"][0]["type"] for event in call.sent[1:]]
    assert parts == ["input_text", "input_text", "output_text"]
    assert call.sent[-1]["item"]["id"].startswith("item_")


def test_an_image_becomes_a_data_uri(call: ClientDriver) -> None:
    call.do(call.session.send_image, PNG, "what is this?", "low")
    image, words = call.sent[-1]["item"]["content"]
    assert image["image_url"].startswith("data:image/png;base64,iVBOR")
    assert image["detail"] == "low"
    assert words == {"type": "input_text", "text": "what is this?"}
    call.do(call.session.send_image, image["image_url"])
    assert len(call.sent[-1]["item"]["content"]) == 1


@pytest.mark.parametrize("image", [b"GIF89a", "https://example.test/a.png", b""])
def test_other_images_are_refused(call: ClientDriver, image: bytes | str) -> None:
    with pytest.raises(SettingsError):
        call.session.send_image(image)


def test_items_go_where_they_are_wanted(call: ClientDriver) -> None:
    item = {"id": "mine", "type": "message", "role": "user", "content": []}
    call.do(call.session.create_item, item, "root")
    assert call.sent[-1]["previous_item_id"] == "root"
    assert call.sent[-1]["item"]["id"] == "mine"


def test_an_approval_is_answered_with_an_item(call: ClientDriver) -> None:
    call.do(call.session.approve_mcp, "request_1", False, "too dear")
    item = call.sent[-1]["item"]
    assert (item["type"], item["approval_request_id"]) == ("mcp_approval_response", "request_1")
    assert (item["approve"], item["reason"]) == (False, "too dear")


@pytest.mark.parametrize("command", ["cancel", "clear_output_audio", "interrupt"])
def test_stopping_nothing_sends_nothing_and_is_settled(call: ClientDriver, command: str) -> None:
    event_id = call.do(getattr(call.session, command))
    assert len(call.sent) == 1
    assert call.answers[event_id].error is None


def test_an_interruption_stops_generation_and_playback(call: ClientDriver) -> None:
    call.answer()
    where = {"response_id": "resp_1", "item_id": "a"}
    call.receive("response.output_audio_transcript.delta", **where, delta="hi")
    call.receive("output_audio_buffer.started", response_id="resp_1")
    call.do(call.session.interrupt)
    assert call.types()[-2:] == ["response.cancel", "output_audio_buffer.clear"]


def test_one_answer_of_several_can_be_cancelled(call: ClientDriver) -> None:
    call.answer("resp_out", conversation_id=None)
    call.do(call.session.cancel, "resp_out")
    assert call.sent[-1]["response_id"] == "resp_out"
    call.done("resp_out", conversation_id=None, status="cancelled")
    call.do(call.session.cancel, "resp_out")
    assert call.count("response.cancel") == 1


def test_a_cancellation_that_comes_too_late_is_no_failure(call: ClientDriver) -> None:
    call.answer()
    event_id = call.do(call.session.cancel)
    call.refuse(event_id, "response_cancel_not_active")
    assert call.answers[event_id].error is None
    assert call.news("error")[0]["is_race"]


def test_the_microphone_goes_on_and_off(call: ClientDriver) -> None:
    call.do(call.session.set_microphone, True)
    call.do(call.session.toggle_microphone)
    call.do(call.session.toggle_microphone)
    assert call.others == [SetMicrophone(False), SetMicrophone(True)]
    assert [data["is_on"] for data in call.news("microphone_changed")] == [False, True]


def test_the_volume_is_kept_in_its_range(call: ClientDriver) -> None:
    call.do(call.session.set_volume, 0.5)
    call.do(call.session.set_volume, 0.5)
    assert call.others == [SetVolume(0.5)]
    assert call.news("volume_changed") == [{"volume": 0.5}]
    for volume in (-0.1, 1.1, float("nan")):
        with pytest.raises(SettingsError):
            call.session.set_volume(volume)


def test_a_transcription_session_gives_no_answers() -> None:
    call = ClientDriver(type="transcription").open()
    for command in (call.session.respond, call.session.respond_outside):
        with pytest.raises(SessionStateError) as caught:
            command()
        assert caught.value.code == "no_answers_in_transcription"
    assert call.sent[0]["session"]["type"] == "transcription"


def test_what_cannot_be_sent_is_refused_before_it_is(call: ClientDriver) -> None:
    with pytest.raises(SessionStateError):
        call.session.send_event({"kind": "x"})
    for event in ({"type": "x", "value": float("nan")}, {"type": "x", "value": object()}):
        with pytest.raises(MalformedEvent):
            call.session.send_event(event)
    with pytest.raises(MalformedEvent):
        call.session.respond({"metadata": object()})


def test_after_the_end_every_command_is_a_named_error(call: ClientDriver) -> None:
    session = call.session
    session.close("enough", 0.0)
    commands: list[Any] = [
        session.commit,
        session.respond,
        session.cancel,
        session.interrupt,
        session.toggle_microphone,
        lambda: session.set_volume(0.1),
        lambda: session.send_text("x"),
        lambda: session.update({}),
        lambda: session.open(0.0),
        lambda: session.restore(session.history()),
        lambda: session.tool_finished("x", now_s=0.0),
    ]
    for command in commands:
        with pytest.raises(SessionClosed):
            command()
