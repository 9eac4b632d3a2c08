"""Quality of the page's microphone, measured at the remote peer of a real call.

Chromium sends a programme of fixtures over WebRTC to a peer of ours; PESQ wide-band of what
arrived is divided by PESQ of the same programme after the codec alone at the same bit rate. So
1.0 means: nothing was lost but what Opus takes. Chromium's own file device is measured beside it,
with the same page and programme, once as pages usually ask for it and once with its voice
processing off.

The remote peer is aiortc, which decodes packets as they come: what is judged is what the page sent.
A peer that plays in time (libwebrtc's) stretches and conceals where packets come late, so its
figure tells about the machine's load as well; it is measured with the same programme and given
apart.
"""

import asyncio
import statistics
import tempfile
from collections.abc import Callable, Coroutine, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from harness.audio.clip import CALL_RATE_HZ, AudioClip, MonoFloat32
from harness.audio.compare import find_delay
from harness.audio.fixtures import find_fixture
from harness.audio.speech_quality import check_speech_quality, pesq_wide_band
from harness.audio.wav import write_wav
from harness.bench.listening_test import (
    MARGIN_S,
    Arrival,
    Programme,
    judge,
    make_programme,
    only_speech,
)
from harness.bench.opus import opus_round_trip
from harness.bench.receiver import Receiver, open_receiver
from harness.browser.launch import open_chromium
from harness.browser.voice_page import VoicePage, open_voice_page
from harness.errors import PeerLost

FIXTURES = (
    "goforward",
    "something",
    "sense-0930",
    "booking-table-for-two",
    "interruption-wait",
    "manual-sunday",
)
SETTLE_S = 2.0
"""A call's first seconds are the jitter buffer's and the rate control's; clips come after them."""

AFTER_S = 1.0
SILENT_WITHIN_S = 5.0
RAW = {"echoCancellation": False, "noiseSuppression": False, "autoGainControl": False}
AS_USUAL = True
"""What `getUserMedia({ audio: true })` asks for: for a device, all voice processing."""
LEAD_S = 1.5
"""From asking for the clips to the first one; they are sent to the page ahead of time."""


@dataclass(frozen=True, slots=True)
class Run:
    """One call: what was sent, and the remote peer's recording."""

    received: MonoFloat32
    """The recording, 48 kHz."""

    start_errors_frames: tuple[int, ...]
    """By how much each clip left the page beside its time; empty for a device."""

    bit_rate_bps: float
    concealed_share: float | None


@dataclass(frozen=True, slots=True)
class Runs:
    """The calls of one measurement."""

    virtual: Run
    in_time: Run
    """Our microphone, to a remote peer with a jitter buffer."""

    device: Run
    """Chromium's file device, asked for as ours is."""

    raw_device: Run
    """The device without Chromium's voice processing."""

    cut: Run
    """That, with a file that starts with speech."""


async def measure(fixtures: Sequence[str] = FIXTURES) -> dict[str, Any]:
    """The figures of `harness bench microphone`; takes about two minutes.

    Returns:
        pesq_ratio_median; clipped_ms (the worst clip's missing beginning); start_error_ms_p95
        (where a clip left the page, against where it was asked to); file_device_pesq_ratio_median
        (the page asks for both microphones with `audio: true`, as most pages do).
        With them: pesq_ratio_worst, codec_pesq_median (the limit itself), bit_rate_bps,
        received_spread_ms (how far the clips' delays at the remote peer lie apart),
        in_time_pesq_ratio_median and in_time_concealed_share (a remote peer with a jitter buffer),
        file_device_raw_pesq_ratio_median (echo cancellation, noise suppression and gain control
        off), file_device_clipped_ms (of a file that starts with speech), fixtures.

    Raises:
        MissingExtra: PESQ is not installed.
        FixtureError: a fixture is missing.
        BrowserError, PeerError: the call could not be held.
    """
    programme = make_programme([find_fixture(name) for name in fixtures])
    at_once = only_speech(programme, 0)
    check_speech_quality()  # before minutes of calls
    async with open_receiver("aiortc") as receiver:
        virtual = await _virtual(receiver, programme)
        device = await _device(receiver, programme, AS_USUAL)
        raw_device = await _device(receiver, programme, RAW)
        cut = await _device(receiver, at_once, RAW, settle_s=0.0)
    async with open_receiver("wrtc") as receiver:
        in_time = await _virtual(receiver, programme)
    runs = Runs(virtual, in_time, device, raw_device, cut)
    figures = await asyncio.to_thread(_figures, programme, at_once, runs)
    return figures | {"fixtures": list(fixtures)}


def _figures(programme: Programme, at_once: Programme, runs: Runs) -> dict[str, Any]:
    codec_alone = opus_round_trip(programme.samples)
    limits = [
        pesq_wide_band(
            programme.part(programme.samples, number),
            programme.part(codec_alone, number),
            CALL_RATE_HZ,
        )
        for number in range(len(programme.clips))
    ]

    def arrivals(run: Run) -> list[Arrival]:
        return judge(programme, run.received, codec_alone)

    ours = arrivals(runs.virtual)
    (first,) = judge(at_once, runs.cut.received, opus_round_trip(at_once.samples))
    delays = [arrival.delay_frames for arrival in ours]
    return {
        "pesq_ratio_median": _median_ratio(ours, limits),
        "clipped_ms": 1000 * max(arrival.missing_start_s for arrival in ours),
        "start_error_ms_p95": _p95_ms(runs.virtual.start_errors_frames),
        "file_device_pesq_ratio_median": _median_ratio(arrivals(runs.device), limits),
        "pesq_ratio_worst": round(min(_ratios(ours, limits)), 4),
        "codec_pesq_median": round(statistics.median(limits), 3),
        "bit_rate_bps": round(runs.virtual.bit_rate_bps),
        "received_spread_ms": round(1000 * (max(delays) - min(delays)) / CALL_RATE_HZ, 3),
        "in_time_pesq_ratio_median": _median_ratio(arrivals(runs.in_time), limits),
        "in_time_concealed_share": runs.in_time.concealed_share,
        "file_device_raw_pesq_ratio_median": _median_ratio(arrivals(runs.raw_device), limits),
        "file_device_clipped_ms": round(1000 * first.missing_start_s, 1),
    }


