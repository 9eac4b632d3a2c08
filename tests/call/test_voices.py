"""Voices on several sources, and what becomes of a source that has gone."""

from __future__ import annotations

import numpy as np
import pytest

from harness.call.voices import Voices
from harness.line.audio import AudioFrames
from harness.speech.voice_activity import VoiceActivity
from tests.support.fake_speech import FakeDetector

TONE = (0.3 * np.sin(np.arange(48_000) * 0.06)).astype(np.float32)
QUIET = np.zeros(48_000, np.float32)


def voices() -> Voices:
    return Voices(lambda: VoiceActivity(FakeDetector()))


def piece(start_s: float, samples: np.ndarray, source: str = "frame/connection-0") -> AudioFrames:
    return AudioFrames(start_s, samples, source, round(start_s * 48_000))


def kinds(heard: Voices, *pieces: AudioFrames) -> list[str]:
    return [change.kind for each in pieces for change in heard.hear(each)]


def test_voice_goes_on_while_any_source_has_some() -> None:
    heard = voices()
    assert kinds(heard, piece(0.0, TONE, "frame/a"), piece(0.5, TONE, "frame/b")) == ["started"]
    assert kinds(heard, piece(1.0, QUIET, "frame/a")) == []
    assert kinds(heard, piece(1.5, QUIET, "frame/b")) == ["stopped"]


def test_connections_that_are_closed_are_let_go() -> None:
    heard = voices()
    for number in range(200):
        source = f"frame/connection-{number}"
        assert kinds(heard, piece(number, TONE, source)) == ["started"]
        heard.close(source)
        assert kinds(heard, piece(number + 1.0, QUIET, source)) == ["stopped"], "it was in mid-word"
    assert len(heard) == 0


def test_what_a_closed_connection_still_reports_is_no_new_source() -> None:
    heard = voices()
    heard.hear(piece(0.0, QUIET))
    heard.close("frame/connection-0")
    assert kinds(heard, piece(1.0, TONE)) == []
    assert len(heard) == 0


def test_a_document_that_goes_in_mid_word_ends_its_voice() -> None:
    """Its samples had come till 1.0 s, it went at 1.1 s; a piece from before that comes late."""
    heard = voices()
    heard.hear(piece(0.0, TONE))
    heard.hear(piece(0.0, QUIET, "frame/page"))
    heard.hear(piece(0.0, QUIET, "other/page"))
    ended = heard.unload("frame", 1.0, 1.1)
    assert ended is not None
    assert (ended.kind, ended.t_s) == ("stopped", 1.0)
    assert ended.uncertainty_s == pytest.approx(0.1)
    assert kinds(heard, piece(1.0, TONE)) == []
    assert len(heard) == 1
    assert heard.unload("frame", 1.2, 1.2) is None


def test_a_document_that_comes_back_is_heard_again() -> None:
    heard = voices()
    heard.unload("frame", 1.0, 1.0)
    assert kinds(heard, piece(5.0, TONE)) == ["started"]


def test_a_voice_that_another_one_covers_ends_with_that() -> None:
    heard = voices()
    heard.hear(piece(0.0, TONE, "frame/a"))
    heard.hear(piece(0.0, TONE, "other/b"))
    assert heard.unload("frame", 1.0, 1.0) is None
    ended = heard.forget("other/b", 1.5)
    assert ended is not None
    assert ended.t_s == 1.5
    assert heard.forget("other/b", 1.5) is None
