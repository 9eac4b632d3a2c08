"""The table of a client session's events in the documentation, made from their classes.

``python -m harness.realtime.client.event_table`` writes that of harness/docs/events.md anew.
"""

from __future__ import annotations

from harness.facts.tables import PAGE, with_tables
from harness.realtime.client.events import EVENTS

SESSION = {"session": list(EVENTS.values())}


def main() -> None:
    """Write the page anew."""
    PAGE.write_text(with_tables(PAGE.read_text(encoding="utf-8"), SESSION), encoding="utf-8")


if __name__ == "__main__":
    main()
