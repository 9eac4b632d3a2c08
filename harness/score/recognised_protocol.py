"""The protocol of a recorded call, in words."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from harness.score.redirected import Noted

OVER = {"data_channel": "data channel", "web_socket": "WebSocket"}


def protocol_in_words(header: Mapping[str, Any], events: Iterable[Noted]) -> str | None:
    """As in "Realtime, over the data channel “oai-events”"; None: an older trace does not say.

    Args:
        header: of the trace.
        events: of the trace, or of the call so far.
    """
    named = header.get("protocol")
    for event in events:
        if event.type == "call.protocol":
            over = OVER.get(str(event.data["over"]), str(event.data["over"]))
            how = "" if named in (None, "auto") else ", as named"
            return f"{event.data['protocol']}, over the {over} “{event.data['label']}”{how}"
    if named is None:
        return None
    if named == "auto":
        return "none recognised: the call is known by ear alone"
    if named == "none":
        return "none, as named: the call is known by ear alone"
    return f"{named}, as named; no message of it came"
