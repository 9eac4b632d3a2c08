"""The last things that went wrong."""

from __future__ import annotations

import logging

from harness.server.status.recent import RecentErrors

log = logging.getLogger("harness.test")


def test_warnings_and_errors_are_kept_in_one_line() -> None:
    """Without stack traces."""
    with RecentErrors() as errors:
        log.info("fine")
        log.warning("call %s: odd\nvery odd", "rtc_1")
        try:
            raise ValueError("inner words")
        except ValueError:
            log.exception("it broke")
    log.warning("later")
    assert [mishap.text for mishap in errors.mishaps] == [
        "call rtc_1: odd very odd",
        "it broke (ValueError)",
    ]
    assert errors.mishaps[0].as_json()["level"] == "warning"


def test_keys_and_secrets_are_left_out() -> None:
    errors = RecentErrors()
    errors.note(0.0, "error", "refused ek_abcDEF123-_x and sk-local-abcdef123")
    assert errors.mishaps[0].text == "refused (a key) and (a key)"


def test_the_oldest_go_first_and_all_are_counted() -> None:
    errors = RecentErrors(most=2)
    for number in range(5):
        errors.note(number, "error", "x" * 1000 if number == 4 else str(number))
    assert [len(mishap.text) for mishap in errors.mishaps] == [1, 300]
    assert errors.count == 5
