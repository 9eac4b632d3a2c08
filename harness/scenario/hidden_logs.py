"""Log records of the harness's own loggers, without the values that a run hides."""

from __future__ import annotations

import contextlib
import logging
from collections.abc import Callable, Iterator
from typing import Any

from harness.hidden import Hidden

OURS = "harness"


@contextlib.contextmanager
def hidden_in_logs(hidden: Callable[[], Hidden]) -> Iterator[None]:
    """Within the block, what loggers below "harness" say holds none of the hidden values.

    Whatever handles the records: they are made without them. Records of others are let be.

    Args:
        hidden: gives what is hidden by now.
    """
    make = logging.getLogRecordFactory()

    def make_hidden(*args: Any, **kwargs: Any) -> logging.LogRecord:
        record = make(*args, **kwargs)
        if record.name.partition(".")[0] == OURS and (values := hidden()):
            _hide(record, values)
        return record

    logging.setLogRecordFactory(make_hidden)
    try:
        yield
    finally:
        if logging.getLogRecordFactory() is make_hidden:  # else somebody else's stands on it
            logging.setLogRecordFactory(make)


def _hide(record: logging.LogRecord, hidden: Hidden) -> None:
    said = record.getMessage()
    shown = hidden.text(said)
    if shown != said:
        record.msg, record.args = shown, ()
    if record.exc_info:
        told = logging.Formatter().formatException(record.exc_info)
        shown = hidden.text(told)
        if shown != told:  # handlers write the text that is there, and no other then
            record.exc_text, record.exc_info = shown, None