def _ratios(arrivals: Sequence[Arrival], limits: Sequence[float]) -> list[float]:
    """PESQ beside the codec's; a clip that did not arrive counts as 0."""
    return [(a.pesq or 0.0) / limit for a, limit in zip(arrivals, limits, strict=True)]


def _median_ratio(arrivals: Sequence[Arrival], limits: Sequence[float]) -> float:
    return round(statistics.median(_ratios(arrivals, limits)), 4)


def _p95_ms(errors_frames: Sequence[int]) -> float:
    return float(np.percentile(np.abs(errors_frames), 95)) * 1000 / CALL_RATE_HZ


async def _virtual(receiver: Receiver, programme: Programme) -> Run:
    """The programme through our microphone, each clip asked for at its exact time."""
    async with open_chromium() as chromium, open_voice_page(chromium) as page:
        await _start_call(page, receiver, AS_USUAL)
        await page.microphone.ready()
        await _receive(receiver, SETTLE_S)
        begin_s = page.sent.snapshot()[-1].end_s + LEAD_S
        asked_s = [begin_s + start / CALL_RATE_HZ for start in programme.starts]
        bit_rate = await _bit_rate_meter(page, receiver)
        for clip, at_s in zip(programme.clips, asked_s, strict=True):
            await page.microphone.play(AudioClip(clip, CALL_RATE_HZ), at_s=at_s)
        await _receive(receiver, LEAD_S + programme.duration_s + AFTER_S)
        errors = _start_errors_frames(page, programme, asked_s)
        return await _finish(receiver, errors, await bit_rate())


async def _device(
    receiver: Receiver, programme: Programme, constraints: Any, settle_s: float = SETTLE_S
) -> Run:
    """The programme as the file of Chromium's fake microphone, which plays from its opening on."""
    with tempfile.TemporaryDirectory(prefix="harness-bench-") as folder:
        path = Path(folder) / "programme.wav"
        settle = np.zeros(round(settle_s * CALL_RATE_HZ), np.float32)
        write_wav(path, np.concatenate([settle, programme.samples]), CALL_RATE_HZ)
        async with (
            open_chromium(device_mode=True, fake_audio_file=path) as chromium,
            open_voice_page(chromium, microphone="device") as page,
        ):
            await _start_call(page, receiver, constraints)
            bit_rate = await _bit_rate_meter(page, receiver)
            await _receive(receiver, settle_s + programme.duration_s + AFTER_S)
            return await _finish(receiver, (), await bit_rate())


async def _start_call(page: VoicePage, receiver: Receiver, constraints: Any) -> None:
    await page.goto(receiver.url)
    await page.page.evaluate("constraints => startCall(constraints)", constraints)


async def _receive(receiver: Receiver, duration_s: float) -> None:
    """Wait until this much more audio has arrived.

    Raises:
        PeerLost: it does not come.
    """
    wanted = receiver.frames + round(duration_s * CALL_RATE_HZ)
    try:
        async with asyncio.timeout(duration_s + SILENT_WITHIN_S):
            while receiver.frames < wanted:
                await receiver.wait_audio()
    except TimeoutError:
        raise PeerLost(
            "The page's audio does not arrive at the remote peer.",
            expected=f"{wanted / CALL_RATE_HZ:.1f} s of audio",
            found=f"{receiver.frames / CALL_RATE_HZ:.1f} s",
        ) from None


async def _bit_rate_meter(
    page: VoicePage, receiver: Receiver
) -> Callable[[], Coroutine[Any, Any, float]]:
    """Starts to measure; what it returns gives the bits a second sent since then."""
    bytes_before, frames_before = await page.page.evaluate("sentBytes()"), receiver.frames

    async def bit_rate_bps() -> float:
        sent = await page.page.evaluate("sentBytes()") - bytes_before
        duration_s = (receiver.frames - frames_before) / CALL_RATE_HZ
        return 8 * float(sent) / duration_s if duration_s else 0.0

    return bit_rate_bps


def _start_errors_frames(
    page: VoicePage, programme: Programme, asked_s: Sequence[float]
) -> tuple[int, ...]:
    """Where each clip lies in what the microphone produced, against where it was asked for."""
    batches = page.sent.snapshot()
    first = batches[0].frame
    produced = np.zeros(batches[-1].frame + len(batches[-1].samples) - first, np.float32)
    for batch in batches:
        start = batch.frame - first
        produced[start : start + len(batch.samples)] = batch.samples
    errors = []
    for clip, at_s in zip(programme.clips, asked_s, strict=True):
        wanted = page.timeline.s_to_frame(at_s) - first
        margin = round(MARGIN_S * CALL_RATE_HZ)
        near = produced[wanted - margin : wanted + len(clip) + margin]
        errors.append(round(find_delay(clip, near, CALL_RATE_HZ).delay_s * CALL_RATE_HZ) - margin)
    return tuple(errors)


async def _finish(receiver: Receiver, errors: tuple[int, ...], bit_rate_bps: float) -> Run:
    stats = await receiver.stats()
    concealed, total = stats.concealed_samples, stats.total_samples_received
    share = concealed / total if concealed is not None and total else None
    return Run(receiver.samples(), errors, bit_rate_bps, share)
