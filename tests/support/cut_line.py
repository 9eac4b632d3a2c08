"""A TCP line to a server that a test cuts in the middle."""

from __future__ import annotations

import asyncio
import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

_REQUEST = re.compile(rb"^([A-Z]+ \S+) HTTP/1\.1\r$", re.MULTILINE)


class CutLine:
    """Stands before a server; made by `cut_line`."""

    def __init__(self, host: str, port: int) -> None:
        self._host, self._port = host, port
        self._ends: set[asyncio.StreamWriter] = set()
        self._server: asyncio.Server | None = None
        self.asked: list[str] = []
        """Method and path of each request that went through."""

    async def open(self) -> str:
        """The address to ask instead of the server's."""
        self._server = await asyncio.start_server(self._carry, "127.0.0.1", 0)
        return "http://127.0.0.1:{1}".format(*self._server.sockets[0].getsockname())

    def cut(self, *, for_good: bool = False) -> None:
        """Break all connections; for good: there are no new ones, either."""
        if for_good and self._server is not None:
            self._server.close()
        for end in self._ends:
            end.transport.abort()

    async def _carry(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        back, there = await asyncio.open_connection(self._host, self._port)
        self._ends |= {writer, there}
        await asyncio.gather(
            self._pass(reader, there, notes=True), self._pass(back, writer, notes=False)
        )

    async def _pass(
        self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, *, notes: bool
    ) -> None:
        try:
            while data := await reader.read(65536):
                if notes:
                    self.asked += [found.decode() for found in _REQUEST.findall(data)]
                writer.write(data)
        except ConnectionError:
            pass
        finally:
            writer.close()
            self._ends.discard(writer)


@asynccontextmanager
async def cut_line(host: str, port: int) -> AsyncIterator[tuple[CutLine, str]]:
    """A line to a server, and its address."""
    line = CutLine(host, port)
    url = await line.open()
    try:
        yield line, url
    finally:
        line.cut(for_good=True)
