"""What a verdict says about redirected requests."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from harness.score.redirected import redirect_notes


@dataclass(frozen=True)
class Event:
    type: str
    data: dict[str, Any]


def began(*rules: str) -> Event:
    return Event("redirect.began", {"rules": list(rules), "server": "http://127.0.0.1:1"})


def came(path: str, status: int, rule: str | None = "openai", method: str = "POST") -> Event:
    facts = {"method": method, "host": "api.openai.com", "path": path}
    return Event("page.redirected", {**facts, "status": status, "rule": rule})


def test_a_call_without_a_redirect_has_nothing_to_say() -> None:
    assert redirect_notes([Event("call.opened", {})]) == []


def test_a_redirect_that_took_has_nothing_to_say() -> None:
    assert redirect_notes([began("openai"), came("/v1/realtime/calls", 201)]) == []


def test_a_redirect_that_no_request_matched_is_named() -> None:
    events = [began("openai", "https://v.example/"), came("/v1/realtime/calls", 201)]
    assert redirect_notes(events) == ["redirect https://v.example/: no request matched"]


def test_what_nobody_answered_is_named_once() -> None:
    events = [began("openai"), came("/v1/responses", 501), came("/v1/responses", 501)]
    assert redirect_notes(events) == [
        "redirected, but not answered by the local server, and sent nowhere: "
        "POST api.openai.com/v1/responses"
    ]


def test_many_are_counted() -> None:
    events = [began("openai"), *(came(f"/v1/{number}", 501) for number in range(9))]
    (note,) = redirect_notes(events)
    assert note.endswith("/v1/4, and 4 more")


def test_a_stand_in_is_named_once() -> None:
    facts = {"name": "ChatKit", "host": "cdn.platform.openai.com", "path": "/chatkit.js"}
    events = [Event("page.stand_in", facts)] * 2
    assert redirect_notes(events) == [
        "the page had a stand-in for ChatKit's own script, and not the real one"
    ]
