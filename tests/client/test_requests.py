"""A request may be awaited or left; its answer reaches who waits, however late."""

from __future__ import annotations

import asyncio
import gc

import pytest

from harness.client.requests import Requests
from harness.errors import NotConnected, RequestRefused


async def test_the_answer_is_what_awaiting_gives() -> None:
    requests = Requests()
    request = requests.add("event_1")
    requests.settle("event_1", {"type": "session.updated"}, None)
    assert await request == {"type": "session.updated"}
    assert await request == {"type": "session.updated"}


async def test_a_refusal_is_raised_with_the_protocol_s_code() -> None:
    requests = Requests()
    request = requests.add("event_1")
    requests.settle("event_1", None, RequestRefused("no", code="item_not_found"))
    with pytest.raises(RequestRefused) as refused:
        await request
    assert refused.value.code == "item_not_found"


async def test_a_refusal_nobody_waits_for_makes_no_noise() -> None:
    complaints: list[object] = []
    asyncio.get_running_loop().set_exception_handler(lambda _, c: complaints.append(c))
    try:
        requests = Requests()
        requests.add("event_1")
        requests.settle("event_1", None, RequestRefused("no"))
        gc.collect()
        await asyncio.sleep(0)
    finally:
        asyncio.get_running_loop().set_exception_handler(None)
    assert complaints == []


async def test_who_stops_waiting_takes_nothing_from_others() -> None:
    requests = Requests()
    request = requests.add("event_1")

    async def wait() -> object:
        return await request

    impatient, patient = asyncio.create_task(wait()), asyncio.create_task(wait())
    await asyncio.sleep(0)
    impatient.cancel()
    await asyncio.sleep(0)
    requests.settle("event_1", {"type": "x"}, None)
    assert await patient == {"type": "x"}


async def test_the_end_settles_all() -> None:
    requests = Requests()
    all_of_them = [requests.add(f"event_{n}") for n in range(3)]
    requests.settle_all(NotConnected("over"))
    for request in all_of_them:
        with pytest.raises(NotConnected):
            await request


async def test_unknown_and_late_answers_are_nothing() -> None:
    requests = Requests()
    request = requests.add("event_1")
    requests.settle("event_9", None, None)
    requests.settle("event_1", None, None)
    requests.settle("event_1", None, RequestRefused("late"))
    assert await request is None
    assert request.is_settled
