"""`python -m harness.server`: the local Realtime server in a process of its own.

Prints one line of JSON when it is ready, and ends when its standard input closes (so it never
outlives whoever started it), on SIGTERM and on Ctrl-C. The key comes from the first line of
standard input or from HARNESS_API_KEY, never from an argument that others could read.
"""

from __future__ import annotations

import argparse
import asyncio
import contextlib
import gc
import json
import os
import secrets
import signal
import sys
import threading
from collections.abc import Sequence
from contextlib import AsyncExitStack
from pathlib import Path
from typing import Any

from harness.context.definition import ContextDefinition
from harness.context.threads.database import ThreadDatabase
from harness.context.threads.kept_threads import KeptThreads
from harness.context.threads.place import Place, place_of
from harness.environment import variable
from harness.errors import HarnessError, UsageError
from harness.peer.backends import DEFAULT_ENGINE, ENGINE_NAMES, peer_factory
from harness.peer.interface import PeerFactory
from harness.realtime.faults.parse import read_faults
from harness.realtime.server.assistants.script import Script
from harness.server.assistants.choice import LLM_KEY_VARIABLE, Assistants, Parts, parts_from
from harness.server.calls.registry import MOST_CALLS, Calls
from harness.server.chatkit.desk import ChatDesk, begin_contexts, page_contexts
from harness.server.faults.sources import FaultSources
from harness.server.http.address import LOOPBACK, check_any_key, check_key, url_of
from harness.server.process.child import END_LINE, why_not
from harness.server.process.log_lines import set_up_logging
from harness.server.process.several import (
    LOCK_FREE_WITHIN_S,
    SECRETS_FOLDER,
    fronting,
    remove_if_orphaned,
)
from harness.server.process.shared_secrets import SharedClientSecrets
from harness.server.process.single import listening
from harness.server.routes.state import ServerState

GROUP_NICENESS = -4
PART_OPTIONS = {
    "assistant": "script, echo, echo-sound, llm, or module:factory",
    "llm_url": f"an OpenAI-compatible endpoint; its key comes from {LLM_KEY_VARIABLE}",
    "llm_model": "the language model's name there",
    "detector": "speech detection, module:factory",
    "recogniser": "speech recognition, module:factory",
    "synthesiser": "speech synthesis, module:factory",
    "turn_completion": "whether a turn is over, module:factory",
}


def arguments() -> argparse.ArgumentParser:
    """The command line."""
    parser = argparse.ArgumentParser(
        prog="python -m harness.server",
        description="Run the local Realtime server.",
        parents=[_front_arguments()],
        allow_abbrev=False,
    )
    parser.add_argument("--engine", choices=ENGINE_NAMES, default=DEFAULT_ENGINE)
    parser.add_argument(
        "--max-calls",
        type=_positive,
        default=MOST_CALLS,
        help="calls at once in each process; more are answered 429",
    )
    parser.add_argument("--script", type=Path, help="what the assistant says, as JSON or YAML")
    parser.add_argument("--faults", type=Path, help="what goes wrong, as JSON or YAML")
    for name, help_text in PART_OPTIONS.items():
        parser.add_argument(f"--{name.replace('_', '-')}", metavar="NAME", help=help_text)
    parser.add_argument("--record", action="store_true", help="keep what calls receive")
    parser.add_argument("--seed", type=int, help="makes the ids of sessions repeat")
    parser.add_argument(
        "--context", action="append", help="a context whose tools work in calls of the chat page"
    )
    parser.add_argument("--threads", help="where written threads are kept: a file, or a URL")
    parser.add_argument("--socket", type=Path, help=argparse.SUPPRESS)
    parser.add_argument("--worker", type=int, default=0, help=argparse.SUPPRESS)
    return parser


def _front_arguments() -> argparse.ArgumentParser:
    """What concerns the server as a whole, and none of its workers."""
    parser = argparse.ArgumentParser(add_help=False, allow_abbrev=False)
    parser.add_argument("--host", default=LOOPBACK, help="the address to listen on")
    parser.add_argument("--port", type=int, default=0, help="0 picks a free one")
    parser.add_argument(
        "--workers", type=_positive, default=1, help="processes that the calls are spread over"
    )
    parser.add_argument(
        "--supervised",
        action="store_true",
        help="read {api_key, script, parts, faults, …} as JSON from stdin; end when it closes",
    )
    return parser


def _positive(text: str) -> int:
    if not text.isdecimal() or int(text) < 1:
        raise argparse.ArgumentTypeError(f"a whole number from 1 on, not {text!r}")
    return int(text)


async def serve(options: argparse.Namespace, for_workers: Sequence[str] = ()) -> None:
    """Run until told to stop.

    Args:
        for_workers: the part of the command line that each worker gets, if there are several.

    Raises:
        HarnessError: the script is wrong, the port cannot be had, or a key is missing.
    """
    make_peer = peer_factory(options.engine)  # before we wait to be told: importing takes a while
    given = _given() if options.supervised else {}
    chosen_key = given.get("api_key") or variable("HARNESS_API_KEY")
    check_key(options.host, chosen_key)
    check_any_key(options.host, bool(given.get("accept_any_key")))
    given["api_key"] = chosen_key or f"sk-local-{secrets.token_urlsafe(24)}"
    stop = _stop_event(is_supervised=options.supervised)
    if options.workers > 1:
        await _serve_many(options, given, for_workers, stop)
    else:
        await _serve_one(options, given, make_peer, stop)


