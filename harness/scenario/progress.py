"""Progress of a run, for whoever watches: the command line's display, or nobody."""

from __future__ import annotations

from typing import Protocol

from harness.hidden import Hidden


class Progress(Protocol):
    """Told what happens while scenarios run; must not raise, must not wait."""

    def starting(self, text: str) -> None:
        """Before the first scenario: what is being got ready."""

    def scenario_started(self, name: str, index: int, count: int) -> None:
        """A scenario begins, the `index`-th (from 0) of `count`."""

    def step(self, kind: str, text: str, t_s: float) -> None:
        """A step begins, `t_s` on the call's timeline; the kind "error" ended the scenario."""

    def said(self, text: str, t_s: float) -> None:
        """The user says this, from `t_s` on."""

    def heard(self, text: str, t_s: float) -> None:
        """This was heard in answer, from `t_s` on; "" where no words were."""

    def waiting(self, text: str, t_s: float) -> None:
        """The run waits for what the text describes."""

    def expectation(self, text: str, verdict: str, evidence: str, t_s: float) -> None:
        """An expectation was judged; `evidence` is for people, and may be ""."""

    def scenario_ended(self, name: str, verdict: str, seconds: float) -> None:
        """A scenario has its verdict, after so many seconds of real time."""


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


class HidingProgress:
    """Tells another one, without what is hidden."""

    def __init__(self, progress: Progress, hidden: Hidden) -> None:
        self._told = progress
        self.hidden = hidden
        """It may grow."""

    def _shown(self, text: str) -> str:
        return self.hidden.text(text)

    def starting(self, text: str) -> None:
        self._told.starting(self._shown(text))

    def scenario_started(self, name: str, index: int, count: int) -> None:
        self._told.scenario_started(name, index, count)

    def step(self, kind: str, text: str, t_s: float) -> None:
        self._told.step(kind, self._shown(text), t_s)

    def said(self, text: str, t_s: float) -> None:
        self._told.said(self._shown(text), t_s)

    def heard(self, text: str, t_s: float) -> None:
        self._told.heard(self._shown(text), t_s)

    def waiting(self, text: str, t_s: float) -> None:
        self._told.waiting(self._shown(text), t_s)

    def expectation(self, text: str, verdict: str, evidence: str, t_s: float) -> None:
        self._told.expectation(self._shown(text), verdict, self._shown(evidence), t_s)

    def scenario_ended(self, name: str, verdict: str, seconds: float) -> None:
        self._told.scenario_ended(name, verdict, seconds)
