"""Requests of a page that begin a call."""

from __future__ import annotations

from typing import Any

import pytest

from harness.browser.signalling_requests import key_of, signal_of
from harness.facts.browser import Signalled

CALLS = "https://api.example.com/v1/realtime/calls?key=secret"


def sent(url: str, method: str = "POST", **headers: str) -> dict[str, Any]:
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return {"timestamp": 10.0, "request": {"method": method, "url": url, "headers": named}}


def test_an_offer_that_is_posted() -> None:
    asked = sent(CALLS, Content_Type="application/sdp", Authorization="Bearer ek_12345678")
    signal = signal_of(asked)
    assert signal is not None
    fact = signal.answered(201, 10.25)
    assert fact == Signalled(
        "POST", "https://api.example.com/v1/realtime/calls", True, 201, "client_secret", 0.25
    )
    assert "secret" not in fact.url
    assert "12345678" not in str(fact)


@pytest.mark.parametrize(
    ("url", "kind", "is_offer"),
    [
        ("http://a/call", "application/sdp", True),
        ("http://a/v1/realtime/calls", "multipart/form-data", True),
        ("http://a/v1/realtime/client_secrets", "application/json", False),
        ("http://a/v1/realtime/sessions/", "application/json", False),
    ],
)
def test_by_its_body_or_its_address(url: str, kind: str, is_offer: bool) -> None:
    signal = signal_of(sent(url, content_type=kind))
    assert signal is not None
    assert signal.is_offer == is_offer


@pytest.mark.parametrize(
    "asked",
    [
        sent("http://a/v1/realtime/calls", "OPTIONS"),
        sent("http://a/session", content_type="application/json"),
        sent("http://a/", "GET"),
    ],
)
def test_others_are_none(asked: dict[str, Any]) -> None:
    assert signal_of(asked) is None


@pytest.mark.parametrize(
    ("authorization", "kind"),
    [
        ("Bearer sk-proj-12345678", "api_key"),
        ("bearer ek_12345678", "client_secret"),
        ("Bearer 12345678", "other"),
        ("sk-12345678", "api_key"),
        ("", ""),
    ],
)
def test_what_lets_a_page_in_is_told_by_kind(authorization: str, kind: str) -> None:
    assert key_of(authorization) == kind
