"""``harness serve``: the local Realtime server and the page, for people and other tools."""

from __future__ import annotations

import asyncio
import json
import os
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from harness.cli.interrupts import run_async
from harness.environment import variable as read_variable
from harness.errors import ServerError, UsageError
from harness.server.http.address import check_any_key, check_host, check_key, is_loopback

if TYPE_CHECKING:
    from harness.cassette.shelf import CassetteOptions
    from harness.server.assistants.choice import Parts
    from harness.server.process.launch import RunningServer

ALIVE_EVERY_S = 0.5
LOOK_EVERY_S = 2.0
"""How often it is asked whether it answers."""


ANY_KEY = (
    "harness: WARNING: this server accepts ANY key, and none: every program and every web page on "
    "this machine can begin calls here. End it when you have tried what you wanted to try."
)
KEY_VARIABLE = "HARNESS_API_KEY"
SHORT_KEY_CHARS = 16


@dataclass(frozen=True, slots=True)
class ServeOptions:
    """What the user chose."""

    host: str
    port: int
    workers: int | None
    max_calls: int | None
    script: Path | None
    api_key_env: str | None
    as_json: bool
    parts: Mapping[str, str | None] = field(default_factory=dict)
    """Who answers, hears and speaks, as `harness.server.assistants.choice.Parts` names it."""
    llm_key_env: str | None = None
    faults: Path | None = None
    accept_any_key: bool = False
    threads: str | None = field(default=None, repr=False)  # may hold a password
    """Where written threads are kept, a file or the URL of a database; None for memory."""
    contexts: Sequence[Path] = ()
    """Context files whose tools are at work in calls of the chat page."""
    cassette: CassetteOptions | None = None
    """What answers from a cassette, and how."""


def serve_until_stopped(options: ServeOptions) -> int:
    """Start the server in processes of its own, say where it is, and stay until stopped.

    Raises:
        UsageError: no such script or address, or no key for a server that others can reach.
    """
    api_key = chosen_key(options.api_key_env, os.environ)
    check_host(options.host)  # first: what is no address needs no key
    check_key(options.host, api_key)
    check_any_key(options.host, options.accept_any_key)
    script = None if options.script is None else read_script(options.script)
    faults = () if options.faults is None else read_fault_file(options.faults)
    run_async(_serve(options, api_key, script, chosen_parts(options, os.environ), faults))
    return 0


def chosen_parts(options: ServeOptions, environment: Mapping[str, str]) -> Parts:
    """Who answers, hears and speaks.

    Raises:
        UsageError: it does not go together, or the variable that was named holds no key.
    """
    from harness.server.assistants.choice import LLM_KEY_VARIABLE, parts_from

    named: dict[str, Any] = dict(options.parts)
    if options.cassette is not None:
        named |= _cassette(options.cassette)
    if options.llm_key_env is not None and not environment.get(options.llm_key_env):
        raise UsageError(
            f"The environment variable {options.llm_key_env} holds no key.",
            expected="the language model's key in it",
            hint="--llm-key-env takes the variable's name, never the key",
        )
    named["llm_key"] = read_variable(options.llm_key_env or LLM_KEY_VARIABLE, environment)
    if options.script is not None and named.get("assistant") not in (None, "script"):
        raise UsageError(
            "A script belongs to the assistant “script”.",
            expected="either --script or another --assistant",
            found=f"--script {options.script} and --assistant {named['assistant']}",
        )
    return parts_from({name: value for name, value in named.items() if value is not None})


def _cassette(options: CassetteOptions) -> dict[str, Any]:
    """As `harness.server.assistants.choice.Parts` names it, read once to see that it can be used.

    Raises:
        UsageError: it cannot, or it is not one.
    """
    from harness.cassette.shelf import Shelf

    names = Shelf(options).names
    if "" not in names:
        raise UsageError(
            f"{options.folder} holds several cassettes, and a server answers from one.",
            expected=" or ".join(str(options.folder / name) for name in names),
            found=f"{options.folder}",
        )
    folder = str(options.folder.absolute())
    return {"cassette": folder, "delays": options.delays, "lenient": options.lenient}


