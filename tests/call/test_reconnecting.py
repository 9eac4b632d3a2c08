"""A call that was lost: over at once, back in time, or too late."""

from __future__ import annotations

import asyncio

from harness.call.reconnecting import Reconnecting, call_lost


async def test_a_lost_call_is_over_where_nobody_waits() -> None:
    given_up: list[str] = []
    call = Reconnecting(None, given_up.append)
    assert call.lost("the channel closed", 3.0) is None
    assert given_up == ["the channel closed"]
    assert not call.is_waiting
    assert call.back(4.0) is None


async def test_a_page_that_connects_again_has_its_call_back() -> None:
    given_up: list[str] = []
    call = Reconnecting(30, given_up.append)
    lost = call.lost("the channel closed", 3.0)
    assert lost is not None
    assert (lost.found, lost.within_s) == ("the channel closed", 30)
    assert call.lost("the peer connection failed", 3.1) is None, "the same loss"
    back = call.back(4.25)
    assert back is not None
    assert back.took_s == 1.25
    assert call.back(4.5) is None, "once"
    assert call.lost("the channel closed", 9.0) is not None, "and may be lost again"
    call.close()
    assert not given_up


async def test_what_is_not_back_in_time_is_lost() -> None:
    over: asyncio.Future[str] = asyncio.get_running_loop().create_future()
    call = Reconnecting(0.01, over.set_result)
    assert call.lost("the channel closed", 3.0) is not None
    found = await asyncio.wait_for(over, 5)
    assert found == "the channel closed, and the page did not connect again within 0.01 s"
    assert not call.is_waiting


def test_how_a_page_may_end_its_call_or_connect_again_is_said_where_there_is_a_page() -> None:
    told = str(call_lost("the channel closed", has_page=True))
    assert "`hang_up: {click: …}`" in told
    assert "`reconnects_s`" in told
    assert "hang_up" not in str(call_lost("the channel closed", has_page=False))
