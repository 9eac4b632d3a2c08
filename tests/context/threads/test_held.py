"""A context that a call holds, and what a second call does meanwhile."""

from __future__ import annotations

import asyncio

import pytest

from harness.context.definition import ContextDefinition
from harness.context.errors import ContextInUse
from harness.context.threads.choice import ContextChoice
from harness.context.threads.contexts import LEASE_S, Contexts
from harness.context.threads.held import held_context
from harness.virtual_time import LoopClock, run_in_virtual_time


def choice(contexts: Contexts, calls: str = "refuse") -> ContextChoice:
    return ContextChoice(ContextDefinition.model_validate({"name": "a", "calls": calls}), contexts)


async def test_a_second_call_is_refused_and_the_next_one_is_not() -> None:
    contexts = Contexts()
    async with held_context(choice(contexts), 1) as held:
        assert held.context.calls == 1
        with pytest.raises(ContextInUse):
            async with held_context(choice(contexts), 1):
                pass
    async with held_context(choice(contexts), 1) as held:
        assert held.context.calls == 2


def test_a_second_call_waits_as_long_as_it_may() -> None:
    async def main() -> None:
        clock = LoopClock()
        contexts = Contexts(unix_time_s=clock.now_s)
        waits = choice(contexts, "wait")
        async with held_context(waits, 1):
            with pytest.raises(ContextInUse):
                async with held_context(waits, 20):
                    pass
            assert 20 <= clock.now_s() < 21

    run_in_virtual_time(main)


def test_a_long_call_keeps_it_and_gives_it_free() -> None:
    async def main() -> None:
        clock = LoopClock()
        contexts = Contexts(unix_time_s=clock.now_s)
        waits = choice(contexts, "wait")

        async def second() -> float:
            async with held_context(waits, 10 * LEASE_S):
                return clock.now_s()

        async with held_context(waits, 1):
            task = asyncio.ensure_future(second())
            await asyncio.sleep(4 * LEASE_S)
            assert not task.done()
        assert 4 * LEASE_S <= await task < 4 * LEASE_S + 1

    run_in_virtual_time(main)
