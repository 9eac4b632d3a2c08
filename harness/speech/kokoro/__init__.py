"""Kokoro-82M: the voice that people and recognisers understand."""

from harness.speech.kokoro.synthesiser import KokoroSynthesiser

__all__ = ["KokoroSynthesiser"]
