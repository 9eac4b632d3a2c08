"""A server in several processes: a front that everybody talks to, and workers that have the calls.

They share a folder that only we can open: the workers' sockets, and the client secrets' hashes.
"""

from __future__ import annotations

import fcntl
import shutil
import tempfile
import time
from collections.abc import AsyncIterator, Iterator, Sequence
from contextlib import AsyncExitStack, asynccontextmanager, contextmanager
from pathlib import Path
from typing import Any

from aiohttp import web

from harness.server.http.connection_guard import listening_at, port_of
from harness.server.process.front import Front
from harness.server.process.front_app import Everybody, front_app
from harness.server.process.workers import Workers

SECRETS_FOLDER = "secrets"
FRONT_LOCK = "front.lock"
"""Held by the front as long as it lives, however it ends."""

FOLDER_PREFIX = "harness-server-"
REMOVALS = 3
LOOK_EVERY_S = 0.01
LOCK_FREE_WITHIN_S = 5.0
"""How long a front that was killed may hold its lock: on a busy machine it dies slowly."""

LONGEST_FOLDER = 80
"""A Unix socket's whole path has to fit into 107 bytes."""


@asynccontextmanager
async def fronting(
    *,
    host: str,
    port: int,
    workers: int,
    arguments: Sequence[str],
    given: dict[str, Any],
) -> AsyncIterator[int]:
    """Serve for the length of the block; gives the port.

    Args:
        workers: how many processes besides this one.
        arguments: for each of them.
        given: for each one's standard input; ``api_key`` among it.

    Raises:
        ServerStartError: the port cannot be had, or a worker does not come up.
    """
    async with AsyncExitStack() as stack:
        folder = stack.enter_context(private_folder())
        (folder / SECRETS_FOLDER).mkdir(mode=0o700)
        everybody = Everybody()
        crew = Workers(workers, folder, arguments, given, when_back=everybody.teach)
        front = Front(crew, folder / "front.sock")
        stack.push_async_callback(front.aclose)
        # A taken port is told before models load.
        listens = listening_at(front.guard, host, port, is_open=False)
        server = await stack.enter_async_context(listens)
        everybody.workers = await stack.enter_async_context(crew)
        await _serve_own(stack, front_app(everybody, given["api_key"]), folder / "front.sock")
        await server.start_serving()
        yield port_of(server)


async def _serve_own(stack: AsyncExitStack, app: web.Application, socket: Path) -> None:
    runner = web.AppRunner(app, access_log=None, shutdown_timeout=1.0)
    await runner.setup()
    stack.push_async_callback(runner.cleanup)
    await web.UnixSite(runner, socket).start()


@contextmanager
def private_folder() -> Iterator[Path]:
    """A folder for us alone, gone at the end, and locked until then."""
    above = tempfile.gettempdir()
    if len(above) > LONGEST_FOLDER:
        above = "/tmp"
    folder = Path(tempfile.mkdtemp(prefix=FOLDER_PREFIX, dir=above))
    with (folder / FRONT_LOCK).open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        try:
            yield folder
        finally:
            shutil.rmtree(folder, ignore_errors=True)


def remove_if_orphaned(folder: Path, within_s: float = 0.0) -> None:
    """At a worker's end: remove the common folder where the front was killed and could not.

    Several workers end at the same time, and one of them may just make its socket there while
    another one removes: so a folder without a lock is looked after as well, and more than once.

    Args:
        within_s: how long a front that is being killed may take to let go of its lock: a worker
            may see its pipe end, and come this far, before.
    """
    until_s = time.monotonic() + within_s
    while not (is_free := _is_free(folder)) and time.monotonic() < until_s:
        time.sleep(LOOK_EVERY_S)
    if not is_free:
        return  # the front lives, and removes it
    for _ in range(REMOVALS):
        shutil.rmtree(folder, ignore_errors=True)
        if not folder.exists():
            return


def _is_free(folder: Path) -> bool:
    try:
        with (folder / FRONT_LOCK).open() as lock:
            fcntl.flock(lock, fcntl.LOCK_SH | fcntl.LOCK_NB)
    except FileNotFoundError:
        return folder.name.startswith(FOLDER_PREFIX)  # or somebody's own socket lies there
    except OSError:
        return False
    return True
