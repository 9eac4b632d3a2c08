"""Cause of a Chromium that did not start, found in all that Playwright tells of it.

Playwright's first line says only that it failed; the cause is somewhere in the browser's own log
below it, among lines that every start writes.
"""

from __future__ import annotations

import re
import sys
from dataclasses import dataclass

from harness.browser.driver import first_line

if sys.platform != "win32":
    import resource

LONGEST = 300
TOO_FEW_FILES = 64
"""With so many open files no Chromium starts: measured, with 80 it does not either."""

_FILES = "raise the limit of open files, for example `ulimit -n 4096`"
_CAUSES: tuple[tuple[str, str, str], ...] = (
    (r"Too many open files|EMFILE|ENFILE", "too many open files", _FILES),
    (r"signal=SIGXFSZ|File too large|EFBIG", "a file grew beyond the limit of this process",
     "raise the limit of file sizes, for example `ulimit -f unlimited`"),
    (r"No space left on device|ENOSPC", "no space is left on the device",
     "free some space, or set TMPDIR to a folder with more"),
    (r"Socket path too long", "the path of the temporary folder is too long for a socket",
     "set TMPDIR to a folder with a shorter path"),
    (r"error while loading shared libraries: (\S+?):", "the library {0} is missing",
     "install it; “harness doctor” says how"),
    (r"Running as root without --no-sandbox", "Chromium runs as root in a sandbox",
     "run it as another user, or with the harness's own flags"),
    (r"No usable sandbox", "this machine gives Chromium no sandbox",
     "allow unprivileged user namespaces, or run in a container that has them"),
    (r"Missing X server|cannot open display", "there is no screen for a window",
     "leave out --headed, or use xvfb-run"),
    (r"Cannot allocate memory|ENOMEM|signal=SIGKILL", "it was out of memory, or killed",
     "look at the memory that this machine or container has"),
    (r"Resource temporarily unavailable|EAGAIN", "no more processes may be started",
     "raise the limit of processes, for example `ulimit -u`"),
    (r"EACCES|Permission denied", "it may not be run, or not write where it has to",
     "look at the permissions of the browser and of TMPDIR"),
    (r"ENOENT", "there is no such program", "run “harness doctor --install”"),
)  # fmt: skip

_NOISE = ("crashpad", "zygote_linux", "dbus/", "unexpected operator", "Broken pipe", "gpu")


@dataclass(frozen=True, slots=True)
class LaunchCause:
    """Why it did not start, and what to do about it."""

    found: str
    hint: str


def cause_of(error: Exception) -> LaunchCause:
    """What is known of a failed launch; where no cause is, the browser's own last words."""
    # Options of the command line speak of everything; they are no cause.
    text = "\n".join(line for line in str(error).splitlines() if "<launching>" not in line)
    for pattern, found, hint in _CAUSES:
        if match := re.search(pattern, text):
            return LaunchCause(found.format(*match.groups()), hint)
    if words := _last_words(text):
        return LaunchCause(words, "run “harness doctor”; it says more")
    # On a busy machine Playwright may tell of a browser's end before it has read its words.
    if (most := _most_files()) is not None and most <= TOO_FEW_FILES:
        return LaunchCause(f"too many open files: {most} are allowed", _FILES)
    return LaunchCause(first_line(error), "run “harness doctor”; it says more")


def _most_files() -> int | None:
    """How many open files this process and its children may have; None: no limit."""
    if sys.platform == "win32":
        return None
    most, _ = resource.getrlimit(resource.RLIMIT_NOFILE)
    return None if most == resource.RLIM_INFINITY else most


def _last_words(text: str) -> str:
    said = [line.partition("[err] ")[2] for line in text.splitlines() if "[err] " in line]
    telling = [line for line in said if not any(word in line for word in _NOISE)]
    return re.sub(r"^\[[^\]]*\] ?", "", telling[-1])[:LONGEST] if telling else ""
