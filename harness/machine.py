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


class ProcessorUse:
    """How much of this machine's processors was in use since it was made."""

    def __init__(self) -> None:
        self._began = _processor_times_s()

    def share(self) -> float | None:
        """From 0 to 1, of all programs together; None where no time has passed."""
        (used_s, all_s), (used_before_s, all_before_s) = _processor_times_s(), self._began
        return (used_s - used_before_s) / (all_s - all_before_s) if all_s > all_before_s else None


def _processor_times_s() -> tuple[float, float]:
    """What was used of all processors, and what there was, in seconds since the machine began."""
    import psutil

    times = psutil.cpu_times()._asdict()
    # What a guest had is in the times of its host's programs already.
    all_s = sum(spent_s for name, spent_s in times.items() if not name.startswith("guest"))
    return all_s - times["idle"] - times.get("iowait", 0.0), all_s


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
