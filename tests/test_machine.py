"""This machine is named by what its times depend on, and reaches itself, or not."""

import errno
import re
import socket

import pytest

from harness.errors import ServerStartError
from harness.machine import check_loopback, is_without_loopback, machine_class


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
