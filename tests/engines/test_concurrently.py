"""Side by side: both results, or one error and nothing left running."""

import asyncio

import pytest

from harness.engines.concurrently import all_ended, both
from harness.errors import LaunchError


async def result(value: int) -> int:
    await asyncio.sleep(0)
    return value


async def test_both_results_come_in_order() -> None:
    assert await both(result(1), result(2)) == (1, 2)


async def test_a_failure_ends_the_other_before_it_goes_on() -> None:
    ended = asyncio.Event()

    async def lasting() -> None:
        try:
            await asyncio.Event().wait()
        finally:
            ended.set()

    async def failing() -> None:
        await asyncio.sleep(0)
        raise LaunchError("no browser")

    with pytest.raises(LaunchError, match="no browser"):
        await both(lasting(), failing())
    assert ended.is_set()


async def test_no_ending_is_cut_short_by_another_one_s_failure() -> None:
    ended = asyncio.Event()

    async def slow() -> None:
        await asyncio.sleep(0.01)
        ended.set()

    async def failing() -> None:
        raise LaunchError("stuck")

    with pytest.raises(LaunchError, match="stuck"):
        await all_ended(failing(), slow())
    assert ended.is_set()
