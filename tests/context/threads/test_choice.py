"""Which context a call has, and where it is kept."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from harness.context.definition import ContextDefinition
from harness.context.load import LoadedContext
from harness.context.threads.choice import ContextChoice, chosen, contexts_of, found
from harness.context.threads.contexts import Contexts
from harness.errors import ContextError, ScenarioError, UsageError
from tests.support.contexts import write_context


def test_a_path_is_read_at_once_and_anything_else_is_taken_as_it_is(tmp_path: Path) -> None:
    path = write_context(tmp_path)
    for wanted in (path, str(path), ContextChoice(path)):
        assert isinstance(chosen(wanted).what, LoadedContext)
    choice = ContextChoice(path, "contexts.db", "kim")
    assert (chosen(choice).kept_in, chosen(choice).user) == ("contexts.db", "kim")
    definition = ContextDefinition(name="shop")
    assert chosen(definition) == ContextChoice(definition)
    with pytest.raises(ScenarioError):
        chosen(tmp_path / "none.yaml")


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({"what": {"name": "shop"}}, "ContextDefinition(name=…"),
        ({"what": None}, "This is no context"),
        ({"what": "shop.yaml", "approve": ["book"]}, "request.tool in"),
        ({"what": "shop.yaml", "approve": True}, "found:    True"),
    ],
)
def test_what_is_no_context_or_cannot_agree_is_refused_before_the_call(
    fields: dict[str, Any], said: str
) -> None:
    with pytest.raises(UsageError) as caught:
        ContextChoice(**fields)
    assert said in str(caught.value)


async def test_a_file_is_closed_with_the_block_and_what_was_given_is_not(tmp_path: Path) -> None:
    definition = ContextDefinition(name="shop")
    async with contexts_of(ContextChoice(definition, tmp_path / "contexts.db")) as contexts:
        begun = await found(ContextChoice(definition), contexts)
    given = Contexts(tmp_path / "contexts.db")
    async with contexts_of(ContextChoice(definition, given)) as contexts:
        assert contexts is given
        assert await found(ContextChoice(begun), contexts) is begun
    assert await given.load("shop") == begun
    await given.aclose()


async def test_a_file_that_cannot_be_is_told(tmp_path: Path) -> None:
    choice = ContextChoice(ContextDefinition(name="shop"), tmp_path / "no" / "contexts.db")
    async with contexts_of(choice) as contexts:
        with pytest.raises(ContextError, match="unable to open"):
            await found(choice, contexts)
