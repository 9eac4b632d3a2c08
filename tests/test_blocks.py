"""Blocks that are entered in the wrong way, and how that is told."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator
from contextlib import AsyncExitStack, ExitStack
from typing import Any

import pytest

from harness.blocks import async_block, sync_block, used_behind
from harness.errors import UsageError


@async_block(other="plain.listen")
async def listen(page: str) -> AsyncIterator[str]:
    """Listen."""
    yield page


@sync_block()
def listen_plainly(page: str) -> Iterator[str]:
    """Listen."""
    yield page


async def test_entered_in_its_own_way_it_is_a_block_like_any_other() -> None:
    async with listen("a") as given:
        assert given == "a"
    with listen_plainly("b") as given:
        assert given == "b"
    with pytest.raises(ZeroDivisionError):
        async with listen("c"):
            _ = 1 / 0
    with pytest.raises(ZeroDivisionError), listen_plainly("d"):
        _ = 1 / 0
    assert listen.__name__ == "listen"
    assert listen.__doc__ == "Listen."


async def test_every_other_way_is_told_the_right_one() -> None:
    block: Any = listen("a")
    with pytest.raises(UsageError, match=r"without an event loop use `plain\.listen`") as raised:
        await block
    assert raised.value.expected == "`async with …listen(…) as …:`"
    assert raised.value.found == "`await …listen(…)`"
    with pytest.raises(UsageError, match="write `async with` in place of `with`"), block:
        pass
    with ExitStack() as stack, pytest.raises(UsageError, match="`async with`"):
        stack.enter_context(block)
    plain: Any = listen_plainly("b")
    async with AsyncExitStack() as stack_:
        with pytest.raises(UsageError, match="write `with` in place of `async with`"):
            await stack_.enter_async_context(plain)
    with pytest.raises(UsageError, match="write `with` in place of `await`"):
        await plain


def test_a_block_that_was_never_entered_has_nothing_to_use() -> None:
    for block in (listen("a"), listen_plainly("a")):
        assert not hasattr(block, "say")
        assert not hasattr(block, "_private")
        with pytest.raises(UsageError, match="was not entered") as raised:
            _ = block.say  # type: ignore[union-attr]
        assert "“say” of the block itself" in str(raised.value)


def test_a_use_behind_the_block_names_what_was_used() -> None:
    assert str(used_behind("`call.say(…)`")).startswith("`call.say(…)` was used behind the block")
