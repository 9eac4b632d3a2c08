"""Notes of a verdict on requests that were answered on this machine."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, Protocol

BLOCKED = 501
MOST_NAMED = 5


class Noted(Protocol):
    """An event of a call or of a trace."""

    @property
    def type(self) -> str:
        """As in a trace."""
        ...

    @property
    def data(self) -> Mapping[str, Any]:
        """Its facts."""
        ...


def redirect_notes(events: Iterable[Noted]) -> list[str]:
    """Redirects that no request matched, requests that nothing here answers, and stand-ins."""
    kept = list(events)
    rules = [
        name for event in kept if event.type == "redirect.began" for name in event.data["rules"]
    ]
    came = [event.data for event in kept if event.type == "page.redirected"]
    matched = {facts.get("rule") for facts in came}
    notes = [f"redirect {name}: no request matched" for name in rules if name not in matched]
    blocked = [_request(facts) for facts in came if facts["status"] == BLOCKED]
    if named := list(dict.fromkeys(blocked)):
        more = f", and {len(named) - MOST_NAMED} more" if len(named) > MOST_NAMED else ""
        notes.append(
            "redirected, but not answered by the local server, and sent nowhere: "
            f"{', '.join(named[:MOST_NAMED])}{more}"
        )
    stand_ins = (event.data for event in kept if event.type == "page.stand_in")
    for name in dict.fromkeys(str(facts["name"]) for facts in stand_ins):
        notes.append(f"the page had a stand-in for {name}'s own script, and not the real one")
    return notes


def _request(facts: Mapping[str, Any]) -> str:
    return f"{facts['method']} {facts['host']}{facts['path']}"
