"""Progress of a run, for whoever watches: the command line's display, or nobody."""

from __future__ import annotations

from typing import Protocol


class Progress(Protocol):
    """Told what happens while scenarios run; must not raise, must not wait."""

    def starting(self, text: str) -> None: ...

    def scenario_started(self, name: str, index: int, count: int) -> None: ...

    def step(self, kind: str, text: str, t_s: float) -> None: ...

    def said(self, text: str, t_s: float) -> None: ...

    def heard(self, text: str, t_s: float) -> None: ...

    def waiting(self, text: str, t_s: float) -> None: ...

    def expectation(self, text: str, verdict: str, evidence: str, t_s: float) -> None: ...

    def scenario_ended(self, name: str, verdict: str, seconds: float) -> None: ...


class NoProgress:
    """Watches nothing."""

    def starting(self, text: str) -> None:
        pass

    def scenario_started(self, name: str, index: int, count: int) -> None:
        pass

    def step(self, kind: str, text: str, t_s: float) -> None:
        pass

    def said(self, text: str, t_s: float) -> None:
        pass

    def heard(self, text: str, t_s: float) -> None:
        pass

    def waiting(self, text: str, t_s: float) -> None:
        pass

    def expectation(self, text: str, verdict: str, evidence: str, t_s: float) -> None:
        pass

    def scenario_ended(self, name: str, verdict: str, seconds: float) -> None:
        pass
