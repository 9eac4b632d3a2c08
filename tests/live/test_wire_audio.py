"""Audio as JSON: every format of the WebSocket, there and back."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from harness.audio import pcm16
from harness.errors import ProtocolError
from harness.live.state import LiveState
from harness.live.wire_audio import CHUNK_FRAMES, CHUNK_MS, AudioCopies, WireFormat
from harness.realtime.ids import Ids
from harness.realtime.server.assistants.echo import Echo
from harness.realtime.server.outputs import SendEvent
from tests.support.session_driver import spoken

FORMATS = [
    {"type": "audio/pcm", "rate": 24_000},
    {"type": "audio/pcm", "rate": 16_000},
    {"type": "audio/pcmu", "rate": 8_000},
    {"type": "audio/pcma", "rate": 8_000},
]


@pytest.mark.parametrize("audio_format", FORMATS)
def test_sound_comes_back_as_it_was(audio_format: dict[str, Any]) -> None:
    wire = WireFormat(audio_format)
    samples = spoken(1.0)
    pieces = [samples[at : at + CHUNK_FRAMES] for at in range(0, len(samples), CHUNK_FRAMES)]
    back = np.concatenate([wire.decode(wire.encode(piece)) for piece in pieces])
    assert len(back) == pytest.approx(len(samples), abs=CHUNK_FRAMES)
    loudness = np.sqrt(np.mean(np.square(back[2_400:-2_400])))
    assert loudness == pytest.approx(np.sqrt(np.mean(np.square(samples))), rel=0.05)


@pytest.mark.parametrize("text", ["AA==", "not base64", "A"])
def test_what_is_no_audio_is_refused(text: str) -> None:
    with pytest.raises(ProtocolError) as caught:
        WireFormat(FORMATS[0]).decode(text)
    assert (caught.value.code, caught.value.param) == ("invalid_audio", "audio")


def test_copies_begin_anew_after_they_were_off() -> None:
    state = LiveState({}, Echo(), Ids(1), "webrtc")
    copies = AudioCopies(state)
    old, new = np.full(CHUNK_FRAMES // 2, 0.5, np.float32), np.full(CHUNK_FRAMES, 0.25, np.float32)
    copies.is_on = True
    copies.heard(old)
    copies.spoken(old, 0)
    copies.is_on = False
    copies.heard(old)
    copies.spoken(old, 50)
    copies.is_on = True
    copies.is_on = True  # another sideband
    copies.heard(new[:100])
    copies.spoken(new[:100], 5_000)
    copies.is_on = True
    copies.heard(new[100:])
    copies.spoken(new[100:], 5_004)
    heard, said = (output.event for output in state.take_outputs() if isinstance(output, SendEvent))
    for sound in (heard["audio"], said["delta"]):
        assert pcm16.from_base64(sound) == pytest.approx(new, abs=0.001)
    assert (said["start_ms"], said["end_ms"]) == (5_000, 5_000 + CHUNK_MS)
