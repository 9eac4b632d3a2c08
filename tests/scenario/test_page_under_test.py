"""The page of a scenario; tests/docs/test_own_page.py has the options and what they do."""

from __future__ import annotations

import pytest
from pydantic import ValidationError

from harness.scenario.page_under_test import PageUnderTest, RedirectedAddress, as_redirect


def test_redirects_are_as_calls_take_them() -> None:
    rule = RedirectedAddress.model_validate({"from": "https://voice.example.com/v1/"})
    assert as_redirect("openai") == "openai"
    assert as_redirect([rule]) == [{"from": "https://voice.example.com/v1/", "to": "server"}]


def test_a_redirect_that_cannot_be_is_refused_where_it_is_read() -> None:
    assert PageUnderTest(redirect="openai").redirect == "openai"
    with pytest.raises(ValidationError, match="opnai"):
        PageUnderTest(redirect="opnai")
