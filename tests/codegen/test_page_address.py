"""Addresses of recorded pages: nothing that lets somebody in is written."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from harness.call.opening import CallOptions
from harness.codegen.acts import SecretVariables
from harness.codegen.page_address import page_of, written_address


def filled_in(text: str, hidden: SecretVariables) -> str:
    for name, value in hidden.values.items():
        text = text.replace(f"${{{name}}}", value)
    return text.replace("$${", "${")


@pytest.mark.parametrize(
    ("url", "written"),
    [
        ("http://kim:window-seat@h:8080/a", "http://${DESK_USER}:${DESK_PASSWORD}@h:8080/a"),
        ("https://t0ken@h/", "https://${DESK_USER}@h/"),
        ("http://h/?room=5&access_token=abc", "http://h/?room=5&access_token=${DESK_ACCESS_TOKEN}"),
        ("http://h/?apiKey=abc#/call", "http://h/?apiKey=${DESK_APIKEY}#/call"),
        ("http://h/?X-Amz-Signature=0f", "http://h/?X-Amz-Signature=${DESK_X_AMZ_SIGNATURE}"),
        ("http://h/#id_token=abc&a=b", "http://h/#id_token=${DESK_ID_TOKEN}&a=b"),
        ("http://h/?q=ek_abcdefghijkl", "http://h/?q=${DESK_Q}"),
        ("http://h/?9f8e7d6c5b4a39281706a", "http://h/?${DESK_TOKEN}"),
    ],
)
def test_what_lets_somebody_in_is_a_variable(url: str, written: str) -> None:
    hidden = SecretVariables("desk")
    assert written_address(url, hidden) == written
    assert filled_in(written, hidden) == url


@pytest.mark.parametrize(
    "url", ["http://127.0.0.1:3000/voice", "http://h/?room=5&lang=de-DE#/call", "file:///a/b.html"]
)
def test_an_address_without_secrets_stays(url: str) -> None:
    hidden = SecretVariables("desk")
    assert written_address(url, hidden) == url
    assert not hidden.values


def test_a_dollar_in_an_address_is_no_variable() -> None:
    assert written_address("http://h/${x}?a=${y}", SecretVariables("d")) == "http://h/$${x}?a=$${y}"


def test_two_tokens_of_one_name_are_two_variables() -> None:
    hidden = SecretVariables("desk", {"DESK_TOKEN": "typed"})
    assert written_address("http://h/?token=b", hidden) == "http://h/?token=${DESK_TOKEN_2}"
    assert hidden.values == {"DESK_TOKEN": "typed", "DESK_TOKEN_2": "b"}


@given(st.from_regex(r"[a-z]{1,5}(=[A-Za-z0-9%.]{0,30}){0,2}", fullmatch=True))
def test_the_variables_make_it_the_same_address_again(query: str) -> None:
    hidden = SecretVariables("desk")
    url = f"http://h/?token=abc&{query}"
    assert filled_in(written_address(url, hidden), hidden) == url


def test_a_page_that_waits_for_a_click_is_written_so() -> None:
    assert page_of("http://h/", CallOptions()) == {"url": "http://h/"}
    page = page_of("http://h/", CallOptions(autoplay="user-gesture"))
    assert page == {"url": "http://h/", "autoplay": "user-gesture"}
