"""What fails without anybody minding, and what must not be taken for it."""

from __future__ import annotations

import pytest

from harness.call.page_noise import is_console_noise, is_noise


@pytest.mark.parametrize(
    "request_told",
    [
        {"url": "http://h/favicon.ico"},
        {"url": "http://h/fonts/a.WOFF2"},
        {"url": "http://h/x", "resource": "Image"},
        {"url": "http://h/x", "resource": "Ping"},
        {"url": "https://www.google-analytics.com/g/collect", "resource": "Fetch"},
        {"url": "https://o1.ingest.sentry.io/api/1/envelope/", "resource": "Fetch"},
    ],
)
def test_icons_fonts_and_counters_are_noise(request_told: dict[str, str]) -> None:
    assert is_noise(request_told)


@pytest.mark.parametrize(
    "request_told",
    [
        {"url": "http://h/session", "resource": "Fetch"},
        {"url": "http://h/worklet.js", "resource": "Script"},
        {"url": "http://h/hello.wav", "resource": "Media"},
        {"url": "http://notsentry.io/session"},
        {"url": "http://[/"},
        {},
    ],
)
def test_what_a_call_may_need_is_none(request_told: dict[str, str]) -> None:
    assert not is_noise(request_told)


def test_the_console_s_noise_is_what_speaks_of_such_things_alone() -> None:
    assert is_console_noise("Failed to load resource: the server responded with 404")
    assert is_console_noise("Refused to load the stylesheet 'https://fonts.googleapis.com/css'")
    assert not is_console_noise("Refused to connect to 'https://h/session': it violates the CSP")
    assert not is_console_noise("fontaine is not defined")


@pytest.mark.parametrize(
    "policy",
    [
        "default-src 'self' https://fonts.gstatic.com",
        "connect-src 'self' https://www.google-analytics.com",
    ],
)
def test_a_policy_that_allows_fonts_and_counters_is_told_where_it_refuses_a_call(
    policy: str,
) -> None:
    refused = "Connecting to 'https://api.openai.com/v1/realtime/calls'"
    why = f'violates the following Content Security Policy directive: "{policy}".'
    assert not is_console_noise(f"{refused} {why}")
    assert is_console_noise(f"Loading the font 'https://h/a.woff2' {why}")
