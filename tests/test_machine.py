"""This machine is named by what its times depend on, and reaches itself, or not."""

import errno
import re
import socket
from collections import namedtuple

import psutil
import pytest

from harness.errors import ServerStartError
from harness.machine import ProcessorUse, check_loopback, is_without_loopback, machine_class


def test_it_names_system_processor_and_cores() -> None:
    assert re.fullmatch(r"\S+ \S+, (1 core|\d+ cores)", machine_class())


def test_a_machine_without_loopback_is_told_by_the_connection_s_error() -> None:
    assert is_without_loopback(OSError(errno.ENETUNREACH, "Network is unreachable"))
    assert not is_without_loopback(OSError(errno.ECONNREFUSED, "Connection refused"))
    assert not is_without_loopback(ValueError())


def test_it_is_looked_at_before_anything_waits_for_it(monkeypatch: pytest.MonkeyPatch) -> None:
    check_loopback(ServerStartError, "Nobody could call.")

    def connect(*_: object) -> None:
        raise OSError(errno.ENETUNREACH, "Network is unreachable")

    monkeypatch.setattr(socket.socket, "connect", connect)
    with pytest.raises(ServerStartError, match="ip link set lo up"):
        check_loopback(ServerStartError, "Nobody could call.")


Times = namedtuple("Times", "user nice system idle iowait steal guest")


def test_what_all_processors_did_is_counted_from_a_moment_on(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Waiting for a disk is no use of one, and what a guest had is counted once."""
    moments = [
        Times(user=10, nice=2, system=1, idle=100, iowait=5, steal=0, guest=4),
        Times(user=10, nice=2, system=1, idle=100, iowait=5, steal=0, guest=4),
        Times(user=12, nice=3, system=2, idle=103, iowait=6, steal=2, guest=5),
    ]
    monkeypatch.setattr(psutil, "cpu_times", lambda: moments.pop(0))
    use = ProcessorUse()
    assert use.share() is None, "no time has passed"
    assert use.share() == pytest.approx(0.6)
