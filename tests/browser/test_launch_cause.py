"""Causes found in what a browser wrote before it ended."""

from __future__ import annotations

import resource

import pytest

from harness.browser.launch_cause import cause_of

FRAME = """BrowserType.launch: Failed to launch the browser process.
Browser logs:

<launching> /usr/bin/chromium --no-sandbox --gpu --enable=Permission denied
<launched> pid=7
[pid=7][err] [1128/161800.244483:ERROR:third_party/crashpad/file_io.cc:145] open /sys: No such file
"""


@pytest.mark.parametrize(
    ("line", "found", "hint"),
    [
        ("[err] [7:8:FATAL:zygote.cc:116] Check failed: . : Too many open files (24)",
         "too many open files", "ulimit -n"),
        ("<process did exit: exitCode=null, signal=SIGXFSZ>", "limit of this process", "ulimit -f"),
        ("[err] [7:7:FATAL:singleton.cc:315] Socket path too long: /long", "too long", "TMPDIR"),
        ("[err] chrome: error while loading shared libraries: libnss3.so: cannot open shared",
         "libnss3.so is missing", "doctor"),
        ("Error: spawn /usr/bin/chromium EMFILE", "too many open files", "ulimit -n"),
        ("[err] [7:7:ERROR:x.cc:1] Missing X server or $DISPLAY", "no screen", "--headed"),
        ("[err] [7:7:FATAL:new.cc:1] Something nobody has seen.", "Something nobody", "doctor"),
        ("<process did exit: exitCode=1>", "Failed to launch the browser process", "doctor"),
    ],
)  # fmt: skip
def test_a_cause_is_named_with_what_to_do(line: str, found: str, hint: str) -> None:
    cause = cause_of(Exception(FRAME + line))
    assert found in cause.found
    assert hint in cause.hint


@pytest.mark.parametrize(
    ("most", "found", "hint"),
    [
        (40, "too many open files: 40 are allowed", "ulimit -n"),
        (1024, "Failed to launch", "doctor"),
        (resource.RLIM_INFINITY, "Failed to launch", "doctor"),
    ],
)
def test_where_a_browser_left_no_word_a_limit_that_lets_none_start_is_the_cause(
    most: int, found: str, hint: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """On a busy machine Playwright may tell of its end before it has read what it said."""
    monkeypatch.setattr(resource, "getrlimit", lambda _: (most, most))
    cause = cause_of(Exception("BrowserType.launch: Failed to launch the browser process."))
    assert found in cause.found
    assert hint in cause.hint
