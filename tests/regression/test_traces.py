"""What a comparison reads of a trace."""

from __future__ import annotations

import json
from pathlib import Path

from harness.regression.traces import TraceFacts, events_ms, trace_facts, trace_header
from tests.support.make_suite import make_result

EVENTS = ((0.5, "session.ready"), (1.0, "answer.started"), (None, "x.y"), (1.2, "answer.started"))


def write_trace(folder: Path, text: str) -> None:
    (folder / "trace.jsonl").write_text(text, encoding="utf-8")


def test_header_model_and_events(tmp_path: Path) -> None:
    created = json.dumps({"type": "session.created", "session": {"model": "gpt-realtime-2.1"}})
    lines = [
        {"harness_trace": 1, "machine": "m"},
        {"seq": 0, "t_s": 0.1, "source": "page", "type": "data_channel.message", "data": created},
        *(
            {"seq": n, "t_s": t_s, "source": "dialogue", "type": kind, "data": {}}
            for n, (t_s, kind) in enumerate(EVENTS, start=1)
        ),
    ]
    write_trace(tmp_path, "".join(json.dumps(line) + "\n" for line in lines))
    result = make_result("a").model_copy(update={"artifacts": {"trace": "trace.jsonl"}})
    found = trace_facts(tmp_path, result)
    assert found.events == EVENTS
    assert found.kinds == ("session.ready", "answer.started", "x.y")
    assert (found.model, found.header["machine"]) == ("gpt-realtime-2.1", "m")
    assert trace_header(tmp_path, result) == found.header


def test_what_is_not_there_or_no_trace_is_nothing(tmp_path: Path) -> None:
    result = make_result("a").model_copy(update={"artifacts": {"trace": "trace.jsonl"}})
    for text in (None, "{", "[]\n"):
        if text is not None:
            write_trace(tmp_path, text)
        assert trace_facts(tmp_path, result) == TraceFacts()
        assert trace_header(tmp_path, result) == {}
    assert trace_facts(tmp_path, make_result("a")) == TraceFacts()


def test_events_of_a_turn_are_the_first_of_each_kind() -> None:
    assert events_ms(EVENTS, 0.8, 9.0) == {"answer.started": 200.0}
    assert events_ms(EVENTS, 0.0, 1.0) == {"session.ready": 500.0}
