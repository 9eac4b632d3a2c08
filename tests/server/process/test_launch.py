"""The server in a process of its own."""

from __future__ import annotations

import asyncio
import os
import re
import socket
import subprocess
import sys
import textwrap
from pathlib import Path

import aiohttp
import psutil
import pytest

from harness.context.threads.database import ThreadDatabase
from harness.context.threads.place import place_of
from harness.errors import ServerStartError, UsageError
from harness.peer.backends import peer_factory
from harness.server.http.client_secrets import digest_of
from harness.server.process.launch import start_server
from tests.support.postgres_server import PASSWORD, PostgresServer
from tests.support.recording_listener import RecordingListener
from tests.support.thread_rows import thread_row
from tests.support.waiting import until


def is_running(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    state = Path(f"/proc/{pid}/stat")
    return not (state.exists() and ") Z" in state.read_text(encoding="ascii"))


def command_line(pid: int) -> str:
    path = Path(f"/proc/{pid}/cmdline")
    return path.read_text(encoding="utf-8") if path.exists() else ""


async def test_it_answers_while_the_block_runs_and_is_gone_after() -> None:
    """With its page, its key and the script that was handed in."""
    script = {"rules": [{"say": "Hello."}]}
    async with start_server(script=script) as server, aiohttp.ClientSession() as http:
        assert server.url.startswith("http://127.0.0.1:")
        async with http.get(server.page_url) as answer:
            assert answer.status == 200
        headers = {"Authorization": f"Bearer {server.api_key}"}
        async with http.get(f"{server.url}/harness/calls", headers=headers) as answer:
            assert await answer.json() == {"calls": []}
        assert server.api_key not in repr(server)
        assert server.api_key not in command_line(server.pid)
    assert not is_running(server.pid)


LOG_LINE = re.compile(r"(WARNING|ERROR|CRITICAL) \S+: |\(\w+\.cc:\d+\): ")
"""Ours, and those of an engine that writes itself."""

MALFORMED = [
    (r"(a=candidate:\S+ \d+ \S+ \d+ \S+) \d+", r"\1 99999"),
    (r"(a=candidate:\S+ \d+ \S+ \d+) \S+", r"\1 999.1.1.1"),
    (r"(a=candidate:\S+ \d+ \S+ \d+) \S+", r"\1 ::1::"),
    (r"a=candidate:\S+", "a=candidate:"),
    (r"a=ice-(ufrag|pwd):\S+", r"a=ice-\1:"),
    (r"a=ice-ufrag:\S+\r\n", ""),
    (r"a=fingerprint:\S+ \S+", "a=fingerprint:sha-256 00"),
    (r"a=setup:\S+", "a=setup:sideways"),
    (r"a=mid:\S+\r\n", ""),
    (r"a=rtpmap:\d+ opus", "a=rtpmap:99999 opus"),
    (r"a=sctp-port:\d+", "a=sctp-port:many"),
    (r"m=audio \d+", "m=audio -7"),
    (r"a=ssrc:\d+", "a=ssrc:-1"),
]
"""What is found in an offer, and what stands there instead."""


@pytest.mark.parametrize("engine", ["wrtc", "aiortc"])
async def test_malformed_offers_are_refused_and_fill_no_log(engine: str) -> None:
    """One line is enough for what breaks in an engine: it is the text of a caller."""
    peer = peer_factory("aiortc")(RecordingListener())
    peer.open_channel("oai-events")
    offer = await peer.create_offer()
    await peer.aclose()
    log: list[str] = []
    async with (
        start_server(engine=engine, when_logged=log.append) as server,
        aiohttp.ClientSession() as http,
    ):
        url, key = f"{server.url}/v1/realtime/calls", f"Bearer {server.api_key}"
        headers = {"Authorization": key, "Content-Type": "application/sdp"}
        for pattern, instead in MALFORMED:
            wrong, changes = re.subn(pattern, instead, offer)
            assert changes or "ssrc" in pattern
            async with http.post(url, data=wrong, headers=headers) as answer:
                assert answer.status in (201, 400), (pattern, await answer.text())
            if answer.status == 201:
                hang_up = f"{server.url}{answer.headers['Location']}/hangup"
                async with http.post(hang_up, headers={"Authorization": key}):
                    pass
    assert [line for line in log if not LOG_LINE.match(line)] == []
    assert len(log) <= 2 * len(MALFORMED), log
    assert max(map(len, log), default=0) < 700


async def test_it_listens_on_loopback_only() -> None:
    """The kernel's table of listening sockets has 127.0.0.1 for its port, and nothing else."""
    async with start_server() as server:
        port = int(server.url.rsplit(":", 1)[1])
        assert listening_addresses(port) == ["0100007F"]


def listening_addresses(port: int) -> list[str]:
    """Local addresses, in the kernel's hexadecimal, of sockets that listen on the port."""
    tables = [Path("/proc/net/tcp"), Path("/proc/net/tcp6")]
    rows = [
        line.split()
        for table in tables
        if table.exists()
        for line in table.read_text().splitlines()[1:]
    ]
    listening = "0A"
    return [
        row[1].split(":")[0]
        for row in rows
        if row[3] == listening and int(row[1].split(":")[1], 16) == port
    ]


async def test_a_taken_port_is_told_plainly() -> None:
    """The error holds what the server said."""
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        with pytest.raises(ServerStartError, match=f"port {port}"):
            async with start_server(port=port):
                pass


async def test_a_wrong_script_is_told_plainly() -> None:
    """Before anybody connects."""
    with pytest.raises(UsageError, match="shout"):
        async with start_server(script={"rules": [{"shout": "Hello."}]}):
            pass


async def test_it_dies_with_whoever_started_it() -> None:
    """Also when that one is killed."""
    program = textwrap.dedent("""
        import asyncio
        from harness.server.process.launch import start_server

        async def main():
            async with start_server() as server:
                print(server.pid, flush=True)
                await asyncio.sleep(60)

        asyncio.run(main())
    """)
    parent = subprocess.Popen(  # noqa: ASYNC220 - it is to be killed, not awaited
        [sys.executable, "-c", program], stdout=subprocess.PIPE, text=True
    )
    try:
        assert parent.stdout is not None
        pid = int(await asyncio.to_thread(parent.stdout.readline))
        assert is_running(pid)
    finally:
        parent.kill()
        await asyncio.to_thread(parent.wait)
        if parent.stdout is not None:
            parent.stdout.close()
    await until(lambda: not is_running(pid), within_s=15)


async def test_leaving_by_an_error_ends_it_too() -> None:
    """And the error comes through."""
    with pytest.raises(ValueError, match="mine"):
        async with start_server() as server:
            raise ValueError("mine")
    assert not is_running(server.pid)


async def test_one_that_accepts_any_key_is_on_this_machine_alone() -> None:
    with pytest.raises(UsageError, match="cannot accept any key"):
        async with start_server(accept_any_key=True, host="0.0.0.0", api_key="sk-of-the-team-1"):
            pass


async def test_a_database_keeps_threads_and_its_login_is_on_no_command_line(
    postgres: PostgresServer,
) -> None:
    database = ThreadDatabase(place_of(url := postgres.url()))
    database.save_thread("kim", thread_row())
    database.close()
    async with (
        start_server(accept_any_key=True, threads=url) as server,
        aiohttp.ClientSession(server.url) as http,
    ):
        assert PASSWORD not in " ".join(psutil.Process(server.pid).cmdline())
        headers = {"OpenAI-Beta": "chatkit_beta=v1"}
        async with http.get("/v1/chatkit/threads", headers=headers) as answer:
            assert [one["id"] for one in (await answer.json())["data"]] == ["thr_1"]


@pytest.mark.parametrize("workers", [1, 2])
async def test_one_that_accepts_any_key_mints_for_everybody(workers: int, tmp_path: Path) -> None:
    """And any of its processes knows what another has minted, and one keeps what is written."""
    database = ThreadDatabase(tmp_path / "threads.db")
    database.save_thread("kim", thread_row())
    database.close()
    threads = tmp_path / "threads.db"
    async with (
        start_server(accept_any_key=True, workers=workers, threads=threads) as server,
        aiohttp.ClientSession(server.url) as http,
    ):
        async with http.post("/v1/realtime/client_secrets", json={}) as answer:
            assert answer.status == 200
            value = (await answer.json())["value"]
        key = {"Authorization": f"Bearer {server.api_key}"}
        for _ in range(4):
            path = f"/harness/client_secrets/{digest_of(value)}"
            async with http.get(path, headers=key) as answer:
                assert answer.status == 204
        headers = {"OpenAI-Beta": "chatkit_beta=v1"}
        for _ in range(4):
            async with http.get("/v1/chatkit/threads", headers=headers) as answer:
                assert [one["id"] for one in (await answer.json())["data"]] == ["thr_1"]
            async with http.post("/v1/responses", json={"model": "m", "input": "Hi."}) as answer:
                name = (await answer.json())["id"]
            async with http.get(f"/v1/responses/{name}") as answer:
                assert answer.status == 200
