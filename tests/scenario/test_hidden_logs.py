"""Log records without what a run hides."""

from __future__ import annotations

import logging

import pytest

from harness.hidden import Hidden
from harness.scenario.hidden_logs import hidden_in_logs

SECRET = Hidden(frozenset({"window-seat-4711"}))


def test_texts_arguments_and_tracebacks_hold_none_of_it(caplog: pytest.LogCaptureFixture) -> None:
    log = logging.getLogger("harness.call.recorder")
    with hidden_in_logs(lambda: SECRET):
        log.warning("it is window-seat-4711")
        log.warning("it is %s", "window-seat-4711")
        try:
            raise ValueError("window-seat-4711")
        except ValueError:
            log.exception("failed")
        log.warning("%d of %s", 1, "two")
    assert "window-seat-4711" not in caplog.text
    assert "ValueError: •••" in caplog.text
    assert "1 of two" in caplog.text


def test_what_becomes_known_later_is_hidden_from_then_on(caplog: pytest.LogCaptureFixture) -> None:
    known = [Hidden()]
    with hidden_in_logs(lambda: known[0]):
        logging.getLogger("harness").warning("window-seat-4711")
        known[0] = SECRET
        logging.getLogger("harness").warning("window-seat-4711")
    assert [record.getMessage() for record in caplog.records] == ["window-seat-4711", "•••"]


def test_records_of_others_and_those_after_the_block_are_let_be(
    caplog: pytest.LogCaptureFixture,
) -> None:
    before = logging.getLogRecordFactory()
    with hidden_in_logs(lambda: SECRET):
        logging.getLogger("harnesses").warning("window-seat-4711")
    assert logging.getLogRecordFactory() is before
    logging.getLogger("harness").warning("window-seat-4711")
    assert caplog.text.count("window-seat-4711") == 2


def test_a_factory_that_was_put_on_top_of_it_is_left_there() -> None:
    before = logging.getLogRecordFactory()
    with hidden_in_logs(lambda: SECRET):
        inner = logging.getLogRecordFactory()

        def other(*args: object, **kwargs: object) -> logging.LogRecord:
            return inner(*args, **kwargs)

        logging.setLogRecordFactory(other)
    assert logging.getLogRecordFactory() is other
    logging.setLogRecordFactory(before)
