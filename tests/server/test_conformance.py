"""The conformance checklist of the Realtime reference (section 18), one test a row.

Rows about HTTP and the connection run against the server's application over real WebRTC and a
real WebSocket; what follows from events alone is shown on the session, in virtual time.
"""

from __future__ import annotations

import json
import re
from typing import Any

import pytest

from harness.audio.pcm16 import to_base64
from harness.errors import NegotiationFailed
from harness.peer.backends import peer_factory
from harness.realtime.faults.parse import HEADER, read_faults
from harness.realtime.session_object import default_session
from tests.support.conversation_model import check_ladders
from tests.support.local_server import EVENTS, WITH_KEY, call_to, local_server
from tests.support.recording_listener import RecordingListener
from tests.support.session_driver import SessionDriver, spoken
from tests.support.sockets import socket_to

CALLS = "/v1/realtime/calls"
WRITTEN = {"output_modalities": ["text"]}
TRANSCRIBED = {"audio": {"input": {"transcription": {"model": "gpt-transcribe"}}}}
TRANSCRIPTION = "conversation.item.input_audio_transcription"
BY_HAND = {"audio": {"input": {"turn_detection": None}}}
LONG = "One two three four five six seven eight. Nine ten eleven twelve thirteen fourteen."
TOOL = {"type": "function", "name": "look", "parameters": {"type": "object"}}


def long_answer(**settings: Any) -> SessionDriver:
    """A call whose assistant always gives a long answer."""
    return SessionDriver([{"say": LONG}], settings)


def playback_of(call: SessionDriver, response_id: str) -> list[str]:
    return [
        event["type"].removeprefix("output_audio_buffer.")
        for event in call.events
        if event["type"].startswith("output_audio_buffer.") and event["response_id"] == response_id
    ]


async def test_row_01_http_201_location_cors_and_errors_in_json() -> None:
    """201 + `Location` + exposed header + CORS preflight; JSON errors in the shape of 3.1."""
    async with local_server() as server:
        asked = {
            "Origin": "https://page.example",
            "Access-Control-Request-Method": "POST",
            "Access-Control-Request-Headers": "authorization,content-type,x-openai-agents-sdk",
        }
        async with server.client.options(CALLS, headers=asked) as preflight:
            assert preflight.status < 300
            assert preflight.headers["Access-Control-Allow-Origin"] == "*"
            assert "POST" in preflight.headers["Access-Control-Allow-Methods"]
            allowed = preflight.headers["Access-Control-Allow-Headers"].replace(" ", "")
            assert set(asked["Access-Control-Request-Headers"].split(",")) <= {*allowed.split(",")}
        peer = peer_factory("wrtc")(RecordingListener())
        headers = {**WITH_KEY, "Content-Type": "application/sdp"}
        async with server.client.post(
            CALLS, data=await peer.create_offer(), headers=headers
        ) as answer:
            assert answer.status == 201
            assert re.fullmatch(rf"{CALLS}/rtc_[\w-]+", answer.headers["Location"])
            exposed = answer.headers["Access-Control-Expose-Headers"]
            assert "Location" in exposed
            assert answer.headers["Content-Type"] == "text/plain; charset=utf-8"
            assert answer.headers["Access-Control-Allow-Origin"] == "*"
        await peer.aclose()
        for path, wrong, status in (
            (CALLS, {}, 401), (CALLS + "/rtc_x/hangup", WITH_KEY, 404), (CALLS, headers, 400),
        ):  # fmt: skip
            async with server.client.post(path, data="x", headers=wrong) as refused:
                assert refused.status == status
                error = (await refused.json())["error"]
                assert set(error) == {"message", "type", "code", "param"}
                assert isinstance(error["message"], str)
                assert error["type"] == "invalid_request_error"


async def test_row_02_the_answer_mirrors_the_offer_and_session_created_comes_first() -> None:
    """Audio `msid` with a stream id, all candidates inside, sections and mids as in the offer."""
    async with local_server(has_real_sessions=True) as server:
        listener = RecordingListener()
        peer = peer_factory("wrtc")(listener)
        peer.open_channel(EVENTS)
        offer = await peer.create_offer()
        headers = {**WITH_KEY, "Content-Type": "application/sdp"}
        async with server.client.post(CALLS, data=offer, headers=headers) as response:
            answer = await response.text()
        for pattern in (r"^m=(\w+)", r"^a=mid:(\S+)"):
            assert re.findall(pattern, answer, re.M) == re.findall(pattern, offer, re.M)
        audio = answer.split("m=application")[0]
        stream_id, track_id = re.search(r"^a=msid:(\S+) (\S+)", audio, re.M).groups()  # type: ignore[union-attr]
        assert stream_id != "-"
        assert track_id
        assert re.search(r"^a=candidate:", answer, re.M)
        await peer.accept_answer(answer)
        await listener.until(lambda: bool(listener.messages))
        first = json.loads(listener.messages[0][1])
        assert first["type"] == "session.created"
        session = first["session"]
        assert session["type"] == "realtime"
        assert list(session) == list(default_session())
        assert session["audio"]["input"]["turn_detection"]["create_response"] is True
        await listener.until(lambda: bool(listener.tracks))
        assert len(listener.tracks) == 1
        await peer.aclose()


