"""Problems of a call, reported by the service or made by the page: those nobody had planned for.

What a problem is on the wire is known to the protocol's adapter; here it has a code, a message and
a place. A step that waits for the event that carried it has planned for it, and so has a scenario
that allows its code.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from fnmatch import fnmatchcase

from harness.call.events import CallEvent
from harness.scenario.expectations import Judgement

PROBLEM = "problem"
SECOND_CALL = "second_call"
"""Code of a page that holds two calls at once."""

UPDATE = "session.update"
REFUSED_WHOLE = "a session.update is refused whole: the session stays as it was before"

NOT_BEGUN = 0
"""The step of what came before the first one."""


@dataclass(frozen=True, slots=True)
class Problem:
    """One of them."""

    t_s: float
    step: int
    """Which step was running; see `NOT_BEGUN`."""

    carrier: str
    """Type of the protocol's event that told it."""

    code: str
    message: str


class Problems:
    """The problems of one conversation.

    Args:
        allowed: codes that do not fail it; globs.
    """

    def __init__(self, allowed: Sequence[str] = ()) -> None:
        self._allowed = allowed
        self._expected: list[str] = []
        self._found: list[Problem] = []
        self._carrier = ""
        self._updates: set[str] = set()
        """Ids of the session.updates that were sent."""

        self._refuses_update = False

    def on_call_events(self, events: Iterable[CallEvent], step: int) -> None:
        """What came while a step ran: every event of the call, in order."""
        for event in events:
            if event.source == "wire":
                self._carrier = event.type
                self._wire(event)
            elif event.source == "dialogue" and event.type == PROBLEM:
                code, message = event.data.get("code"), event.data.get("message")
                where = (event.t_s, step, self._carrier)
                text = str(message or "")
                if self._refuses_update:
                    text = f"{text.rstrip('. ')}; {REFUSED_WHOLE}"
                self._found.append(Problem(*where, str(code or ""), text))
            elif event.type == "page.second_call":
                message = f"the page opened call {event.data.get('calls')} while another was open"
                where = (event.t_s, step, event.type)
                self._found.append(Problem(*where, SECOND_CALL, message))

    def _wire(self, event: CallEvent) -> None:
        """Know which errors refuse the settings that somebody sent."""
        self._refuses_update = False
        if event.type == UPDATE and event.direction == "sent":
            self._updates.add(str(event.data.get("event_id")))
        error = event.data.get("error")
        if event.type == "error" and isinstance(error, Mapping):
            of_session = str(error.get("param") or "").startswith("session.")
            answers = error.get("event_id") is not None and str(error["event_id"]) in self._updates
            self._refuses_update = answers or (of_session and bool(self._updates))

    def expect(self, pattern: str) -> None:
        """A step asked for such events (a glob), and one came."""
        if pattern.strip("*"):  # who asks for any event at all has not asked for a problem
            self._expected.append(pattern)

    @property
    def unexpected(self) -> list[Problem]:
        """Those that no step asked for and whose codes are not allowed."""
        return [problem for problem in self._found if not self._is_planned(problem)]

    def _is_planned(self, problem: Problem) -> bool:
        return any(fnmatchcase(problem.code, pattern) for pattern in self._allowed) or any(
            fnmatchcase(name, pattern)
            for pattern in self._expected
            for name in (problem.carrier, PROBLEM)
        )


def judge_problems(problems: Sequence[Problem]) -> list[tuple[int, Judgement]]:
    """A failure for each different problem, where it came first, with the number of that step."""
    alike: dict[tuple[str, str], list[Problem]] = {}
    for problem in problems:
        alike.setdefault((problem.code, problem.message), []).append(problem)
    return [(same[0].step, _judgement(same[0], len(same))) for same in alike.values()]


def _judgement(first: Problem, count: int) -> Judgement:
    when = f"at {first.t_s:.3f} s" + (f" and {count - 1} times more" if count > 1 else "")
    if first.code == SECOND_CALL:
        evidence = f"{first.message}, {when}: two answers to one turn (allow_problems does not "
        return Judgement(
            "problem", "the page holds one call", False, f"{evidence}name second_call)"
        )
    evidence = f"{first.code or 'no code'}: {first.message} ({when}; no step expected it, and "
    evidence += "allow_problems does not name it)"
    return Judgement("problem", "the service reports no problem", False, evidence)
