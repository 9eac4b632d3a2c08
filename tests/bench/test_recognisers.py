from __future__ import annotations

import sys

import pytest

from harness.bench.recognisers import SphinxRecogniser
from harness.errors import SpeechError


def test_one_that_is_not_there_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "pocketsphinx", None)
    with pytest.raises(SpeechError, match="pocketsphinx"):
        SphinxRecogniser()