def test_row_03_unknown_keys_are_named_and_an_update_is_all_or_nothing() -> None:
    call = SessionDriver()
    before = json.dumps(call.session.settings)
    call.send("session.update", session={"type": "realtime", "instructions": "x", "foo": 1})
    error = call.events[-1]["error"]
    assert (error["code"], error["param"]) == ("unknown_parameter", "session.foo")
    assert error["message"] == "Unknown parameter: 'session.foo'."
    call.send("session.update", session={"instructions": "x"})
    error = call.events[-1]["error"]
    assert (error["code"], error["param"]) == ("missing_required_parameter", "session.type")
    assert call.types(since=1) == ["error"]
    assert json.dumps(call.session.settings) == before


@pytest.mark.parametrize("transport", ["webrtc", "websocket"])
def test_row_04_each_response_is_done_once_and_whatever_was_added_is_done(transport: Any) -> None:
    call = SessionDriver([{"say": LONG}], transport=transport)
    for request in ({}, WRITTEN, {"conversation": "none", **WRITTEN}, {"max_output_tokens": 3}):
        call.send("response.create", response=request)
        call.wait(12)
    call.send("response.create")
    call.wait(0.5)
    call.send("response.cancel")
    call.wait(12)
    check_ladders(call.events, transport)
    assert len(call.of_type("response.done")) == 5


def test_row_05_the_item_is_done_before_the_output_and_the_limits_come_last() -> None:
    call = long_answer(**WRITTEN)
    call.send("response.create")
    call.wait_for("response.done")
    assert [event["type"] for event in call.events][-4:] == [
        "conversation.item.done",
        "response.output_item.done",
        "response.done",
        "rate_limits.updated",
    ]


def test_row_06_ids_belong_together() -> None:
    call = SessionDriver(settings=TRANSCRIBED, words=["hello"])
    call.say()
    call.wait_for("response.done")
    turn = [event for event in call.events if event["type"].startswith("input_audio_buffer.")]
    item_ids = {event["item_id"] for event in turn}
    assert len(item_ids) == 1
    assert call.of_type("conversation.item.added")[0]["item"]["id"] in item_ids
    assert call.last(f"{TRANSCRIPTION}.completed")["item_id"] in item_ids
    ladder = [e for e in call.events if e["type"].startswith("response.")]
    assert len({e.get("response_id") or e["response"]["id"] for e in ladder}) == 1
    ids = [event["event_id"] for event in call.events]
    assert len(ids) == len(set(ids))
    assert all(re.fullmatch("event_[0-9A-Za-z]{16,21}", event_id) for event_id in ids)


async def test_row_07_audio_travels_in_one_way_only() -> None:
    """No `response.output_audio.delta` on the data channel, no `output_audio_buffer.*` on a
    plain WebSocket; `response.output_audio.done` on both."""
    async with local_server(has_real_sessions=True) as server:
        async with call_to(server) as caller:
            caller.send(type="response.create")
            await caller.event("output_audio_buffer.stopped")
            over_webrtc = {event["type"] for event in caller.events()}
        async with socket_to(server) as client:
            await client.send(type="response.create")
            await client.event("rate_limits.updated")
            over_websocket = set(client.kinds())
    assert "response.output_audio.delta" not in over_webrtc
    assert "response.output_audio.done" in over_webrtc & over_websocket
    assert "response.output_audio.delta" in over_websocket
    assert not [kind for kind in over_websocket if kind.startswith("output_audio_buffer.")]


