import errno
import os
from pathlib import Path
from typing import BinaryIO

import pytest

from harness.audio.files import write_atomically
from harness.errors import ArtifactError


def _full_disk(file: BinaryIO) -> None:
    file.write(b"half of it")
    raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))


def test_a_new_file_is_there_as_a_whole(tmp_path: Path) -> None:
    def write(file: BinaryIO) -> None:
        file.write(b"all")

    write_atomically(tmp_path / "new" / "a", write)
    assert (tmp_path / "new" / "a").read_bytes() == b"all"


def test_a_full_disk_leaves_the_old_file_and_nothing_else(tmp_path: Path) -> None:
    (tmp_path / "a").write_bytes(b"old")
    with pytest.raises(ArtifactError, match="No space left") as caught:
        write_atomically(tmp_path / "a", _full_disk)
    assert caught.value.hint
    assert [(p.name, p.read_bytes()) for p in tmp_path.iterdir()] == [("a", b"old")]


def test_an_interruption_leaves_nothing_and_stays_what_it_was(tmp_path: Path) -> None:
    def interrupted(file: BinaryIO) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        write_atomically(tmp_path / "a", interrupted)
    assert list(tmp_path.iterdir()) == []
