"""What a call says is kept in order, and again where the file failed."""

from __future__ import annotations

import pytest

from harness.context.context import Context
from harness.context.definition import ContextDefinition
from harness.context.threads.contexts import Contexts
from harness.context.threads.keeper import ThreadKeeper
from harness.context.transcript import Forget, Keep
from harness.errors import ContextError
from harness.facts.contexts import ContextFact
from tests.support.thread_rows import asked_row


class Failing(Contexts):
    """Fails as long as it is told to."""

    fails = False

    async def save_items(self, context: Context, rows: object) -> None:
        if self.fails:
            raise ContextError("The disk is away.")
        await super().save_items(context, rows)  # type: ignore[arg-type]


async def keeper() -> tuple[ThreadKeeper, Failing, Context, list[ContextFact]]:
    contexts, notes = Failing(), list[ContextFact]()
    context = await contexts.create(ContextDefinition(name="shop"))
    return ThreadKeeper(contexts, context, notes.append), contexts, context, notes


async def test_what_was_added_is_kept_and_told() -> None:
    one, contexts, context, notes = await keeper()
    one.add([Keep(asked_row("msg_1")), Keep(asked_row("msg_2")), Forget("msg_1")])
    await one.keep()
    assert [row["id"] for row in await contexts.items(context)] == ["msg_2"]
    assert [note.type for note in notes] == ["thread.item", "thread.item", "thread.item_removed"]
    one.add([Keep(asked_row("msg_3"))])
    one.clear()
    await one.finish()
    assert len(await contexts.items(context)) == 1


async def test_what_could_not_be_kept_is_kept_later_in_order_and_told_of_once() -> None:
    one, contexts, context, notes = await keeper()
    contexts.fails = True
    for number in range(3):
        one.add([Keep(asked_row(f"msg_{number}"))])
        await one.keep()
    assert [note.type for note in notes] == ["context.trouble"]
    with pytest.raises(ContextError, match="The disk is away"):
        await one.finish()
    contexts.fails = False
    await one.finish()
    assert [row["id"] for row in await contexts.items(context)] == ["msg_0", "msg_1", "msg_2"]
    assert one.trouble is None


async def test_what_must_be_kept_at_once_is_or_raises() -> None:
    one, contexts, context, _ = await keeper()
    await one.save(asked_row())
    contexts.fails = True
    with pytest.raises(ContextError):
        await one.save(asked_row("msg_2"))
    assert len(await contexts.items(context)) == 1
