from __future__ import annotations

import sys

import pytest

from harness.bench.recognisers import SphinxRecogniser, WhisperRecogniser
from harness.errors import SpeechError


@pytest.mark.parametrize(
    ("make", "module", "package"),
    [
        (WhisperRecogniser, "faster_whisper", "faster-whisper"),
        (SphinxRecogniser, "pocketsphinx", "pocketsphinx"),
    ],
)
def test_one_that_is_not_there_says_what_to_install(
    monkeypatch: pytest.MonkeyPatch,
    make: type[WhisperRecogniser | SphinxRecogniser],
    module: str,
    package: str,
) -> None:
    monkeypatch.setitem(sys.modules, module, None)
    with pytest.raises(SpeechError, match=package):
        make()
