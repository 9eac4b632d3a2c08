"""What a server is told of contexts for its chat page."""

from __future__ import annotations

from pathlib import Path

import pytest

from harness.context.threads.contexts import Contexts
from harness.errors import UsageError
from harness.server.chatkit.desk import ChatDesk, begin_contexts, page_contexts
from harness.server.chatkit.visitor import LOCAL_USER
from tests.support.contexts import write_context

MINE = "name: shop\nowner: user\ninstructions: Sell shoes.\n"


async def test_the_local_user_finds_each_before_anything_was_said(tmp_path: Path) -> None:
    desk = ChatDesk(contexts=page_contexts([write_context(tmp_path, MINE)]))
    await begin_contexts(desk)
    await begin_contexts(desk)
    (found,) = (await Contexts(threads=desk.threads).list(LOCAL_USER)).data
    assert (found.name, found.definition.instructions) == ("shop", "Sell shoes.")


@pytest.mark.parametrize(
    ("text", "count", "told"),
    [
        ("name: shop\n", 1, "owner: user"),
        (MINE, 2, "Two contexts are called “shop”"),
        (f"{MINE}tools: [{{python: 'no_such:tool'}}]\n", 1, "cannot be had"),
    ],
)
def test_what_the_page_could_not_use_is_told_at_the_start(
    tmp_path: Path, text: str, count: int, told: str
) -> None:
    with pytest.raises(UsageError) as error:
        page_contexts([write_context(tmp_path, text)] * count)
    assert told in str(error.value)
