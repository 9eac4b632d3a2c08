"""What a page's probe tells is what its line tells, whoever opened it."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any, cast

import pytest

from harness.engines.browser.attached_line import AttachedLine
from harness.engines.browser.line import PageLine
from harness.engines.browser.probed_line import ProbedLine


async def test_it_hands_on_what_the_page_has() -> None:
    said: list[tuple[str, str]] = []

    async def send_text(label: str, text: str) -> None:
        said.append((label, text))

    names = ("envelopes", "timeline", "microphone", "sent", "received", "heard", "uncertainty_s")
    page = SimpleNamespace(send_text=send_text, access="deny", **{name: object() for name in names})
    line: ProbedLine[Any] = ProbedLine(cast("Any", page), "realtime")
    assert [name for name in names if getattr(line, name) is not getattr(page, name)] == []
    await line.send_text("oai-events", "{}")
    assert said == [("oai-events", "{}")]
    assert line.capabilities.has_page
    assert not line.capabilities.gets_microphone


@pytest.mark.parametrize("kind", [PageLine, AttachedLine])
def test_both_kinds_are_one(kind: type[ProbedLine[Any]]) -> None:
    assert issubclass(kind, ProbedLine)
