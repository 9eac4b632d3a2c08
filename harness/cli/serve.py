"""``harness serve``: the local Realtime server and the page, for people and other tools."""

from __future__ import annotations

import asyncio
import json
import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

from harness.cli.interrupts import run_async
from harness.errors import ServerError, UsageError

if TYPE_CHECKING:
    from harness.server.process import RunningServer

ALIVE_EVERY_S = 0.5


def serve_until_stopped(*, port: int, script: Path | None, as_json: bool) -> int:
    """Start the server in a process of its own, say where it is, and stay until stopped."""
    run_async(_serve(port, None if script is None else read_script(script), as_json))
    return 0


def read_script(path: Path) -> dict[str, Any]:
    """What the assistant says, from a YAML or JSON file.

    Raises:
        UsageError: no such file, or not a script; names the place in it.
    """
    import yaml
    from pydantic import ValidationError

    from harness.server.script import Script

    try:
        data = yaml.safe_load(path.read_text(encoding="utf-8"))
        return Script.model_validate(data or {}).model_dump(exclude_none=True)
    except (OSError, UnicodeDecodeError) as error:
        found = getattr(error, "strerror", None) or "not text in UTF-8"
        raise _no_script(path, str(found)) from error
    except yaml.YAMLError as error:
        raise _no_script(path, " ".join(str(error).split())) from error
    except ValidationError as error:
        first = error.errors(include_url=False)[0]
        place = ".".join(map(str, first["loc"]))
        raise _no_script(path, f"{place or 'the file'}: {first['msg']}") from error


def _no_script(path: Path, found: str) -> UsageError:
    return UsageError(
        f"Cannot use {path} as the assistant's script.",
        expected="YAML or JSON like {rules: [{when: {words: [table]}, say: For how many?}]}",
        found=found,
        hint="the same as under “assistant:” in a scenario file",
    )


async def _serve(port: int, script: dict[str, Any] | None, as_json: bool) -> None:
    from harness.server.process import start_server

    async with start_server(port=port, script=script) as server:
        _say_where(server, as_json)
        await _until_it_ends(server)


def _say_where(server: RunningServer, as_json: bool) -> None:
    if as_json:
        facts = {"url": server.url, "page_url": server.page_url, "api_key": server.api_key}
        print(json.dumps(facts), flush=True)
        return
    print(f"Page:    {server.page_url}   (open it in a browser and talk)")
    print(f"Server:  {server.url}")
    print(f"Key:     {server.api_key}   (made for this server, worth nothing elsewhere)")
    sys.stdout.flush()
    print("harness: Ctrl-C stops it", file=sys.stderr)


async def _until_it_ends(server: RunningServer) -> None:
    """Wait as long as the server lives; its own end is an error, ours comes by a signal."""
    while _lives(server.pid):  # noqa: ASYNC110 - nobody tells us of another's end
        await asyncio.sleep(ALIVE_EVERY_S)
    raise ServerError(
        "The local server ended by itself.",
        expected="a server until Ctrl-C",
        found=" | ".join(list(server.log)[-6:]) or "no message from it",
    )


def _lives(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return True
