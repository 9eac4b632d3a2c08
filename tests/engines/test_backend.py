"""The page's own program: started, waited for, watched, and ended with all it has started."""

from __future__ import annotations

import asyncio
import os
import socket
import sys
import time
from dataclasses import replace
from pathlib import Path

import pytest

import harness.engines.backend as backend_module
from harness.engines.backend import Backend, BackendOptions, is_answered, running_backend
from harness.engines.servers import RemoteServer
from harness.errors import BackendFailed, ExpectationFailed, UsageError

ROOT = str(Path(__file__).parents[2])
SERVER = RemoteServer("http://127.0.0.1:1", "sk-local-never-to-be-shown")

SERVES = """
import http.server, os, sys
print("base", os.environ["OPENAI_BASE_URL"], "key", os.environ["OPENAI_API_KEY"], flush=True)
class Handler(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        if self.path == "/die":
            print("Error: the database is gone", flush=True)
            os._exit(7)
        self.send_response(404); self.end_headers()
http.server.HTTPServer(("127.0.0.1", int(sys.argv[1])), Handler).serve_forever()
"""


@pytest.fixture
def port() -> int:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        return int(taken.getsockname()[1])


def options(port: int, code: str = SERVES, wait_s: float = 20.0) -> BackendOptions:
    command = (sys.executable, "-c", code, str(port))
    return BackendOptions(command, f"http://127.0.0.1:{port}/", wait_s)


async def test_it_finds_our_server_and_is_ready_when_it_answers(port: int) -> None:
    async with running_backend(options(port), SERVER) as backend:
        assert await is_answered(f"http://127.0.0.1:{port}/")
        told = str(await backend.failed("a question"))
    assert "base http://127.0.0.1:1/v1 key •••" in told
    assert SERVER.api_key not in told
    assert not await is_answered(f"http://127.0.0.1:{port}/")


async def test_its_children_end_with_it(
    port: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As `npm start` has them; also those that will not."""
    monkeypatch.setattr(backend_module, "STOP_WITHIN_S", 0.5)
    pids = tmp_path / "pids"
    started = (
        "import os, subprocess, sys, time\n"
        f"served = subprocess.Popen([sys.executable, '-c', {SERVES!r}, sys.argv[1]])\n"
        "ignoring = subprocess.Popen(['sh', '-c', 'trap \"\" TERM; sleep 60 & wait; wait'])\n"
        f"open({str(pids)!r}, 'w').write(f'{{served.pid}} {{ignoring.pid}} {{os.getpid()}}')\n"
        "time.sleep(60)\n"
    )
    async with running_backend(options(port, started), SERVER):
        everybody = [int(pid) for pid in pids.read_text().split()]
        assert all(lives(pid) for pid in everybody)
    assert not any(lives(pid) for pid in everybody)


async def test_what_it_sent_into_a_session_of_its_own_ends_with_it(port: int) -> None:
    """As `detached: true` of Node and `setsid` do, with the program's output still open."""
    detaches = (
        "import subprocess, sys, time\n"
        f"left = subprocess.Popen([sys.executable, '-c', {SERVES!r}, sys.argv[1]], "
        "start_new_session=True)\n"
        "if 'and goes' in sys.argv: raise SystemExit\n"
        "time.sleep(60)\n"
    )
    for more in ((), ("and goes",)):
        wanted = options(port, detaches)
        async with (
            asyncio.timeout(40),
            running_backend(replace(wanted, command=(*wanted.command, *more)), SERVER) as backend,
        ):
            assert not backend.has_failed, "a server in the background is a server"
            assert await is_answered(f"http://127.0.0.1:{port}/")
        assert not await is_answered(f"http://127.0.0.1:{port}/")


async def test_its_last_lines_are_short_and_show_no_half_of_a_secret(port: int) -> None:
    code = (
        "import os; key = os.environ['OPENAI_API_KEY']\n"
        "print('x' * 290 + key + 'y' * 500); print('z' * 300_000); print('the end')\n"
        "raise SystemExit(4)"
    )
    with pytest.raises(BackendFailed, match=r"(?s)exit code 4.*x{290}•••y+….*the end") as told:
        async with running_backend(options(port, code), SERVER):
            pass
    assert SERVER.api_key[:8] not in str(told.value.found)
    assert "zzz" not in str(told.value.found), "a line that is too long is left out"


def lives(pid: int) -> bool:
    try:
        state = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]
    except OSError:
        return False
    return state != "Z"


