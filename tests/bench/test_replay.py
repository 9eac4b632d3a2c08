"""The benchmark of replays: its recordings are what it says, and its count is one."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from harness.audio.clip import CALL_RATE_HZ, AudioClip
from harness.audio.fixtures import find_fixture
from harness.bench.replay import Known, make_recordings, measure, replay_figures
from harness.errors import UsageError
from harness.speech.spans import Span
from tests.support.recorded_calls import scribes


class Beeper:
    """A synthesiser: a second of a shipped voice, whatever the text."""

    name = "beeper 1"
    voices = ("one",)

    def synthesise(self, text: str, voice: str | None = None, speed: float = 1.0) -> AudioClip:
        return find_fixture("manual-what-time").load().clip


def known(name: str) -> Known:
    fixture = find_fixture(name)
    speech = Span(fixture.speech_start_s, fixture.speech_end_s)
    return Known(fixture.load().clip, fixture.transcript, speech)


def test_what_was_put_in_is_found_and_no_sample_changes(tmp_path: Path) -> None:
    clips = [known(name) for name in ("booking-tomorrow-at-seven", "yes-please", "numbers-order")]
    calls = list(make_recordings(tmp_path / "calls", clips, Beeper(), 3))  # type: ignore[arg-type]
    texts = [clip.text for clip in clips]
    # Both channels are listened to first, to tell who is who: caller's words and an agent's.
    agent = ["How can I help you?", "Is there anything else I can do?", "Let me check.", "Bye."]
    ears = scribes([*texts, *agent, *texts] * 2 + [*agent, *texts, *texts], agent)
    figures = replay_figures(calls, tmp_path / "scenarios", ears)
    assert (figures["turns"], figures["turns_found"], figures["failed"]) == (9, 9, 0)
    assert figures["words"] == figures["words_kept"] > 40
    assert figures["samples"] > CALL_RATE_HZ
    assert figures["samples_changed"] == 0
    assert figures["sides_wrong"] == 0
    assert figures["edge_ms"]["p95"] < 100
    assert (figures["edges_lost"], figures["edges_within_uncertainty"]) == (0, 18)


def test_a_clip_that_was_never_said_is_missed(tmp_path: Path) -> None:
    silent = Known(AudioClip(np.zeros(CALL_RATE_HZ, np.float32), CALL_RATE_HZ), "Gone.", Span(0, 1))
    clips = [known("yes-please"), silent, known("yes-please")]
    calls = list(make_recordings(tmp_path / "calls", clips, Beeper(), 1))  # type: ignore[arg-type]
    ears = scribes(["Yes, that would be great."], ["How can I help you?"])
    figures = replay_figures(calls, tmp_path / "scenarios", ears)
    assert (figures["turns"], figures["turns_found"]) == (3, 2)
    assert figures["words"] - figures["words_kept"] == 1


def test_a_folder_without_words_is_refused(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match=r"manifest\.json"):
        measure(str(tmp_path))
