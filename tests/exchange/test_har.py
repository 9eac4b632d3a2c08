"""The requests of a trace as HAR."""

from __future__ import annotations

from harness.exchange.har import har_of
from harness.facts.browser import HttpError, PageRequest, RequestFailed
from tests.support.healthy_call import HEALTHY, At, events_of


def test_requests_are_entries() -> None:
    more: list[At] = [
        (2.0, HttpError("GET", "http://a/x.js", 404)),
        (3.0, RequestFailed("GET", "http://a/y.js", "net::ERR_FAILED")),
    ]
    log = har_of(events_of([*HEALTHY, *more]), 1_700_000_000_000.0, "1")["log"]
    assert log["version"] == "1.2"
    offer, missing, failed = log["entries"]
    assert (offer["request"]["method"], offer["response"]["status"]) == ("POST", 201)
    assert offer["time"] == 30.0
    assert offer["startedDateTime"] == "2023-11-14T22:13:20.120+00:00"
    assert missing["response"]["status"] == 404
    assert failed["_error"] == "net::ERR_FAILED"


def test_where_all_requests_were_kept_these_alone_are_entries_with_their_texts() -> None:
    api = PageRequest(
        "POST", "http://a/x", "Fetch", 200, "text/plain", 0.5, "in", "out", True,
        sent_mime="application/json", by="worker",
    )  # fmt: skip
    lost = PageRequest("GET", "http://a/y", "XHR", None, "", 0.1, error="net::ERR_FAILED")
    more: list[At] = [
        (2.0, HttpError("GET", "http://a/x", 404)),
        (3.0, api),
        (4.0, lost),
    ]
    log = har_of(events_of([*HEALTHY, *more]), 1_700_000_000_000.0, "1")["log"]
    told, failed = log["entries"]
    assert told["startedDateTime"] == "2023-11-14T22:13:22.500+00:00"
    assert told["request"]["postData"] == {"mimeType": "application/json", "text": "in"}
    assert told["_initiatedBy"] == "worker"
    assert told["response"]["content"] == {"size": 3, "text": "out", "mimeType": "text/plain"}
    assert told["comment"]
    assert (failed["response"]["status"], failed["_error"]) == (0, "net::ERR_FAILED")


def test_what_was_sent_without_its_text_or_its_type() -> None:
    sent = [
        PageRequest("POST", "http://a/", "Fetch", 200, "", 0.5, sent_mime="audio/wav", is_cut=True),
        PageRequest("POST", "http://a/", "Fetch", 200, "", 0.5, sent="of an older trace"),
        PageRequest("GET", "http://a/", "Fetch", 200, "", 0.5),
    ]
    events = events_of([(1.0 + at, one) for at, one in enumerate(sent)])
    entries = har_of(events, 1_700_000_000_000.0, "1")["log"]["entries"]
    assert [one["request"].get("postData") for one in entries] == [
        {"mimeType": "audio/wav", "text": ""},
        {"mimeType": "text/plain", "text": "of an older trace"},
        None,
    ]


def test_a_trace_without_requests_has_no_entries() -> None:
    assert har_of([], 0.0, "1")["log"]["entries"] == []