@pytest.mark.parametrize("is_interrupted", [False, True])
def test_row_08_playback_has_a_clock_of_its_own(is_interrupted: bool) -> None:
    """`response.done` is faster than real time; what started is stopped or cleared, once."""
    call = long_answer()
    call.send("response.create")
    done = call.wait_for("response.done")
    started_s = call.times_s[call.events.index(call.last("output_audio_buffer.started"))]
    assert not call.of_type("output_audio_buffer.stopped")
    made_s = call.session._state.audio_s[done["response"]["output"][0]["id"]]
    assert call.now_s - started_s < made_s / 2
    if is_interrupted:
        call.say()
        call.wait_for("response.created")
    else:
        stopped = call.wait_for("output_audio_buffer.stopped")
        took_s = call.times_s[call.events.index(stopped)] - started_s
        assert took_s == pytest.approx(made_s, abs=0.1)
    end = "cleared" if is_interrupted else "stopped"
    assert playback_of(call, done["response"]["id"]) == ["started", end]


@pytest.mark.parametrize("is_generated", [True, False])
def test_row_09_barge_in_while_it_is_heard_and_while_it_is_made(is_generated: bool) -> None:
    """Truncated at what was played, never at more than was generated."""
    call = long_answer()
    call.send("response.create")
    if is_generated:
        done = call.wait_for("response.done")
        call.wait(1.0)
    else:
        call.wait_for("output_audio_buffer.started")
        call.wait(0.1)
    call.say()
    cleared = call.wait_for("output_audio_buffer.cleared")
    truncated = call.wait_for("conversation.item.truncated")
    (response,) = [
        event["response"]
        for event in call.of_type("response.done")
        if event["response"]["id"] == cleared["response_id"]
    ]
    assert truncated["item_id"] == response["output"][0]["id"]
    generated_ms = response["usage"]["output_token_details"]["audio_tokens"] * 50
    assert 0 < truncated["audio_end_ms"] <= generated_ms
    after_speech = call.types(
        since=call.events.index(call.last("input_audio_buffer.speech_started"))
    )
    assert after_speech[0] == "input_audio_buffer.speech_started"
    if is_generated:
        assert after_speech[1:3] == ["output_audio_buffer.cleared", "conversation.item.truncated"]
        assert (response["status"], done["response"]["id"]) == ("completed", response["id"])
    else:
        assert response["status_details"] == {"type": "cancelled", "reason": "turn_detected"}
        assert response["output"][0]["status"] == "incomplete"
    assert "stopped" not in playback_of(call, response["id"])


@pytest.mark.parametrize("place", ["in the middle", "late", "empty", "failed"])
def test_row_10_transcription_runs_beside_the_answer(place: str) -> None:
    """A script answers what was said, so an answer that waits for no words shows it."""
    by_hand = {"audio": {"input": {**TRANSCRIBED["audio"]["input"], "turn_detection": None}}}
    call = SessionDriver([{"say": LONG}], by_hand, words=[""])
    call.holds_recognition = place != "empty"
    call.hear(spoken(1.0))
    call.send("input_audio_buffer.commit")
    item_id = call.last("input_audio_buffer.committed")["item_id"]
    nobody_asked: dict[str, Any] = {"input": []}
    call.send("response.create", response=nobody_asked)
    if place == "in the middle":
        call.wait_for("response.output_audio_transcript.delta")
    else:
        call.wait_for("response.done")
    if place != "empty":
        call.settle_recognition(None if place == "failed" else "hello there")
    end = "failed" if place == "failed" else "completed"
    call.wait_for("response.done")
    told = call.last(f"{TRANSCRIPTION}.{end}")
    assert told["item_id"] == item_id
    if end == "completed":
        assert told["transcript"] == ("" if place == "empty" else "hello there")
    kinds = [event["type"] for event in call.events]
    is_before_the_end = kinds.index(told["type"]) < kinds.index("response.done")
    assert is_before_the_end == (place in ("in the middle", "empty"))
    assert call.last("response.done")["response"]["status"] == "completed"
    assert not call.of_type("error")


def test_row_11_manual_mode_does_nothing_by_itself() -> None:
    call = SessionDriver(settings=BY_HAND)
    call.say(2.0)
    assert call.types(since=1) == []
    call.send("input_audio_buffer.clear")
    call.hear(spoken(0.06))
    call.send("input_audio_buffer.commit")
    error = call.events[-1]["error"]
    assert error["code"] == "input_audio_buffer_commit_empty"
    assert error["message"].endswith("but buffer only has 60.00ms of audio.")
    call.hear(spoken(1.0))
    call.send("input_audio_buffer.commit")
    call.wait(3.0)
    assert call.types(since=call.mark) == [
        "input_audio_buffer.committed", "conversation.item.added", "conversation.item.done",
    ]  # fmt: skip


