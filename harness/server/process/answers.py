"""Look at whether a server of ours still answers, by asking it as anybody would."""

from __future__ import annotations

import asyncio
from urllib.parse import urlsplit

ANSWERS_WITHIN_S = 3.0


async def answers(url: str, within_s: float = ANSWERS_WITHIN_S) -> bool:
    """Whether anything comes from ``/healthz`` in time; that it is 200 is not asked."""
    parts = urlsplit(url)
    host, port = parts.hostname or "", parts.port or 80
    try:
        async with asyncio.timeout(within_s):
            reader, writer = await asyncio.open_connection(host, port)
            try:
                writer.write(f"GET /healthz HTTP/1.1\r\nHost: {parts.netloc}\r\n\r\n".encode())
                return bool(await reader.readline())
            finally:
                writer.close()
    except (OSError, TimeoutError):
        return False
