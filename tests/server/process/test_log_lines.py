"""How long a record is in the server's log."""

from __future__ import annotations

import logging
import sys

from harness.server.process.log_lines import LONGEST_LINE, LogLines


def record(name: str, text: str) -> logging.LogRecord:
    try:
        raise OverflowError("port must be\n0-65535.")
    except OverflowError:
        return logging.LogRecord(name, logging.ERROR, "f", 1, text, (), sys.exc_info())


def test_what_breaks_in_others_code_is_one_line() -> None:
    told = LogLines().format(record("asyncio", "Fatal write error\nprotocol: x"))
    assert told == "ERROR asyncio: Fatal write error: OverflowError: port must be 0-65535."
    assert "\n" not in LogLines().format(record("aiortc.x", "y" * 9_000))
    assert len(LogLines().format(record("aiortc.x", "y" * 9_000))) < LONGEST_LINE + 50


def test_what_breaks_in_ours_is_told_at_length() -> None:
    assert "Traceback" in LogLines().format(record("harness.server", "a connection broke"))


def test_all_is_at_length_for_whoever_looks_for_it() -> None:
    assert "Traceback" in LogLines(is_long=True).format(record("asyncio", "x"))


def test_a_record_without_an_error_is_its_first_line() -> None:
    plain = logging.LogRecord("aioice", logging.WARNING, "f", 1, "a %s\nb", ("c",), None)
    assert LogLines().format(plain) == "WARNING aioice: a c"


def test_a_callers_words_are_no_commands() -> None:
    for name in ("aioice", "harness.server"):
        told = logging.LogRecord(name, logging.WARNING, "f", 1, "##vso[x]y\x1b[2J", (), None)
        assert LogLines().format(told) == f"WARNING {name}: \\u0023#vso[x]y\\x1b[2J"
