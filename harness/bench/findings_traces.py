"""Kept traces of the benchmark of findings: small, for tests that need no browser.

    harness bench findings --out DIR
    python -m harness.bench.findings_traces DIR

writes one file a page to ``fixtures/traces/findings``. Only what rules look at stays in it.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

from harness.bench.findings import MACHINE
from harness.bench.findings_pages import PageCase, page_cases
from harness.facts.fact import VERSION
from harness.findings.watch import findings_of
from harness.resources import fixtures_dir
from harness.score.metrics import inbound_audio
from harness.trace import TraceEvent, read_trace

LEFT_OUT = frozenset(
    {"answer.text", "tap.started", "tap.stopped", "track.recorded", "heard.recognised",
     "answer.judged", "path.measured", "microphone.samples", "audio.anchor"}
)  # fmt: skip
MESSAGES = ("session.", "response.create", "response.done", "conversation.item.create", "error",
            "conversation.item.truncate", "input_audio_buffer.")  # fmt: skip
SDP_LINES = ("v=", "m=", "a=ice-ufrag:", "a=candidate:", "a=sendrecv", "a=sendonly", "a=recvonly",
             "a=inactive", "a=bundle-only")  # fmt: skip


def folder() -> Path:
    """Where they are kept."""
    return fixtures_dir() / "traces" / "findings"


def path_of(case: PageCase) -> Path:
    """The kept trace of a page."""
    return folder() / f"{case.name.replace('/', '-')}.jsonl"


def slim(events: Iterable[TraceEvent]) -> list[dict[str, Any]]:
    """What is kept of a trace, as lines of one; numbers without gaps."""
    kept: list[dict[str, Any]] = []
    for event in events:
        data = _slim(event)
        if data is not None:
            line = {"seq": len(kept), "t_s": event.t_s, "source": event.source}
            kept.append({**line, "type": event.type, "data": data})
    return kept


def _slim(event: TraceEvent) -> dict[str, Any] | None:
    if event.type in LEFT_OUT:
        return None
    if event.type == "stats":
        return {"connection": event.data["connection"], "report": _report(event.data)}
    if event.type == "data_channel.message":
        return _message(event.data)
    if "sdp" in event.data:
        lines = [line for line in event.data["sdp"].splitlines() if line.startswith(SDP_LINES)]
        return {**event.data, "sdp": "\r\n".join(lines) + "\r\n"}
    return event.data


def _report(data: Mapping[str, Any]) -> list[dict[str, Any]]:
    names = ("type", "kind", "id", "concealedSamples", "totalSamplesReceived", "jitterBufferDelay",
             "jitterBufferEmittedCount", "packetsLost", "packetsReceived", "jitter",
             "insertedSamplesForDeceleration", "removedSamplesForAcceleration",
             "totalSamplesDuration")  # fmt: skip
    of_pairs = ("nominated", "currentRoundTripTime", "requestsSent", "responsesReceived",
                "requestsReceived")  # fmt: skip
    checked = [stat for stat in data["report"] if stat.get("type") == "candidate-pair"]
    nominated = [stat for stat in checked if stat.get("nominated")]
    pairs = [
        {name: stat[name] for name in (*names, *of_pairs) if name in stat}
        for stat in nominated or checked
    ]
    audio = [{name: stat[name] for name in names if name in stat} for stat in inbound_audio(data)]
    return [*audio, *pairs]


def _message(data: Mapping[str, Any]) -> dict[str, Any] | None:
    try:
        body = json.loads(data.get("text") or "")
    except ValueError:
        return dict(data)
    kind = str(body.get("type"))
    if not kind.startswith(MESSAGES):
        return None
    session = body.get("session")
    if isinstance(session, dict):
        body["session"] = {k: v for k, v in session.items() if k not in ("instructions", "tools")}
    return {**data, "text": json.dumps(body, ensure_ascii=False)}


def shows(case: PageCase, events: Sequence[TraceEvent]) -> bool:
    """Whether a run of a page shows what is wrong with it, and nothing that is not."""
    return {one.name for one in findings_of(events)} - MACHINE == set(case.finds)


def keep(runs: Path) -> int:
    """Write the kept traces anew from the traces of a run; gives how many."""
    folder().mkdir(parents=True, exist_ok=True)
    count = 0
    for case in page_cases():
        trace = runs / case.name.replace("/", "-") / "trace.jsonl"
        if trace.is_file() and shows(case, read_trace(trace).events):
            lines = [{"harness_trace": VERSION, "name": case.name}, *slim(read_trace(trace).events)]
            text = "".join(json.dumps(line, ensure_ascii=False) + "\n" for line in lines)
            path_of(case).write_text(text, encoding="utf-8")
            count += 1
    return count


if __name__ == "__main__":
    print(keep(Path(sys.argv[1])), "traces")
