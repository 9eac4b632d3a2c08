"""Bodies of requests as the trace has them."""

from __future__ import annotations

import json

import pytest

from harness.browser.request_body import MOST_CHARS, is_text, shown_body
from harness.redact import MASK


@pytest.mark.parametrize(
    ("mime", "can_be_read"),
    [
        ("application/json; charset=utf-8", True),
        ("Application/Problem+JSON", True),
        ("text/event-stream", True),
        ("application/sdp", True),
        ("audio/wav", False),
        ("application/octet-stream", False),
        ("multipart/form-data; boundary=x", False),
        ("", False),
    ],
)
def test_only_texts_are_kept(mime: str, can_be_read: bool) -> None:
    assert is_text(mime) == can_be_read


def test_what_lets_somebody_in_is_masked_by_its_name_and_all_else_stays() -> None:
    body = {
        "model": "m",
        "access_token": "abc",
        "client_secret": {"value": "abc", "expires_at": 7},
        "tokens": ["abc"],
        "session": {"voice": "v", "max_output_tokens": 9},
        "error": {"code": "busy", "message": "Try later."},
        "code": "abc",
        "iceServers": [{"urls": "turn:h", "credential": "abc"}],
        "event": '{"token":"abc","say":"[no list"}',
        "see": "https://kim:abc@h/a?sig=abc",
    }
    text, is_cut = shown_body(json.dumps(body), "application/json")
    assert "abc" not in text
    assert not is_cut
    shown = json.loads(text)
    assert shown["client_secret"] == {"value": MASK, "expires_at": 7}
    assert shown["session"] == body["session"]
    assert shown["error"] == body["error"]
    assert json.loads(shown["event"]) == {"token": MASK, "say": "[no list"}
    assert shown["see"] == "https://h/a"


def test_of_a_form_there_are_the_names() -> None:
    form = "application/x-www-form-urlencoded"
    assert shown_body("user=kim&note=&x=1", form)[0] == f"user={MASK}&note={MASK}&x={MASK}"


@pytest.mark.parametrize("text", ["no json", "[" * 100_000, '{"a":'])
def test_what_is_not_what_it_says_stays_a_text(text: str) -> None:
    shown, _ = shown_body(text, "application/json")
    assert text.startswith(shown)


def test_a_long_one_is_cut_between_two_words() -> None:
    words = "hello " * MOST_CHARS
    text, is_cut = shown_body(words, "text/plain")
    assert is_cut
    assert words.startswith(text)
    assert text.endswith("hello")
    assert len(text) <= MOST_CHARS
    assert shown_body("x" * 2 * MOST_CHARS, "text/plain") == ("", True)
