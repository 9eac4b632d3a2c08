"""`python -m harness.server`: the local Realtime server in a process of its own.

Prints one line of JSON when it is ready, and ends when its standard input closes (so it never
outlives whoever started it), on SIGTERM and on Ctrl-C. The key comes from the first line of
standard input or from HARNESS_API_KEY, never from an argument that others could read.
"""

from __future__ import annotations

import argparse
import asyncio
import contextlib
import json
import logging
import os
import secrets
import signal
import sys
import threading
from pathlib import Path
from typing import Any

from aiohttp import web

from harness.errors import HarnessError, ServerStartError, UsageError
from harness.peer.engines import DEFAULT_ENGINE, ENGINE_NAMES, peer_factory
from harness.server.app import ServerState, create_app
from harness.server.script import Script
from harness.server.speech_workers import default_speech_workers

HOST = "127.0.0.1"
STOP_WITHIN_S = 5.0
GROUP_NICENESS = -4


def arguments() -> argparse.ArgumentParser:
    """The command line."""
    parser = argparse.ArgumentParser(
        prog="python -m harness.server", description="Run the local Realtime server."
    )
    parser.add_argument("--port", type=int, default=0, help="0 picks a free one")
    parser.add_argument("--engine", choices=ENGINE_NAMES, default=DEFAULT_ENGINE)
    parser.add_argument("--script", type=Path, help="what the assistant says, as JSON or YAML")
    parser.add_argument("--record", action="store_true", help="keep what calls receive")
    parser.add_argument("--seed", type=int, help="makes the ids of sessions repeat")
    parser.add_argument(
        "--supervised",
        action="store_true",
        help="read {api_key, script} as one line of JSON from standard input; end when it closes",
    )
    return parser


async def serve(options: argparse.Namespace) -> None:
    """Run until told to stop.

    Raises:
        HarnessError: the script is wrong, or the port cannot be had.
    """
    given = _given() if options.supervised else {}
    api_key = given.get("api_key") or os.environ.get("HARNESS_API_KEY")
    api_key = api_key or f"sk-local-{secrets.token_urlsafe(24)}"
    state = ServerState(
        api_key=api_key,
        make_peer=peer_factory(options.engine),
        speech=default_speech_workers(),
        script=_script(given.get("script"), options.script),
        is_recording=options.record,
        seed=options.seed,
    )
    stop = _stop_event(is_supervised=options.supervised)
    runner = web.AppRunner(create_app(state), access_log=None, shutdown_timeout=STOP_WITHIN_S)
    await runner.setup()
    try:
        port = await _listen(runner, options.port)
        print(_ready_line(port, api_key), flush=True)
        state.speech.load()
        await stop.wait()
    finally:
        await runner.cleanup()


def _given() -> dict[str, Any]:
    """What whoever supervises us hands in; and, in a session of our own, some priority."""
    _come_first()
    given: dict[str, Any] = json.loads(sys.stdin.readline() or "{}")
    return given


def _come_first() -> None:
    """On a crowded machine a late audio frame is a hole in the sound. Root may prevent that.

    Linux weighs the groups of tasks that began in one session against each other (autogroup).
    """
    with contextlib.suppress(OSError):
        Path("/proc/self/autogroup").write_text(str(GROUP_NICENESS), encoding="ascii")


async def _listen(runner: web.AppRunner, port: int) -> int:
    site = web.TCPSite(runner, HOST, port)
    try:
        await site.start()
    except OSError as error:
        raise ServerStartError(
            "The server cannot listen.",
            expected=f"port {port} of {HOST} to be free",
            found=error.strerror or str(error),
            hint="pick another port, or 0 for any free one",
        ) from error
    return int(runner.addresses[0][1])


def _ready_line(port: int, api_key: str) -> str:
    url = f"http://{HOST}:{port}"
    ready = {"url": url, "page_url": f"{url}/", "api_key": api_key, "pid": os.getpid()}
    return json.dumps(ready)


def _script(given: Any, path: Path | None) -> Script:
    if given is None and path is None:
        return Script.model_validate({})
    try:
        return Script.model_validate(given if given is not None else _read(path))
    except ValueError as error:
        raise UsageError("The assistant's script is wrong.", found=str(error)) from error


def _read(path: Path | None) -> Any:
    import yaml

    try:
        return yaml.safe_load((path or Path()).read_text(encoding="utf-8"))
    except (OSError, yaml.YAMLError, UnicodeDecodeError) as error:
        raise UsageError(
            f"The script {path} cannot be read.", expected="YAML or JSON", found=str(error)
        ) from error


def _stop_event(*, is_supervised: bool) -> asyncio.Event:
    loop = asyncio.get_running_loop()
    stop = asyncio.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, stop.set)
    if is_supervised:
        threading.Thread(target=_watch_stdin, args=(loop, stop), daemon=True).start()
    return stop


def _watch_stdin(loop: asyncio.AbstractEventLoop, stop: asyncio.Event) -> None:
    """Wait for the end of standard input: whoever started us is gone then."""
    while sys.stdin.readline():
        pass
    if not loop.is_closed():
        loop.call_soon_threadsafe(stop.set)


def main(argv: list[str] | None = None) -> int:
    """Run the server; returns the exit code."""
    logging.basicConfig(level=logging.WARNING, format="%(levelname)s %(name)s: %(message)s")
    try:
        asyncio.run(serve(arguments().parse_args(argv)))
    except HarnessError as error:
        print(error, file=sys.stderr)
        return error.exit_code
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
