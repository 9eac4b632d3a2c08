"""Events as rows of the report."""

from __future__ import annotations

import json

import pytest

from harness.report.event_rows import FEW_DATA_CHARS, group_of, rows_for_page, rows_of
from tests.support.call_events import event


@pytest.mark.parametrize(
    ("type", "source", "group"),
    [
        ("answer.started", "dialogue", "dialogue"),
        ("data_channel.message", "page", "wire"),
        ("data_channel.open", "page", "webrtc"),
        ("stats", "page", "webrtc"),
        ("page.webrtc_call", "page", "calls"),
        ("page.error", "page", "page"),
        ("page.request", "harness", "page"),
        ("step.started", "harness", "steps"),
        ("thread.item", "harness", "context"),
        ("knowledge.found", "harness", "context"),
        ("thinking.ended", "harness", "context"),
        ("anything", "server", "server"),
    ],
)
def test_every_event_has_a_lane(type: str, source: str, group: str) -> None:
    assert group_of(event(type, 1.0, source)) == group


def test_samples_are_not_in_the_report() -> None:
    events = [event("heard.samples", 1.0, "page", pcm="AAAA"), event("page.loaded", 1.0, "page")]
    assert [row["type"] for row in rows_of(events)] == ["page.loaded"]


def test_a_message_shows_its_direction_and_its_own_type() -> None:
    text = json.dumps({"type": "some.event", "event_id": "e1", "delta": "hel\nlo"})
    (row,) = rows_of([event("data_channel.message", 1.0, "page", direction="sent", text=text)])
    assert row["type"] == "→ some.event"
    assert row["text"].startswith("hel lo")


@pytest.mark.parametrize("text", ["not json", "[1]", None])
def test_a_message_that_is_not_an_object_is_shown_as_it_came(text: str | None) -> None:
    facts = {"direction": "received", "label": "chat", "text": text, "bytes_length": 7}
    (row,) = rows_of([event("data_channel.message", 1.0, "page", **facts)])
    assert row["type"] == "← chat"
    assert row["text"] == (text or "7 bytes")


def test_rows_are_in_order_of_time_and_one_without_a_time_stays_in_its_place() -> None:
    events = [event("a", None, "page"), event("b", 2.0, "page"), event("error", None, "harness"),
              event("c", 1.0, "page")]  # fmt: skip
    assert [row["type"] for row in rows_of(events)] == ["a", "c", "b", "error"]


def test_long_data_is_cut_and_says_where_the_rest_is() -> None:
    (row,) = rows_of([event("page.error", 1.0, "page", message="x" * 50_000)])
    assert "in the trace" in row["data"]["cut"]
    assert len(json.dumps(row)) < 15_000


def test_many_long_events_are_cut_shorter() -> None:
    rows = rows_of([event("page.error", 1.0, "page", message="x" * 5_000)] * 600)
    assert len(rows[0]["data"]["start"]) == FEW_DATA_CHARS


def test_trouble_is_marked() -> None:
    rows = rows_of([event("problem", 1.0), event("answer.started", 1.0)])
    assert [row.get("bad", False) for row in rows] == [True, False]


def test_a_step_on_the_page_that_did_not_work_stands_out() -> None:
    acts = [
        event("page.acted", 1.0, "harness", kind="click", what="“#a”", took_s=0.1),
        event("page.acted", 2.0, "harness", kind="click", what="“#b”", took_s=0.1, problem="no"),
    ]
    rows = rows_of(acts)
    assert [row.get("bad", False) for row in rows] == [False, True]
    assert rows[0]["text"].startswith("click · “#a”")


