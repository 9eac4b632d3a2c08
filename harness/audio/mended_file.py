"""A file's bytes under another header, without a copy of them: a recording may be of gigabytes."""

from __future__ import annotations

import io
from pathlib import Path
from typing import BinaryIO


class MendedFile(io.RawIOBase):
    """Reads as a header followed by a part of a file.

    Args:
        header: what comes first.
        path: the file.
        start: its first byte that follows the header.
        length: how many follow.

    Raises:
        OSError: the file cannot be opened.
    """

    def __init__(self, header: bytes, path: Path, start: int, length: int) -> None:
        super().__init__()
        self._header = header
        self._start = start
        self._length = len(header) + length
        self._position = 0
        self._file: BinaryIO = path.open("rb")

    def readable(self) -> bool:
        """Yes."""
        return True

    def seekable(self) -> bool:
        """Yes."""
        return True

    def tell(self) -> int:
        """Bytes from the first one of the header."""
        return self._position

    def seek(self, offset: int, whence: int = io.SEEK_SET) -> int:
        """As of any file."""
        base = {io.SEEK_SET: 0, io.SEEK_CUR: self._position, io.SEEK_END: self._length}[whence]
        self._position = max(0, base + offset)
        return self._position

    def readinto(self, buffer: memoryview) -> int:  # type: ignore[override]
        """Fill the buffer as far as there is something, over the header's end, too.

        Raises:
            ValueError: it was closed.
        """
        if self.closed:
            raise ValueError("I/O operation on closed file")
        wanted = max(0, min(len(buffer), self._length - self._position))
        of_header = self._header[self._position : self._position + wanted]
        data = of_header
        if len(of_header) < wanted:
            self._file.seek(self._start + max(0, self._position - len(self._header)))
            data = of_header + self._file.read(wanted - len(of_header))
        buffer[: len(data)] = data
        self._position += len(data)
        return len(data)

    def close(self) -> None:
        """Let go of the file."""
        self._file.close()
        super().close()
