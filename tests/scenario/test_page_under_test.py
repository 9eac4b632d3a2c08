"""The page of a scenario; tests/docs/test_own_page.py has the options and what they do."""

from __future__ import annotations

import pytest
from pydantic import ValidationError

from harness.scenario.page_under_test import PageUnderTest


def test_a_redirect_that_cannot_be_is_refused_where_it_is_read() -> None:
    assert PageUnderTest(redirect="openai").redirect == "openai"
    with pytest.raises(ValidationError, match="opnai"):
        PageUnderTest(redirect="opnai")
    rule = {"from": "http://127.0.0.1:9000/v1/", "to": "http://127.0.0.1:9000/v1/"}
    with pytest.raises(ValidationError, match=r"leads to where it comes from"):
        PageUnderTest.model_validate({"redirect": [rule]})
