"""A PostgreSQL server for tests: in a folder of its own, on a socket there, and gone after."""

from __future__ import annotations

import ctypes
import os
import shutil
import signal
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from importlib.util import find_spec
from itertools import count
from pathlib import Path
from typing import Any

import pytest

USER, PASSWORD = "keeper", "open-sesame"
UNPRIVILEGED = "nobody"
"""PostgreSQL refuses to run as root."""

PR_SET_PDEATHSIG = 1
READY = "ready to accept connections"


@dataclass
class PostgresServer:
    """One that runs."""

    folder: Path
    _numbers: Iterator[int] = field(default_factory=count)

    def url(self, schema: str | None = None, password: str = PASSWORD, **options: str) -> str:
        """Of its database; the schema is one that nobody else uses, unless it is named."""
        given = {"host": str(self.folder), "schema": schema or f"test_{next(self._numbers)}"}
        query = "&".join(f"{name}={value}" for name, value in (given | options).items())
        return f"postgresql://{USER}:{password}@/postgres?{query}"

    async def sql(self, text: str) -> list[Any]:
        """Ask it something, in a connection of one's own."""
        import asyncpg

        connection = await asyncpg.connect(f"postgresql://{USER}:{PASSWORD}@/postgres",
                                           host=str(self.folder))  # fmt: skip
        try:
            return list(await connection.fetch(text))
        finally:
            await connection.close()


def a_place(request: pytest.FixtureRequest, folder: Path) -> str:
    """For a fixture whose parameter is "file" or "postgres": where something can be kept."""
    if request.param == "file":
        return str(folder / "kept.db")
    server: PostgresServer = request.getfixturevalue("postgres")
    return server.url()


def why_not() -> str | None:
    """Why there is no server here, or None."""
    if find_spec("asyncpg") is None:
        return "NOT RUN: the extra “postgres” is not installed"
    if _program("postgres") is None or _program("initdb") is None:
        return "NOT RUN: there is no PostgreSQL (Debian, Ubuntu: apt-get install postgresql)"
    if os.geteuid() == 0 and not _has_user(UNPRIVILEGED):
        return f"NOT RUN: PostgreSQL refuses root, and there is no user “{UNPRIVILEGED}”"
    return None


@contextmanager
def postgres_server() -> Iterator[PostgresServer]:
    """A server that takes connections; the test is skipped where there cannot be one."""
    if (why := why_not()) is not None:
        pytest.skip(why)
    is_root = os.geteuid() == 0
    as_user: dict[str, Any] = {"user": UNPRIVILEGED, "extra_groups": []} if is_root else {}
    folder = Path(tempfile.mkdtemp(prefix="pg-"))  # its socket's name must be short
    try:
        if as_user:
            shutil.chown(folder, UNPRIVILEGED)
        secret = folder / "password"
        secret.write_text(PASSWORD)
        secret.chmod(0o644)
        data = str(folder / "data")
        subprocess.run(
            [str(_program("initdb")), "-D", data, "-U", USER, "--pwfile", str(secret), "-N",
             "-A", "scram-sha-256", "-E", "UTF8", "--locale", "C"],
            check=True, capture_output=True, cwd=folder, **as_user,
        )  # fmt: skip
        with _running(data, folder, as_user):
            yield PostgresServer(folder)
    finally:
        shutil.rmtree(folder)


@contextmanager
def _running(data: str, folder: Path, as_user: dict[str, Any]) -> Iterator[None]:
    settings = {"listen_addresses": "", "unix_socket_directories": folder, "fsync": "off",
                "lc_messages": "C", "max_connections": 20}  # fmt: skip
    server = subprocess.Popen(
        [str(_program("postgres")), "-D", data]
        + [part for name, value in settings.items() for part in ("-c", f"{name}={value}")],
        stderr=subprocess.PIPE, cwd=folder, text=True, preexec_fn=_end_with_parent, **as_user,
    )  # fmt: skip
    assert server.stderr is not None
    try:
        said = []
        for line in server.stderr:
            said.append(line)
            if READY in line:
                break
        else:
            raise RuntimeError(f"PostgreSQL did not start: {''.join(said)}")
        yield
    finally:
        server.send_signal(signal.SIGINT)  # a fast shutdown: connections are ended
        server.communicate()


def _end_with_parent() -> None:
    """Also where the tests are killed."""
    ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGINT)


def _program(name: str) -> str | None:
    """Debian puts them where only its own scripts look."""
    folders = sorted(map(str, Path("/usr/lib/postgresql").glob("*/bin")), reverse=True)
    return shutil.which(name, path=os.pathsep.join([*folders, os.environ.get("PATH", "")]))


def _has_user(name: str) -> bool:
    import pwd

    return any(one.pw_name == name for one in pwd.getpwall())
