"""What a page itself said, in a few lines."""

from __future__ import annotations

from typing import Any

import pytest

from harness.call.events import CallEvent
from harness.call.page_said import MOST_LINES, has_own_words, page_said, with_page_said


def event(kind: str, /, **data: Any) -> CallEvent:
    return CallEvent(0.0, "harness" if kind.startswith("page.") else "page", kind, data)


@pytest.mark.parametrize(
    ("told", "line"),
    [
        (
            event("page.http_error", method="POST", url="http://h/key", status=401),
            "POST http://h/key answered 401",
        ),
        (event("page.http_error", method="GET", url="http://h/favicon.ico", status=404), ""),
        (event("page.http_error", method="GET", url="http://h/a", resource="Font", status=404), ""),
        (event("page.request_failed", method="GET", url="http://h/a.woff2", error="net::E"), ""),
        (
            event("page.request_failed", method="POST", url="https://a.sentry.io/", error="x"),
            "",
        ),
        (
            event("page.http_error", method="GET", url="http://nosentry.io/", status=404),
            "GET http://nosentry.io/ answered 404",
        ),
        (event("page.console", level="error", text="Refused to load the font 'x'"), ""),
        (event("page.console", level="error", text="no font here"), "console: no font here"),
        (event("page.window_opened", url="http://h/b"), "it opened a new window, http://h/b"),
        (event("page.window_opened", url=""), "it opened a new window, an empty one"),
        (
            event("page.request_failed", method="GET", url="http://h/", error="net::ERR"),
            "GET http://h/ failed: net::ERR",
        ),
        (event("page.console", level="error", text="oh no"), "console: oh no"),
        (event("page.console", level="warning", text="hm"), ""),
        (event("page.console", level="error", text="Failed to load resource: 404"), ""),
        (event("page.exception", message="x is undefined"), "exception: x is undefined"),
        (event("page.error", message="Uncaught Error: x"), ""),
        (
            event("page.dialog", kind="confirm", text="Go on?", answer="dismiss"),
            "confirm() “Go on?” was answered with Cancel",
        ),
        (
            event("user_media.refused", name="NotFoundError", reason="no device"),
            "getUserMedia was refused: NotFoundError no device",
        ),
        (event("peer_connection.failed", error="no way"), "peer_connection.failed: no way"),
        (event("page.loaded", url="http://h/", is_top=True), ""),
        (CallEvent(0.0, "wire", "error", {"error": {"message": "not the page's"}}), ""),
    ],
)
def test_what_went_wrong_is_a_line(told: CallEvent, line: str) -> None:
    assert page_said([told]) == line


def test_the_page_s_own_words_come_first() -> None:
    told = [
        event("page.http_error", method="GET", url="http://h/list", status=404),
        event("page.exception", message="no such button"),
    ]
    said = page_said(told)
    assert said == "exception: no such button; GET http://h/list answered 404"
    assert has_own_words(told)
    assert not has_own_words(told[:1])


def test_a_line_is_said_once_and_too_many_are_counted() -> None:
    same = [event("page.console", level="error", text="again")] * 50
    assert page_said(same) == "console: again"
    many = [event("page.console", level="error", text=str(i)) for i in range(MOST_LINES + 3)]
    assert page_said(many).endswith("; and 3 more")


def test_why_an_answer_failed_is_said_by_the_other_side() -> None:
    why = "The assistant calls the tool 'drive', which the session does not offer."
    told = CallEvent(1.0, "dialogue", "answer.ended", {"status": "failed", "reason": why})
    fine = CallEvent(2.0, "dialogue", "answer.ended", {"status": "completed", "reason": ""})
    silent = CallEvent(3.0, "dialogue", "answer.ended", {"status": "failed", "reason": None})
    said = with_page_said("nothing", [told, fine, told, silent])
    assert said == f"an answer failed: {why.rstrip('.')}; nothing"
    assert with_page_said("nothing", [fine]) == "nothing"


def test_it_goes_before_what_was_found() -> None:
    told = [event("page.exception", message="boom")]
    assert with_page_said("nothing", told) == "the page: exception: boom; nothing"
    assert with_page_said("nothing", []) == "nothing"
    assert with_page_said(None, told) == "the page: exception: boom"


def test_a_script_of_the_probe_s_that_a_policy_refused_is_no_word_of_the_page() -> None:
    """Its address stands in the console, and what hinders the call may be something else."""
    ours = [
        event("page.console", level="error", text=f"Loading the script '{address}9' violates …")
        for address in ("blob:http://h/1", "data:text/javascript,%7B%0Aconst")
    ]
    own = event("page.console", level="error", text="Loading the script 'blob:http://h/2' violates")
    refused = [
        event("probe.refused", address="blob:http://h/1"),
        event("probe.refused", address="data:text/javascript,%7B%0Aconst"),
    ]
    assert not has_own_words([*ours, *refused])
    assert page_said([*ours, *refused]) == ""
    assert "blob:http://h/2" in page_said([*ours, own, *refused])
