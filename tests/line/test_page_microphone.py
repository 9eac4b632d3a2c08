"""The microphone of a page, and lines without one."""

from types import SimpleNamespace
from typing import Any, cast

import pytest

from harness.errors import UsageError
from harness.line.page_microphone import change_access


class Recording:
    """A microphone of a page that keeps what it is told."""

    def __init__(self) -> None:
        self.told: list[str] = []

    async def set_access(self, access: str) -> None:
        self.told.append(access)


def line(has_page: bool, microphone: Recording) -> Any:
    capabilities = SimpleNamespace(has_page=has_page, engine="simulated")
    return cast("Any", SimpleNamespace(capabilities=capabilities, microphone=microphone))


async def test_a_page_gets_it_or_not() -> None:
    microphone = Recording()
    await change_access(line(True, microphone), "none")
    assert microphone.told == ["none"]


async def test_without_a_page_there_is_none_to_lose() -> None:
    with pytest.raises(UsageError, match="no page"):
        await change_access(line(False, Recording()), "none")