async def test_one_that_ends_at_once_says_what_it_said(port: int) -> None:
    code = "print('Error: Cannot find module express'); raise SystemExit(3)"
    began_s = time.monotonic()
    with pytest.raises(BackendFailed, match=r"(?s)exit code 3.*Cannot find module express"):
        async with running_backend(options(port, code), SERVER):
            pass
    assert time.monotonic() - began_s < 10


async def test_one_that_ends_well_and_serves_nothing_has_failed_too(port: int) -> None:
    with pytest.raises(BackendFailed, match=r"(?s)exit code 0.*built"):
        async with running_backend(options(port, "print('built')"), SERVER):
            pass


async def test_one_that_never_answers_is_ended(port: int, tmp_path: Path) -> None:
    pid = tmp_path / "pid"
    code = (
        f"import os, time; open({str(pid)!r}, 'w').write(str(os.getpid()))\n"
        "print('listening on another port', flush=True); time.sleep(60)"
    )
    with pytest.raises(
        BackendFailed, match=r"(?s)nobody answered .* within 1\.5 s.*another port.*--wait-s"
    ):
        async with running_backend(options(port, code, wait_s=1.5), SERVER):
            pass
    assert not lives(int(pid.read_text()))


async def test_one_that_dies_in_the_middle_ends_what_needs_it(port: int) -> None:
    async with running_backend(options(port), SERVER) as backend:
        said = r"(?s)in the middle.*exit code 7.*database is gone"
        with pytest.raises(BackendFailed, match=said):
            await _need(backend, f"http://127.0.0.1:{port}/die")
        with pytest.raises(BackendFailed, match="had ended"):
            await _need(backend)


async def _need(backend: Backend, then_ask: str | None = None) -> None:
    """Work that takes long, and asks the program for something first."""
    async with backend.needed():
        if then_ask is not None:
            await is_answered(then_ask)
        await asyncio.sleep(30)


async def test_what_fails_because_it_died_says_that_it_died(port: int) -> None:
    async with running_backend(options(port), SERVER) as backend:
        with pytest.raises(BackendFailed, match="database is gone") as told:
            await _fail_after(backend, f"http://127.0.0.1:{port}/die")
    assert isinstance(told.value.__cause__, ExpectationFailed)


async def _fail_after(backend: Backend, asked: str) -> None:
    async with backend.needed():
        try:
            await is_answered(asked)
            await asyncio.sleep(30)
        except asyncio.CancelledError:
            raise ExpectationFailed("No answer came.") from None


async def test_a_cancelled_block_stays_cancelled(port: int) -> None:
    async with running_backend(options(port), SERVER) as backend:
        task = asyncio.create_task(_need(backend))
        await asyncio.sleep(0)
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task


async def test_an_address_that_is_taken_is_no_program_of_ours(port: int) -> None:
    async with running_backend(options(port), SERVER):
        with pytest.raises(UsageError, match="Somebody answers"):
            async with running_backend(options(port), SERVER):
                pass
        assert await is_answered(f"http://127.0.0.1:{port}/")


async def test_a_command_that_does_not_exist_is_named(port: int) -> None:
    wanted = BackendOptions(("no-such-program-here", "start"), f"http://127.0.0.1:{port}/")
    with pytest.raises(BackendFailed, match=r"(?s)could not be started.*no-such-program-here"):
        async with running_backend(wanted, SERVER):
            pass


async def test_the_environment_stays_as_it_was(port: int) -> None:
    before = dict(os.environ)
    async with running_backend(options(port), SERVER):
        pass
    assert dict(os.environ) == before


KILLED = """
import asyncio, os, sys
from harness.engines.backend import BackendOptions, running_backend
from harness.engines.servers import RemoteServer

async def main():
    command = (sys.executable, "-c", sys.argv[2], sys.argv[1])
    options = BackendOptions(command, f"http://127.0.0.1:{sys.argv[1]}/")
    async with running_backend(options, RemoteServer("http://127.0.0.1:1", "sk-local-key")):
        os._exit(9)

asyncio.run(main())
"""


async def test_it_ends_however_we_end(port: int) -> None:
    """Killed, we can put nothing in order."""
    killed = await asyncio.create_subprocess_exec(
        sys.executable, "-c", KILLED, str(port), SERVES, env={**os.environ, "PYTHONPATH": ROOT}
    )
    assert await killed.wait() == 9
    url = f"http://127.0.0.1:{port}/"
    async with asyncio.timeout(10):
        while await is_answered(url):  # noqa: ASYNC110 - nobody tells us
            await asyncio.sleep(0.05)
