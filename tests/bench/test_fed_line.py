"""The made-up page of the long call: what it sends is a page's, and is answered in its turn."""

from __future__ import annotations

import json

from harness.audio.signals import tone
from harness.bench.fed_line import (
    AT_A_MOMENT,
    COUNTS,
    QUIET_TICKS,
    SOUNDS_S,
    TICK_S,
    open_fed_line,
    report,
)
from harness.virtual_time import run_in_virtual_time


def test_what_is_said_is_answered_and_everything_has_its_place() -> None:
    async def main() -> None:
        said, answer = tone(300.0, 1.0), tone(500.0, 0.5)
        async with open_fed_line(answer) as line:
            await line.connect(1.0, None)  # type: ignore[arg-type]
            while not line.timeline.anchored:
                await line.sent.wait_changed()
            played = await line.microphone.play(said, at_s=1.0)
            while (line.heard.latest is None) or line.heard.latest.end_s < 5.0:
                await line.heard.wait_changed()
            loud = [piece for piece in line.heard.snapshot() if abs(piece.samples).max() > 0.01]
            quiet_s = QUIET_TICKS * TICK_S
            assert abs(loud[0].start_s - (played.end_s + quiet_s + SOUNDS_S)) <= 0.2
            texts = [e.data.get("text") for e in line.envelopes.snapshot()]
            kinds = [json.loads(text)["type"] for text in texts if text]
            assert kinds[0] == "session.created"
            assert kinds.index("input_audio_buffer.speech_stopped") < kinds.index(
                "response.created"
            )
            assert kinds[-1] == "output_audio_buffer.stopped"

    run_in_virtual_time(main)


def test_counts_of_statistics_grow_and_values_move() -> None:
    reports = [report(tick)[0] for tick in range(0, 600, 10)]
    for name in COUNTS:
        values = [one[name] for one in reports]
        if name in AT_A_MOMENT:
            assert len(set(values)) > 5, name
        else:
            assert values == sorted(values), name


def test_statistics_are_as_long_as_a_pages() -> None:
    assert 5_000 < len(json.dumps(report(7))) < 20_000
