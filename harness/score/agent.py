"""Notes of a verdict on a page's connections: whose sound was judged, and whose was not."""

from __future__ import annotations

from collections.abc import Iterable

from harness.score.redirected import Noted


def agent_notes(events: Iterable[Noted]) -> list[str]:
    """A chosen connection that never brought sound, and how long others were heard."""
    notes, lasted_s = [], dict[str, float]()
    for event in events:
        data = event.data
        if event.type == "call.agent_missing":
            found = ", ".join(data["found"]) or "none"
            notes.append(
                f"the agent was to be {data['wanted']}, and no sound came on it; connections with "
                f"sound: {found}"
            )
        elif event.type == "heard.other_connection":
            name = data["connection"]
            lasted_s[name] = lasted_s.get(name, 0.0) + data["end_s"] - data["start_s"]
    notes += [
        f"{name} is not the agent's: {total_s:.1f} s of its sound are in others.wav, and not judged"
        for name, total_s in sorted(lasted_s.items())
    ]
    return notes
