import hashlib
from pathlib import Path

import pytest

from harness.errors import SpeechError
from harness.speech.weights import check_weights, engine_missing


def test_the_expected_file_is_accepted(tmp_path: Path) -> None:
    (tmp_path / "a").write_bytes(b"weights")
    check_weights(tmp_path, {"a": hashlib.sha256(b"weights").hexdigest()}, "engine==1")


def test_another_content_is_told(tmp_path: Path) -> None:
    (tmp_path / "a").write_bytes(b"other")
    with pytest.raises(SpeechError, match="not the one") as caught:
        check_weights(tmp_path, {"a": "0" * 64}, "engine==1")
    assert caught.value.hint == "pip install --force-reinstall engine==1"


def test_a_missing_file_is_told(tmp_path: Path) -> None:
    with pytest.raises(SpeechError, match="cannot be read"):
        check_weights(tmp_path, {"a": "0" * 64}, "engine==1")


def test_a_missing_engine_names_its_package() -> None:
    error = engine_missing("Speech detection", "engine==1", ImportError("no engine"))
    assert (error.hint, error.found) == ("pip install engine==1", "ImportError: no engine")
