"""Ratings of how the speech of an exchange sounded, as the running call found them."""

from __future__ import annotations

from collections.abc import Sequence

from harness.score.exchanges import Exchange
from harness.trace import TraceEvent

SAME_S = 0.02
"""Edges of one voice, as the running call and the report have them, are nearer than this."""

_PREFIX = {"heard": "", "received": "received_"}


def ratings_of(exchange: Exchange, events: Sequence[TraceEvent]) -> dict[str, float]:
    """PESQ and STOI of "speech.rated": of its answer as heard, of its user as received.

    Returns:
        By the names that `harness.report.results.Quality` has; what nobody rated is not there.
    """
    answers = {answer.answer_id for answer in exchange.answers}
    found: dict[str, float] = {}
    for event in events:
        if event.type != "speech.rated" or event.t_s is None:
            continue
        data = event.data
        if data["where"] == "heard":
            is_ours = data["answer_id"] in answers
        else:  # placed at the first voiced sample of what was said
            is_ours = any(abs(said.start_s - event.t_s) < SAME_S for said in exchange.said)
        if is_ours:
            for name in ("pesq", "stoi"):
                if data[name] is not None:
                    found[_PREFIX[data["where"]] + name] = float(data[name])
    return found