def test_a_page_leaves_out_statistics_first_then_messages_then_the_end(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    few = [event("answer.started", float(n), "dialogue") for n in range(4)]
    messages = [event("data_channel.message", float(n)) for n in range(6)]
    stats = [event("stats", float(n)) for n in range(8)]
    for most, left, what in (
        (18, 18, ""),
        (17, 10, "8 statistics"),
        (9, 4, "8 statistics and 6 messages"),
        (3, 3, "8 statistics and 6 messages and the last 1"),
    ):
        monkeypatch.setattr("harness.report.event_rows.MOST_ROWS", most)
        shown, missing = rows_for_page([*few, *messages, *stats])
        assert (len(shown), missing) == (left, what)


def test_calls_that_went_well_are_left_out_before_messages_and_those_that_failed_stay(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("harness.report.event_rows.MOST_ROWS", 5)
    calls = [
        event("page.webrtc_call", float(n), outcome=outcome)
        for n, outcome in enumerate(["returned", "rejected", "resolved", "pending", "threw"])
    ]
    messages = [event("data_channel.message", float(n)) for n in range(3)]
    shown, missing = rows_for_page([*calls, *messages])
    assert [one.data.get("outcome") for one in shown] == ["rejected", "threw", None, None, None]
    assert missing == "3 API calls"


def test_a_search_shows_its_sources_and_long_work_that_failed_is_bad() -> None:
    found = [{"text": "Soup.", "source": "menu.md", "score": 1.2}]
    rows = rows_of(
        [
            event("knowledge.found", 1.0, "harness", query="soup", passages=found),
            event("knowledge.found", 2.0, "harness", query="fish", passages=[]),
            event("thinking.ended", 3.0, "harness", job="j1", status="failed", text="Too slow."),
            event("thinking.ended", 4.0, "harness", job="j2", status="done", text="In 1901."),
        ]
    )
    assert [row["text"] for row in rows[:2]] == ["soup · menu.md", "fish · nothing found"]
    assert [row.get("bad", False) for row in rows] == [False, False, True, False]


def test_a_page_s_calls_are_rows_and_those_that_failed_are_bad() -> None:
    given = {"owner": "RTCPeerConnection", "took_ms": 0.4, "line": "http://a/app.js:31:5"}
    well = {"name": "addTrack", "arguments": ["audio"], "outcome": "returned", "result": "sender"}
    wrong = {
        "name": "removeTrack",
        "arguments": ["sender"],
        "outcome": "threw",
        "error": "TypeError",
    }
    calls = [event("page.webrtc_call", 1.0, "page", **given, **data) for data in (well, wrong)]
    rows = rows_of(calls)
    assert [(row["type"], row["text"]) for row in rows] == [
        ("addTrack()", "app.js:31, 0.4 ms: audio → sender"),
        ("removeTrack()", "app.js:31, 0.4 ms: sender → threw TypeError"),
    ]
    assert [row.get("bad", False) for row in rows] == [False, True]


def test_a_call_of_another_version_is_shown_by_what_it_has() -> None:
    (row,) = rows_of([event("page.webrtc_call", 1.0, "page", name="addTrack")])
    assert row["text"] == "addTrack"


def test_a_request_of_the_page_is_told_by_its_path_and_how_it_went() -> None:
    given = {"resource": "Fetch", "took_s": 0.25}
    rows = rows_of(
        [
            event("page.request", 1.0, "harness", method="POST", url="https://h/api/talk",
                  status=200, mime="application/json", sent="{}", **given),
            event("page.request", 2.0, "harness", method="GET", url="https://h", status=None,
                  mime="", error="net::ERR_FAILED", **given),
        ]
    )  # fmt: skip
    assert [(row["type"], row["text"]) for row in rows] == [
        ("POST /api/talk", "200 · 250 ms · application/json · Fetch"),
        ("GET /", "net::ERR_FAILED · 250 ms · Fetch"),
    ]


def test_a_request_of_a_worker_is_told_as_its_own() -> None:
    asked = event("page.request", 1.0, "harness", method="GET", url="https://h/a", status=200,
                  resource="Fetch", mime="", took_s=0.1, by="service_worker")  # fmt: skip
    [row] = rows_of([asked])
    assert row["text"] == "200 · 100 ms · Fetch · by a service worker"
