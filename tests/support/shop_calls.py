"""Calls of a shop: written ones, with a context or none."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

from harness.call.call import Call
from harness.call.opening import CallOptions
from harness.context.context import Context
from harness.context.definition import ContextDefinition, ContextTool
from harness.context.thread_items import text_of_row
from harness.context.threads.choice import AnyContext
from harness.context.threads.contexts import Contexts
from harness.engines.simulated.open import open_simulated_call
from harness.engines.simulated.speech import SimulatedSpeech
from harness.errors import ContextError
from harness.realtime.server.assistants.script import Script

SCRIPT = Script.model_validate(
    {
        "rules": [
            {"when": {"tool": "opening_hours", "result": "nine"}, "say": "From nine."},
            {"when": {"words": ["open"]}, "call": {"name": "opening_hours"}},
            {"when": {"turn": 1}, "say": "The first."},
            {"when": {"turn": 2}, "say": "The second."},
        ]
    }
)

SHOP = ContextDefinition(name="shop", instructions="Sell shoes.")


def opening_hours() -> str:
    """When we are open."""
    return "nine to five"


HOURS = ContextTool(python=f"{__name__}:opening_hours")


@asynccontextmanager
async def a_call(
    context: AnyContext | None, out: Path | None = None, seed: int = 0
) -> AsyncIterator[Call]:
    """Written answers, which take no time to be spoken."""
    options = CallOptions(session={"output_modalities": ["text"], "instructions": "Be brief."})
    async with open_simulated_call(
        SCRIPT, SimulatedSpeech(), context=context, options=options, out=out, seed=seed
    ) as call:
        yield call


async def texts(call: Call, count: int) -> list[str]:
    """The thread, once it has so many items."""
    rows = await call.context.wait_items(lambda rows: len(rows) >= count, 5)
    return [text_of_row(row) or row["name"] for row in rows]


class Failing(Contexts):
    """A file whose disk goes away."""

    fails = False

    async def save_items(self, context: Context, rows: Any) -> None:
        if self.fails:
            raise ContextError("The disk is away.")
        await super().save_items(context, rows)
