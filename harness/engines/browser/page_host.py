"""Serve our own page for one call, on loopback, with a secret minted in Python."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager
from typing import Any

from aiohttp import web

from harness.client.server_api import ServerAddress, mint_secret
from harness.errors import HarnessError
from harness.server.routes.page import page_app


@asynccontextmanager
async def host_page(
    server: ServerAddress,
    session: Mapping[str, Any],
    on_problem: Callable[[HarnessError], None],
    on_secret: Callable[[str], None],
) -> AsyncIterator[str]:
    """The address of our page, which starts its call by itself.

    Args:
        on_problem: told when no secret could be had; the page only sees that it failed.
        on_secret: told each secret, so that it can be masked everywhere.
    """

    async def mint(_: web.Request) -> dict[str, Any]:
        try:
            minted = await mint_secret(server, session)
        except HarnessError as error:
            on_problem(error)
            raise
        on_secret(minted["client_secret"])
        return minted

    runner = web.AppRunner(page_app(mint), access_log=None, shutdown_timeout=1)
    await runner.setup()
    try:
        site = web.TCPSite(runner, "127.0.0.1", 0)
        await site.start()
        port = runner.addresses[0][1]
        yield f"http://127.0.0.1:{port}/?autostart=1"
    finally:
        await runner.cleanup()
