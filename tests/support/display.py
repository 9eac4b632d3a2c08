"""A screen for windows: the machine's own, or one that Xvfb keeps in memory."""

from __future__ import annotations

import asyncio
import os
import shutil
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

HAS_DISPLAY = bool(os.environ.get("DISPLAY")) or shutil.which("Xvfb") is not None
STARTS_WITHIN_S = 20.0


@asynccontextmanager
async def open_display() -> AsyncIterator[str]:
    """What DISPLAY has to be; Xvfb is started where there is no screen, and ended."""
    if own := os.environ.get("DISPLAY"):
        yield own
        return
    read, write = os.pipe()
    try:
        screen = ("-screen", "0", "1280x720x24", "-nolisten", "tcp")
        server = await asyncio.create_subprocess_exec(
            "Xvfb",
            *("-displayfd", str(write), *screen),
            pass_fds=(write,),
            stdout=asyncio.subprocess.DEVNULL,
            stderr=asyncio.subprocess.DEVNULL,
        )
    finally:
        os.close(write)
    try:
        # It says its number, once it listens; where it fails, the pipe ends.
        async with asyncio.timeout(STARTS_WITHIN_S):
            number = await asyncio.to_thread(os.read, read, 16)
        assert number.strip(), "Xvfb did not start"
        yield f":{number.decode().strip()}"
    finally:
        os.close(read)
        if server.returncode is None:
            server.terminate()
        await server.wait()
