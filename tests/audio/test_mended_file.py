"""A file under another header reads as both, one after the other."""

from __future__ import annotations

import io
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from harness.audio.mended_file import MendedFile

BYTES = bytes(range(200))


@pytest.fixture
def mended(tmp_path: Path) -> MendedFile:
    (tmp_path / "a").write_bytes(BYTES)
    return MendedFile(b"HEADER", tmp_path / "a", 50, 100)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.tuples(st.sampled_from([0, 1, 2]), st.integers(-50, 120), st.integers(0, 80))))
def test_it_reads_as_bytes_in_memory_would(
    mended: MendedFile, steps: list[tuple[int, int, int]]
) -> None:
    """Each step: from where, how far, and how much is read there."""
    plain = io.BytesIO(b"HEADER" + BYTES[50:150])
    mended.seek(0)
    for whence, offset, count in steps:
        base = (0, plain.tell(), 106)[whence]
        place = plain.seek(max(0, base + offset))
        assert mended.seek(offset, whence) == place
        assert mended.read(count) == plain.read(count)
        assert mended.tell() == plain.tell()


def test_it_lets_go_of_the_file(mended: MendedFile) -> None:
    assert mended.readable()
    assert mended.seekable()
    mended.close()
    with pytest.raises(ValueError, match="closed"):
        mended.read(1)
