"""The line to a page that holds a connection."""

from __future__ import annotations

from typing import Any

import pytest

from harness.browser.devtools import DevToolsError
from harness.browser.launch import Chromium
from harness.errors import PageClosed
from harness.peer.page_link import PageLine, _raise_problem, _script


def test_the_script_is_one_expression_with_everything_in_it() -> None:
    """No import is left, and the worklets are inside."""
    script = _script()
    assert script.startswith("(() => {")
    assert "\nimport " not in script
    assert "harness-virtual-microphone" in script


def test_an_error_of_the_page_keeps_its_first_line() -> None:
    problem = {"exceptionDetails": {"exception": {"description": "TypeError: no\n  at x"}}}
    with pytest.raises(DevToolsError, match="TypeError: no"):
        _raise_problem(problem, "createOffer")
    _raise_problem({"result": {}}, "createOffer")


async def test_calls_go_there_and_news_come_back(shared_chromium: Chromium) -> None:
    """Until it is closed; closing again is nothing."""
    told: list[list[Any]] = []
    line = PageLine(shared_chromium, told.append, lambda why: None)
    try:
        await line.open()
        offer = await line.call("createOffer")
        assert offer.startswith("v=0")
        assert ["state", "gathering", "complete"] in told
        with pytest.raises(DevToolsError, match="acceptAnswer"):
            await line.call("acceptAnswer", "nonsense")
    finally:
        await line.aclose()
    await line.aclose()
    with pytest.raises(PageClosed):
        await line.call("createOffer")
