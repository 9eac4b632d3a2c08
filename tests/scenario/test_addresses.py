"""What is no address of a page or a server, and what is meant by it."""

from __future__ import annotations

import pytest

from harness.errors import UsageError
from harness.scenario.addresses import check_page, check_server


@pytest.mark.parametrize(
    "url", [None, "http://h/", "https://h:1/x?y#z", "file:///tmp/a.html", "data:text/html,x"]
)
def test_a_page_may_be_there(url: str | None) -> None:
    check_page(url)


@pytest.mark.parametrize(
    ("url", "hint"),
    [
        ("htp://localhost:3000/", None),
        ("localhost:3000", "http://localhost:3000"),
        ("example.com/talk", "http://example.com/talk"),
        ("index.html", "http://index.html"),
        ("", None),
        ("my page", None),
    ],
)
def test_a_page_cannot_be_there(url: str, hint: str | None) -> None:
    with pytest.raises(UsageError, match="no address of a page") as told:
        check_page(url)
    assert told.value.hint == hint


def test_a_server_has_an_address_or_a_name() -> None:
    for url in (None, "openai", "http://127.0.0.1:8080", "https://voice.example.com/"):
        check_server(url)
    for wrong in ("opnai", "127.0.0.1:8080", "ws://h/", "http://", "file:///x"):
        with pytest.raises(UsageError, match="no address of a server"):
            check_server(wrong)


def test_no_password_is_repeated() -> None:
    with pytest.raises(UsageError) as told:
        check_server("ftp://kim:hunter-22@h/")
    assert "hunter" not in str(told.value)