@pytest.mark.parametrize(
    "wrong", ['"type": "response.cancel"', '"type": "x"', '"type": 5', '"no": "type"']
)
def test_row_12_an_error_names_the_clients_event_only_where_it_has_a_name(wrong: str) -> None:
    call = SessionDriver()
    call.send_text("{%s}" % wrong)  # noqa: UP031
    assert call.events[-1]["error"]["event_id"] is None
    call.send_text('{"event_id": "mine", %s}' % wrong)  # noqa: UP031
    assert call.events[-1]["error"]["event_id"] == "mine"
    assert call.types(since=1) == ["error"]


def test_row_13_two_updates_in_a_row_a_retrieve_and_the_same_model_are_accepted() -> None:
    call = SessionDriver()
    model = call.session.settings["model"]
    call.send("session.update", session={"type": "realtime", "model": model, "tools": [TOOL]})
    call.send("session.update", session={"type": "realtime", "tracing": "auto"})
    call.say()
    item_id = call.wait_for("input_audio_buffer.committed")["item_id"]
    call.send("conversation.item.retrieve", item_id=item_id)
    assert len(call.of_type("session.updated")) == 2
    assert call.last("session.updated")["session"]["tools"][0]["description"] is None
    (part,) = call.last("conversation.item.retrieved")["item"]["content"]
    assert part["type"] == "input_audio"
    assert part["audio"]
    assert not call.of_type("error")


@pytest.mark.parametrize("path", [CALLS, "/v1/realtime/client_secrets"])
async def test_row_14_requests_fail_on_demand(path: str) -> None:
    async with local_server() as server:
        for status in (401, 429, 500):
            headers = {**WITH_KEY, HEADER: f"http_slow; delay_s=0.01, http_error; status={status}"}
            async with server.client.post(path, headers=headers, data="{}") as answer:
                assert answer.status == status
                assert (await answer.json())["error"]["message"]
        noted = [one["name"] for one in server.state.fault_sources.log.since(-1)]
        assert noted == ["http_slow", "http_error"] * 3


async def test_row_14_the_answer_to_an_offer_is_no_sdp_on_demand() -> None:
    async with local_server() as server:
        peer = peer_factory("wrtc")(RecordingListener())
        headers = {**WITH_KEY, "Content-Type": "application/sdp", HEADER: "sdp_malformed"}
        async with server.client.post(
            CALLS, data=await peer.create_offer(), headers=headers
        ) as answer:
            assert answer.status == 201
            with pytest.raises(NegotiationFailed):
                await peer.accept_answer(await answer.text())
        await peer.aclose()


async def test_row_14_events_are_late_missing_or_others_on_demand() -> None:
    faults = "no_rate_limits, transcription_failed, stopped_late; delay_s=0.3"
    async with (
        local_server(has_real_sessions=True) as server,
        call_to(server, headers={HEADER: faults}) as to,
    ):
        await to.event("session.created")
        to.send(type="session.update", session={"type": "realtime", **TRANSCRIBED})
        audio = to_base64(spoken(0.5))
        content = [{"type": "input_audio", "audio": audio}]
        item = {"type": "message", "role": "user", "content": content}
        to.send(type="conversation.item.create", item=item)
        to.send(type="response.create")
        await to.event("output_audio_buffer.stopped")
        kinds = [event["type"] for event in to.events()]
        assert "response.done" in kinds
        assert "rate_limits.updated" not in kinds
        assert f"{TRANSCRIPTION}.failed" in kinds
        assert f"{TRANSCRIPTION}.completed" not in kinds
        noted = {one["name"] for one in server.state.fault_sources.log.since(-1)}
        assert noted == {"no_rate_limits", "transcription_failed", "stopped_late"}


@pytest.mark.parametrize("status", ["failed", "incomplete"])
def test_row_14_an_answer_fails_on_demand(status: str) -> None:
    faults = read_faults([f"answer_{status}; nth=1"])
    call = SessionDriver([{"say": LONG}], faults=faults)
    for _ in range(2):
        call.send("response.create")
        call.wait_for("response.done")
        call.wait(12)
    first, second = (event["response"] for event in call.of_type("response.done"))
    assert (first["status"], second["status"]) == (status, "completed")
    assert first["status_details"]["type"] == status
    check_ladders(call.events, "webrtc")


def test_row_14_a_session_expires_on_demand() -> None:
    call = SessionDriver(faults=read_faults(["session_limit; after_s=5"]))
    call.wait(4.9)
    assert call.closed is None
    call.wait(0.2)
    assert call.events[-1]["error"]["code"] == "session_expired"
    assert call.closed == "session_expired"
