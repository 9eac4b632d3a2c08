"""Word of models that end, in the server's log: whoever names one is told its date."""

from __future__ import annotations

import logging
from collections.abc import Mapping

from harness.realtime.ending_models import endings_in
from harness.realtime.wire import Event
from harness.server.calls.call_runner import CallRunner

SESSION_EVENTS = frozenset({"session.created", "session.updated"})

_log = logging.getLogger(__name__)


class EndingModels:
    """Looks at the sessions of the calls it is told of; each model is logged once."""

    def __init__(self) -> None:
        self._told: set[str] = set()

    def call_began(self, call: CallRunner) -> None:
        call.watchers.append(self._look)

    def call_ended(self, call: CallRunner, because: str) -> None:
        pass

    def _look(self, event: Event) -> None:
        session = event.get("session")
        if event.get("type") not in SESSION_EVENTS or not isinstance(session, Mapping):
            return
        for ending in endings_in(session):
            if ending.model not in self._told:
                self._told.add(ending.model)
                _log.warning("%s", ending.in_words)
