"""This machine: its class, since times of one are not those of another, and its way to itself."""

from __future__ import annotations

import errno
import os
import platform
import socket

from harness.errors import HarnessError

NO_LOOPBACK = "bring the loopback interface up: `ip link set lo up`; a container needs a network"


def machine_class() -> str:
    """System, processor and number of cores, as "Linux x86_64, 2 cores"."""
    cores = os.cpu_count() or 1
    return f"{platform.system()} {platform.machine()}, {cores} core{'s' * (cores != 1)}"


def is_without_loopback(error: BaseException) -> bool:
    """Whether a connection to this machine itself failed because it has no such interface."""
    number = getattr(error, "errno", None)
    return number in (errno.ENETUNREACH, errno.EADDRNOTAVAIL)


def check_loopback(kind: type[HarnessError], message: str) -> None:
    """See that what listens on 127.0.0.1 can be reached; nothing is sent.

    A port can be had there also without the interface.

    Args:
        kind: the error.
        message: what cannot be done without it.

    Raises:
        HarnessError: there is no loopback interface.
    """
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        try:
            probe.connect(("127.0.0.1", 9))
        except OSError as error:
            raise kind(
                message,
                expected="a loopback interface, by which this machine reaches itself",
                found=error.strerror or str(error),
                hint=NO_LOOPBACK,
            ) from error
