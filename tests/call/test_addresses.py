"""Secrets in addresses are not shown."""

import pytest

from harness.redact import shown


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("https://user:pw@host:8443/a/b?api_key=secret#t", "https://host:8443/a/b"),
        ("http://127.0.0.1:80/", "http://127.0.0.1:80/"),
        ("realtime", "realtime"),
        ("about:blank", "about:blank"),
    ],
)
def test_an_address_is_shown_without_what_may_be_secret(url: str, expected: str) -> None:
    assert shown(url) == expected
