"""A whole server of two workers: calls spread, found, ended, and what happens when one dies."""

from __future__ import annotations

import asyncio
import fcntl
import os
import signal
import threading
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from pathlib import Path
from typing import Any

import aiohttp
import pytest

from harness.peer.backends import peer_factory
from harness.server.process.launch import RunningServer, start_server
from harness.server.process.several import (
    FOLDER_PREFIX,
    FRONT_LOCK,
    private_folder,
    remove_if_orphaned,
)
from tests.support.recording_listener import RecordingListener
from tests.support.waiting import until

EVENTS = "oai-events"


class Team:
    """A client of the server."""

    def __init__(self, server: RunningServer, http: aiohttp.ClientSession) -> None:
        self.url, self._http = server.url, http
        self._key = {"Authorization": f"Bearer {server.api_key}"}

    async def ask(self, method: str, path: str, **more: Any) -> tuple[int, Any]:
        headers = {**self._key, **more.pop("headers", {})}
        async with self._http.request(method, self.url + path, headers=headers, **more) as answer:
            kind = answer.headers.get("Content-Type", "")
            return answer.status, await (answer.json() if "json" in kind else answer.text())

    async def status(self) -> list[dict[str, Any]]:
        found: list[dict[str, Any]] = (await self.ask("GET", "/status.json"))[1]["workers"]
        return found

    @asynccontextmanager
    async def call(self, key: str) -> AsyncIterator[tuple[str, RecordingListener]]:
        listener = RecordingListener()
        peer = peer_factory("wrtc")(listener)
        try:
            peer.open_channel(EVENTS)
            offer = await peer.create_offer()
            headers = {"Authorization": f"Bearer {key}", "Content-Type": "application/sdp"}
            calls = f"{self.url}/v1/realtime/calls"
            async with self._http.post(calls, data=offer, headers=headers) as answer:
                assert answer.status == 201, await answer.text()
                await peer.accept_answer(await answer.text())
                call_id = answer.headers["Location"].rsplit("/", 1)[1]
            await listener.until(lambda: bool(listener.messages))
            yield call_id, listener
        finally:
            await peer.aclose()


def is_alive(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return True


async def test_two_workers_are_one_server(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TMPDIR", str(tmp_path))
    async with AsyncExitStack() as stack:
        server = await stack.enter_async_context(start_server(workers=2, max_calls=1))
        http = await stack.enter_async_context(aiohttp.ClientSession())
        team = Team(server, http)
        status, secret = await team.ask("POST", "/v1/realtime/client_secrets")
        assert status == 200
        # Calls spread; a secret is good with either worker.
        first, heard_first = await stack.enter_async_context(team.call(secret["value"]))
        second, _ = await stack.enter_async_context(team.call(secret["value"]))
        assert {first[:7], second[:7]} == {"rtc_u0_", "rtc_u1_"}
        _, calls = await team.ask("GET", "/harness/calls")
        assert {call["call_id"] for call in calls["calls"]} == {first, second}
        # Full is said, and hang-up finds its way.
        offer = {"headers": {"Content-Type": "application/sdp"}, "data": "v=0"}
        status, refused = await team.ask("POST", "/v1/realtime/calls", **offer)
        assert (status, refused["error"]["code"]) == (429, "rate_limit_exceeded")
        assert (await team.ask("POST", f"/v1/realtime/calls/{first}/hangup"))[0] == 200
        await heard_first.until(lambda: EVENTS in heard_first.closed)
        # A worker that dies is started again, and knows the script.
        assert (await team.ask("PUT", "/harness/script", json={"rules": [{"say": "Hi."}]}))[
            0
        ] == 200
        number = int(second[5])
        pid = (await team.status())[number]["pid"]
        os.kill(pid, signal.SIGKILL)

        async with asyncio.timeout(30):
            while (await team.status())[number].get("pid") in (None, pid):  # noqa: ASYNC110
                await asyncio.sleep(0.1)
        front = (await team.status())[-1]
        assert any(f"worker {number} ended" in error["text"] for error in front["errors"])
        status, gone = await team.ask("POST", f"/v1/realtime/calls/{second}/hangup")
        assert (status, gone["error"]["code"]) == (404, "call_id_not_found")
        # A front that is killed leaves neither workers nor the port nor the folder.
        pids = [one["pid"] for one in await team.status()]
        os.kill(server.pid, signal.SIGKILL)
        await until(lambda: not any(is_alive(pid) for pid in pids), 15)
        with pytest.raises(aiohttp.ClientConnectionError):
            await team.status()
        await until(lambda: not any(tmp_path.glob("*")))
    assert not any(tmp_path.glob("*"))  # noqa: ASYNC240


def test_the_folder_is_ours_alone_and_goes() -> None:
    with private_folder() as folder:
        assert folder.stat().st_mode & 0o077 == 0
        assert len(str(folder / "front.sock")) < 108
    assert not folder.exists()


def test_a_worker_whose_front_was_killed_cleans_up(tmp_path: Path) -> None:
    """Its lock went with it; one that lives removes its folder itself."""
    with private_folder() as folder:
        remove_if_orphaned(folder)
        assert folder.exists()
    remove_if_orphaned(folder)  # gone by now
    orphaned = tmp_path / "common"
    orphaned.mkdir()
    (orphaned / FRONT_LOCK).touch()
    remove_if_orphaned(orphaned)
    assert not orphaned.exists()


def test_a_front_that_dies_slowly_is_waited_for(tmp_path: Path) -> None:
    """A worker sees its pipe end before the lock is free, where the machine is busy."""
    orphaned = tmp_path / "common"
    orphaned.mkdir()
    lock = (orphaned / FRONT_LOCK).open("w")
    fcntl.flock(lock, fcntl.LOCK_EX)
    dying = threading.Timer(0.05, lock.close)
    dying.start()
    remove_if_orphaned(orphaned, within_s=60)
    assert not orphaned.exists()
    dying.join()


def test_what_another_worker_left_half_removed_is_removed(tmp_path: Path) -> None:
    """Two end at once: one has taken the lock away, and the other has just made its socket."""
    half = tmp_path / f"{FOLDER_PREFIX}half"
    half.mkdir()
    (half / "1.sock").touch()
    remove_if_orphaned(half)
    assert not half.exists()
    somebody_s = tmp_path / "run"
    somebody_s.mkdir()
    (somebody_s / "own.sock").touch()
    remove_if_orphaned(somebody_s)
    assert (somebody_s / "own.sock").exists()
