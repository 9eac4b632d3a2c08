"""Dictated sound."""

from __future__ import annotations

import io

import numpy as np
import pytest
import soundfile

from harness.server.chatkit.dictation import RATE_HZ, decoded

SESSION = (
    b"v=0\r\no=- 0 0 IN IP4 127.0.0.1\r\ns=-\r\nc=IN IP4 127.0.0.1\r\nt=0 0\r\n"
    b"m=audio 0 RTP/AVP 0\r\na=rtpmap:0 PCMU/8000\r\n"
)
"""SDP: whoever reads it as media opens ports and waits for packets."""

PLAYLIST = (
    b"#EXTM3U\n#EXT-X-TARGETDURATION:5\n#EXTINF:5,\nhttp://127.0.0.1:9/a.ts\n#EXT-X-ENDLIST\n"
)


@pytest.mark.parametrize("kind", ["OGG", "WAV"])
async def test_sound_of_a_browser_becomes_samples(kind: str) -> None:
    tone = 0.5 * np.sin(2 * np.pi * 440 * np.arange(48_000) / 48_000)
    file = io.BytesIO()
    soundfile.write(file, np.stack([tone, tone], axis=1), 48_000, format=kind)
    samples, rate_hz = await decoded(file.getvalue())
    assert samples.dtype == np.float32
    assert rate_hz == RATE_HZ
    assert samples.shape[0] == pytest.approx(RATE_HZ, rel=0.05)
    spectrum = np.abs(np.fft.rfft(samples))
    assert np.argmax(spectrum) * RATE_HZ / samples.shape[0] == pytest.approx(440, abs=2)


async def test_what_is_no_sound_is_refused() -> None:
    for data in (b"", b"not a sound at all", SESSION, PLAYLIST):
        with pytest.raises(ValueError, match="audio") as caught:
            await decoded(data)
        assert not isinstance(caught.value.__cause__, TimeoutError), "nothing was waited for"