def usual_workers(cores: int) -> int:
    """How many processes suit a machine.

    A full process keeps one core busy with its event loop, and another with codecs and speech.
    More than four are for whoever asks: each takes 300 MB.
    """
    return min(4, max(1, cores // 2))


def _cores() -> int:
    """Those that we may use."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def chosen_key(variable: str | None, environment: Mapping[str, str]) -> str | None:
    """The key of the user's choosing; None where they chose none.

    Args:
        variable: the one they named; where they named none, HARNESS_API_KEY is looked at.

    Raises:
        UsageError: the variable they named is not set.
    """
    if variable is None:
        return read_variable(KEY_VARIABLE, environment) or None
    if not environment.get(variable):
        raise UsageError(
            f"The environment variable {variable} holds no key.",
            expected=f"the server's API key in {variable}",
            found="nothing" if variable in environment else "no such variable",
            hint=f"export {variable}=…; --api-key-env takes the variable's name, never the key",
        )
    return environment[variable]


def read_script(path: Path) -> dict[str, Any]:
    """What the assistant says, from a YAML or JSON file.

    Raises:
        UsageError: no such file, or not a script; names the place in it.
    """
    import yaml
    from pydantic import ValidationError

    from harness import yaml12
    from harness.realtime.server.assistants.script import Script

    try:
        data = yaml12.load(path.read_text(encoding="utf-8"))
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
    except (ValueError, RecursionError) as error:
        raise _no_script(path, str(error)) from error


def read_fault_file(path: Path) -> tuple[Any, ...]:
    """What is to go wrong, from a YAML or JSON file: a list, or `faults:` with one.

    Raises:
        UsageError: no such file, or no such fault; names the nearest one.
    """
    import yaml

    from harness import yaml12
    from harness.realtime.faults.parse import read_faults

    try:
        return read_faults(yaml12.load(path.read_text(encoding="utf-8")))
    except UsageError as error:
        raise _no_faults(path, error.found or error.message) from error
    except (OSError, UnicodeDecodeError) as error:
        found = getattr(error, "strerror", None) or "not text in UTF-8"
        raise _no_faults(path, str(found)) from error
    except (yaml.YAMLError, ValueError, RecursionError) as error:
        raise _no_faults(path, " ".join(str(error).split())) from error


def _no_faults(path: Path, found: str) -> UsageError:
    return UsageError(
        f"Cannot use {path} as faults.",
        expected="YAML or JSON like [{fault: event_late, events: response.done, delay_s: 2}]",
        found=found,
        hint="harness/docs/faults.md has all of them",
    )


def _no_script(path: Path, found: str) -> UsageError:
    return UsageError(
        f"Cannot use {path} as the assistant's script.",
        expected="YAML or JSON like {rules: [{when: {words: [table]}, say: For how many?}]}",
        found=found,
        hint="the same as under “assistant:” in a scenario file",
    )


async def _serve(
    options: ServeOptions,
    api_key: str | None,
    script: dict[str, Any] | None,
    parts: Parts,
    faults: Sequence[Any] = (),
) -> None:
    from harness.server.process.launch import start_server

    async with start_server(
        port=options.port,
        script=script,
        api_key=api_key,
        host=options.host,
        workers=options.workers or usual_workers(_cores()),
        max_calls=options.max_calls,
        parts=parts,
        faults=faults,
        accept_any_key=options.accept_any_key,
        threads=options.threads,
        contexts=[path.absolute() for path in options.contexts],
        when_logged=_pass_on,
    ) as server:
        _say_where(server, options, api_key)
        looking = asyncio.create_task(_say_when_stuck(server.url), name="stuck")
        try:
            await _until_it_ends(server)
        finally:
            looking.cancel()
            await asyncio.gather(looking, return_exceptions=True)


def _say_where(server: RunningServer, options: ServeOptions, api_key: str | None) -> None:
    """A key that the user chose is theirs to know: it goes into no terminal and no log."""
    if options.accept_any_key:
        print(ANY_KEY, file=sys.stderr, flush=True)
    if options.as_json:
        facts = {"url": server.url, "page_url": server.page_url}
        shown = server.api_key if api_key is None else None
        print(json.dumps({**facts, "api_key": shown}), flush=True)
        return
    print(f"Page:    {server.page_url}   (open it in a browser and talk)")
    print(f"Chat:    {server.url}/chat   (write and talk, in one thread)")
    print(f"Server:  {server.url}{_beyond(options.host)}")
    print(f"Status:  {server.url}/status")
    if (cassette := options.cassette) is not None:
        print(f"Answers: {cassette.in_words}")
    if api_key is None:
        print(f"Key:     {server.api_key}   (made for this server, worth nothing elsewhere)")
    else:
        print(f"Key:     the one in {options.api_key_env or KEY_VARIABLE}")
    sys.stdout.flush()
    if api_key is not None and not is_loopback(options.host) and len(api_key) < SHORT_KEY_CHARS:
        print(
            f"harness: a key of {len(api_key)} characters can be guessed; others can reach this "
            "server",
            file=sys.stderr,
        )
    print("harness: Ctrl-C stops it", file=sys.stderr)


def _beyond(host: str) -> str:
    if is_loopback(host):
        return ""
    everywhere = host in ("0.0.0.0", "::", "")
    return "   (and by every address of this machine)" if everywhere else ""


async def _until_it_ends(server: RunningServer) -> None:
    """Wait as long as the server lives; its own end is an error, ours comes by a signal."""
    while _lives(server.pid):  # noqa: ASYNC110 - nobody tells us of another's end
        await asyncio.sleep(ALIVE_EVERY_S)
    raise ServerError(
        "The local server ended by itself.",
        expected="a server until Ctrl-C",
        found=" | ".join(list(server.log)[-6:]) or "no word from it: it was killed",
    )


async def _say_when_stuck(url: str) -> None:
    """A server that lives and answers nobody is said to be so, and said to be back."""
    from harness.server.process.answers import answers

    is_stuck = False
    while True:
        await asyncio.sleep(LOOK_EVERY_S)
        if (await answers(url)) is is_stuck:
            is_stuck = not is_stuck
            _pass_on(f"harness: the server {'does not answer' if is_stuck else 'answers again'}")


def _pass_on(line: str) -> None:
    """The server's log is ours: what goes wrong there nobody would see otherwise."""
    print(line, file=sys.stderr, flush=True)


def _lives(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return True
