"""Microphones and senders of a page, held against each other."""

from __future__ import annotations

from typing import Any

import numpy as np

from harness.call.sending_watch import SendingWatch
from harness.line.audio import AudioFrames
from harness.score.sending import MUTED, NO_TRACK, Unsent

TONE = (0.3 * np.sin(np.arange(48_000) * 0.06)).astype(np.float32)
OUT = {"type": "outbound-rtp", "kind": "audio", "id": "o", "mediaSourceId": "s"}


def report(energy: float, duration_s: float) -> list[dict[str, Any]]:
    totals = {"totalAudioEnergy": energy, "totalSamplesDuration": duration_s}
    return [OUT, {"type": "media-source", "id": "s", **totals}]


def test_a_sender_without_the_microphone_s_track_is_told_once() -> None:
    watch = SendingWatch()
    watch.stats("c", [OUT], 0.5)
    watch.said(AudioFrames(1.0, TONE, "m", 0))
    for t_s in (1.5, 2.5):
        watch.stats("c", [OUT], t_s)
    assert watch.take_unsent(2.1) == []  # the user may go on
    assert watch.take_unsent(3.0) == [Unsent(1.0, 2.0, NO_TRACK)]
    assert watch.take_unsent(4.0) == []


def test_what_a_sender_had_is_sent() -> None:
    watch = SendingWatch()
    watch.stats("c", report(0.0, 0.0), 0.5)
    watch.said(AudioFrames(1.0, TONE, "m", 0))
    watch.stats("c", report(0.045, 2.0), 2.5)
    assert watch.take_unsent(5.0) == []


def test_a_microphone_that_the_page_mutes_hears_no_clip() -> None:
    watch = SendingWatch()
    watch.microphone("m", True, 0.0)
    watch.microphone("m", False, 1.0)
    watch.clip({"speech_start_s": 0.5, "speech_end_s": 2.0})
    watch.clip({"speech_start_s": 0.5, "speech_end_s": 2.0, "muted": True})
    watch.clip({"speech_start_s": None, "speech_end_s": None})
    assert watch.take_unsent(3.0) == [Unsent(1.0, 2.0, MUTED)]
    watch.microphone("m", True, 3.0)
    watch.clip({"speech_start_s": 3.5, "speech_end_s": 4.0})
    assert watch.take_unsent(6.0) == []


def test_a_second_microphone_that_is_on_hears_it() -> None:
    watch = SendingWatch()
    watch.microphone("m", False, 0.0)
    watch.microphone("n", True, 0.0)
    watch.clip({"speech_start_s": 0.5, "speech_end_s": 2.0})
    assert watch.take_unsent(3.0) == []
    watch.microphone("n", None, 3.0)
    watch.clip({"speech_start_s": 3.5, "speech_end_s": 4.5})
    assert watch.take_unsent(6.0) == [Unsent(3.5, 4.5, MUTED)]