async def _serve_one(
    options: argparse.Namespace,
    given: dict[str, Any],
    make_peer: PeerFactory,
    stop: Stop,
) -> None:
    parts = _parts(options, given)
    state = ServerState(
        api_key=given["api_key"],
        make_peer=make_peer,
        speech=parts.speech_workers(),
        assistants=Assistants(parts, _script(given.get("script"), options.script)),
        is_recording=options.record or bool(given.get("record")),
        seed=options.seed,
        worker=options.worker,
        accepts_any_key=bool(given.get("accept_any_key")),
        calls=Calls(options.max_calls),
        fault_sources=FaultSources(_faults(given.get("faults"), options.faults)),
        chat=ChatDesk(KeptThreads(_threads(options, given)), contexts=_contexts(options, given)),
    )
    await begin_contexts(state.chat)
    socket: Path | None = options.socket
    async with AsyncExitStack() as stack:
        if socket is not None:
            state.client_secrets = SharedClientSecrets(socket.parent / SECRETS_FOLDER)
            stack.callback(_clean_up, socket.parent, stop)  # however it ends
        port = await stack.enter_async_context(
            listening(state, host=options.host, port=options.port, socket=socket)
        )
        print(_ready_line(options.host, port, given["api_key"]), flush=True)
        state.speech.load()
        # What was imported stays: looking through it for garbage would hold up all calls' audio.
        gc.freeze()
        await stop.wait()


async def _serve_many(
    options: argparse.Namespace,
    given: dict[str, Any],
    for_workers: Sequence[str],
    stop: Stop,
) -> None:
    _script(given.get("script"), options.script)  # what is wrong is told once
    _parts(options, given)
    _faults(given.get("faults"), options.faults)
    _threads(options, given)
    _contexts(options, given)
    async with fronting(
        host=options.host,
        port=options.port,
        workers=options.workers,
        arguments=for_workers,
        given=given,
    ) as port:
        print(_ready_line(options.host, port, given["api_key"]), flush=True)
        await stop.wait()


def _given() -> dict[str, Any]:
    """What whoever supervises us hands in; and, in a session of our own, some priority."""
    _come_first()
    line = sys.stdin.readline()
    given: dict[str, Any] = json.loads(line) if line not in ("", END_LINE) else {}
    return given


def _come_first() -> None:
    """On a crowded machine a late audio frame is a hole in the sound. Root may prevent that.

    Linux weighs the groups of tasks that began in one session against each other (autogroup).
    """
    with contextlib.suppress(OSError):
        Path("/proc/self/autogroup").write_text(str(GROUP_NICENESS), encoding="ascii")


def _ready_line(host: str, port: int, api_key: str) -> str:
    url = url_of(host, port)
    ready = {"url": url, "page_url": f"{url}/", "api_key": api_key, "pid": os.getpid()}
    return json.dumps(ready)


def _parts(options: argparse.Namespace, given: dict[str, Any]) -> Parts:
    """What the command line names, or else whoever supervises us."""
    named = {name: getattr(options, name) for name in PART_OPTIONS}
    named["llm_key"] = variable(LLM_KEY_VARIABLE)
    named = {name: value for name, value in named.items() if value is not None}
    return parts_from(named | (given.get("parts") or {}))


def _script(given: Any, path: Path | None) -> Script:
    if given is None and path is None:
        return Script.model_validate({})
    try:
        return Script.model_validate(given if given is not None else _read(path))
    except ValueError as error:
        raise UsageError("The assistant's script is wrong.", found=str(error)) from error


def _faults(given: Any, path: Path | None) -> tuple[Any, ...]:
    return read_faults(given if path is None or given is not None else _read(path))


def _contexts(options: argparse.Namespace, given: dict[str, Any]) -> dict[str, ContextDefinition]:
    """What the chat page's calls may use, by name."""
    return page_contexts(options.context or given.get("contexts") or ())


def _threads(options: argparse.Namespace, given: dict[str, Any]) -> Place | None:
    """The file or database, which can be used: what is wrong with it is told at the start."""
    named = options.threads or given.get("threads")
    if named is None:
        return None
    place = place_of(named)
    ThreadDatabase(place).close()
    return place


def _read(path: Path | None) -> Any:
    import yaml

    from harness import yaml12

    try:
        return yaml12.load((path or Path()).read_text(encoding="utf-8"))
    except (OSError, yaml.YAMLError, ValueError, RecursionError) as error:
        raise UsageError(
            f"The file {path} cannot be read.", expected="YAML or JSON", found=str(error)
        ) from error


class Stop(asyncio.Event):
    """Set when the server is to end."""

    is_abandoned = False
    """Whoever started us is gone, or going, without having said so."""


def _clean_up(folder: Path, stop: Stop) -> None:
    remove_if_orphaned(folder, LOCK_FREE_WITHIN_S if stop.is_abandoned else 0.0)


def _stop_event(*, is_supervised: bool) -> Stop:
    loop = asyncio.get_running_loop()
    stop = Stop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, stop.set)
    if is_supervised:
        threading.Thread(target=_watch_stdin, args=(loop, stop), daemon=True).start()
    return stop


def _watch_stdin(loop: asyncio.AbstractEventLoop, stop: Stop) -> None:
    """Wait for the end of standard input: whoever started us wants our end, or is gone."""
    last = ""
    while line := sys.stdin.readline():
        last = line
    stop.is_abandoned = last != END_LINE
    if not loop.is_closed():
        loop.call_soon_threadsafe(stop.set)


def main(argv: list[str] | None = None) -> int:
    """Run the server; returns the exit code."""
    set_up_logging()
    try:
        _, for_workers = _front_arguments().parse_known_args(argv)
        options = arguments().parse_args(argv)
        asyncio.run(serve(options, for_workers))
    except HarnessError as error:
        if options.supervised:  # whoever supervises us tells it
            print(why_not(error), flush=True)
        else:
            print(error, file=sys.stderr)
        return error.exit_code
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
