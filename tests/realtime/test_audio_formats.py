"""Audio of the wire in every format, by itself and in whole sessions."""

from __future__ import annotations

import base64
from typing import Any

import numpy as np
import pytest

from harness.audio.g711 import FromTelephone, ToTelephone
from harness.audio.pcm16 import to_base64
from harness.errors import ProtocolError
from harness.realtime.audio_formats import LAWS, AudioDecoder, AudioEncoder
from tests.support.session_driver import SessionDriver, silence, spoken

PCMU, PCMA = "audio/pcmu", "audio/pcma"
RULES = [{"say": "One two three."}]


def coded(samples: Any, kind: str) -> str:
    return base64.b64encode(ToTelephone(LAWS[kind]).process(samples)).decode()


def rms(samples: Any) -> float:
    return float(np.sqrt(np.mean(np.square(samples))))


def session_in(kind: str, **options: Any) -> SessionDriver:
    """A WebSocket session with this format both ways."""
    form = {"format": {"type": kind}}
    audio = {"input": {**form, **options}, "output": form}
    call = SessionDriver(RULES, transport="websocket")
    call.send("session.update", session={"type": "realtime", "audio": audio})
    assert call.last("session.updated")["session"]["audio"]["input"]["format"] == {"type": kind}
    return call


@pytest.mark.parametrize("kind", [PCMU, PCMA])
def test_a_turn_over_the_telephone_is_answered_over_it(kind: str) -> None:
    """Detection, recognition and the answer's sound all see what was meant."""
    call = session_in(kind)
    for samples in (spoken(0.8), silence(1.0)):
        call.send("input_audio_buffer.append", audio=coded(samples, kind))
    call.wait_for("response.done")
    heard = call.recognitions[0].samples
    assert 0.8 < len(heard) / 24_000 < 2.0
    assert rms(heard[12_000:16_000]) == pytest.approx(rms(spoken(0.5)), rel=0.05)
    sounds = [event["delta"] for event in call.of_type("response.output_audio.delta")]
    data = b"".join(base64.b64decode(sound) for sound in sounds)
    item = call.last("response.done")["response"]["output"][0]
    assert len(data) / 8_000 == pytest.approx(0.9, abs=0.01)
    assert rms(FromTelephone(LAWS[kind]).process(data)) > 0.01
    call.send("conversation.item.truncate", item_id=item["id"], content_index=0, audio_end_ms=899)
    assert call.last("conversation.item.truncated")["audio_end_ms"] == 899


def test_100_ms_of_telephone_audio_can_be_committed() -> None:
    """To the sample, and a sample less cannot."""
    call = session_in(PCMU, turn_detection=None)
    call.send("input_audio_buffer.append", audio=base64.b64encode(bytes(799)).decode())
    call.send("input_audio_buffer.commit")
    assert "99.88ms" in call.last("error")["error"]["message"]
    call.send("input_audio_buffer.append", audio=base64.b64encode(bytes(1)).decode())
    call.send("input_audio_buffer.commit")
    call.last("input_audio_buffer.committed")


def test_items_of_a_client_are_in_the_input_format() -> None:
    """And come back in it."""
    call = session_in(PCMA)
    part = {"type": "input_audio", "audio": coded(spoken(0.5), PCMA)}
    item = {"id": "mine", "type": "message", "role": "user", "content": [part]}
    call.send("conversation.item.create", item=item)
    call.send("conversation.item.retrieve", item_id="mine")
    back = call.last("conversation.item.retrieved")["item"]["content"][0]["audio"]
    assert len(base64.b64decode(back)) == 4_000


def test_a_response_may_have_a_format_of_its_own() -> None:
    call = SessionDriver(RULES, transport="websocket")
    response = {"audio": {"output": {"format": {"type": PCMU}}}}
    call.send("response.create", response=response)
    call.wait_for("response.done")
    sounds = [event["delta"] for event in call.of_type("response.output_audio.delta")]
    assert sum(len(base64.b64decode(sound)) for sound in sounds) == pytest.approx(7_200, abs=10)


def test_beside_a_media_track_the_format_is_read_back_alone() -> None:
    """The media are Opus whatever it says."""
    call = SessionDriver(RULES)
    audio = {"output": {"format": {"type": PCMU}}}
    call.send("session.update", session={"type": "realtime", "audio": audio})
    session = call.last("session.updated")["session"]
    assert session["audio"]["output"]["format"] == {"type": PCMU}
    call.send("response.create")
    call.wait_for("response.done")
    assert not call.of_type("response.output_audio.delta")


@pytest.mark.parametrize("kind", ["audio/pcm", PCMU, PCMA])
@pytest.mark.parametrize("text", ["!", "AAA", "ÄÄÄÄ", "\ud800"])
def test_what_is_no_base64_is_refused_by_name(kind: str, text: str) -> None:
    with pytest.raises(ProtocolError) as caught:
        AudioDecoder().decode(text, kind, "audio")
    assert (caught.value.code, caught.value.param) == ("invalid_value", "audio")


def test_pcm_has_whole_samples() -> None:
    with pytest.raises(ProtocolError, match="16-bit PCM"):
        AudioDecoder().decode("AAAA", "audio/pcm", "audio")


def test_a_stream_may_change_its_format() -> None:
    """What follows is decoded as what it is."""
    decoder = AudioDecoder()
    tone = spoken(0.2)
    for kind in (PCMU, PCMA, "audio/pcm", PCMU):
        text = to_base64(tone) if kind == "audio/pcm" else coded(tone, kind)
        assert rms(decoder.decode(text, kind, "audio")) == pytest.approx(rms(tone), rel=0.05)


def test_pcm_is_sent_to_the_bit() -> None:
    samples = spoken(0.1)
    assert AudioEncoder("audio/pcm").encode(samples) == to_base64(samples)
