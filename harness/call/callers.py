"""Words that the users of several calls said, so that none passes for an answer to another one.

Whoever runs several calls makes one `Callers` and hands it to each of them.
"""

from __future__ import annotations

import threading
from collections import deque

from harness.call.utterance import Utterance
from harness.score.copied_voice import Uttered

MOST = 64
"""Utterances that are remembered, of all calls together and of each call of its own."""


class Callers:
    """The latest utterances of the users of some calls. Safe for several threads.

    Args:
        most: how many are kept.
    """

    def __init__(self, most: int = MOST) -> None:
        self._said: deque[tuple[Caller, Uttered]] = deque(maxlen=most)
        self._lock = threading.Lock()

    def join(self, name: str) -> Caller:
        """One more call, by its name for messages."""
        return Caller(self, name)

    def _add(self, caller: Caller, uttered: Uttered) -> None:
        with self._lock:
            self._said.append((caller, uttered))

    def _others(self, caller: Caller) -> list[Uttered]:
        with self._lock:
            return [uttered for by, uttered in self._said if by is not caller]


class Caller:
    """The user of one call. Made by `Callers.join`."""

    def __init__(self, callers: Callers, name: str) -> None:
        self._callers = callers
        self._name = name
        self._own: deque[Uttered] = deque(maxlen=MOST)

    def said(self, utterance: Utterance, start_s: float) -> None:
        """The user says something; ``start_s`` is its first voiced sample on the timeline."""
        speech = utterance.clip.between(utterance.speech_start_s, utterance.speech_end_s)
        own = f"what the user said at {start_s:.3f} s"
        self._own.append(Uttered(speech, utterance.text, own))
        other = f"what the user of another call (“{self._name}”) said"
        self._callers._add(self, Uttered(speech, utterance.text, other))

    @property
    def uttered(self) -> list[Uttered]:
        """What no answer to this user may be a copy of: their own words first."""
        return [*self._own, *self._callers._others(self)]
