"""The fixture of contexts: what the calls of one test know from before and keep for each other."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from harness.paths import StrPath

if TYPE_CHECKING:
    from harness.context.definition import ContextDefinition
    from harness.context.threads.choice import ContextChoice

ConversationContext = Callable[..., "ContextChoice"]


@pytest.fixture
def conversation_context(request: pytest.FixtureRequest, tmp_path: Path) -> ConversationContext:
    """``await voice_call(context=conversation_context("restaurant.yaml", user="kim"))``.

    A path is relative to the test's file; a `ContextDefinition` does as well. The calls of one
    test share what it keeps, other tests do not.
    """
    from harness.context.threads.choice import ContextChoice

    def choose(what: StrPath | ContextDefinition, *, user: str | None = None) -> ContextChoice:
        if isinstance(what, str | os.PathLike):
            what = request.path.parent / what
        return ContextChoice(what, tmp_path / "contexts.db", user)

    return choose
