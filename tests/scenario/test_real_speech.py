"""Speech engines of calls in real time."""

from __future__ import annotations

from typing import Any, cast

import pytest

from harness.scenario.real_speech import RealSpeech


class Ear:
    def __init__(self, broken: Exception | None = None) -> None:
        self.loaded = 0
        self._broken = broken

    def load(self) -> None:
        self.loaded += 1
        if self._broken is not None:
            raise self._broken


@pytest.mark.parametrize("broken", [None, OSError("no model")])
async def test_the_first_ear_is_loaded_while_the_user_speaks(broken: Exception | None) -> None:
    """One that cannot load says so where it is needed, not here."""
    ear = Ear(broken)
    speech = RealSpeech(cast("Any", None), cast("Any", None), cast("Any", (ear,)))
    async with speech.loading():
        pass
    assert ear.loaded == 1
