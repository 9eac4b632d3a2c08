"""``harness serve``: the local Realtime server and the page, for people and other tools."""

from __future__ import annotations

import json
import sys
from pathlib import Path

from harness.cli.interrupts import run_async


def serve_until_stopped(*, port: int, script: Path | None, as_json: bool) -> int:
    """Start the server in a process of its own, say where it is, and stay until stopped."""
    run_async(_serve(port, script, as_json))
    return 0


async def _serve(port: int, script: Path | None, as_json: bool) -> None:
    from harness.server.process import start_server

    async with start_server(port=port, script=script) as server:
        if as_json:
            facts = {"url": server.url, "page_url": server.page_url, "api_key": server.api_key}
            print(json.dumps(facts), flush=True)
        else:
            print(f"Page:    {server.page_url}   (open it in a browser and talk)")
            print(f"Server:  {server.url}")
            print(f"Key:     {server.api_key}   (made for this server, worth nothing elsewhere)")
            print("harness: Ctrl-C stops it", file=sys.stderr)
            sys.stdout.flush()
        await server.wait()
