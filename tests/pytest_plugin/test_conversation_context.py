"""The fixture of contexts, and what `voice_call` makes of one."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from harness.context.definition import ContextDefinition
from harness.context.threads.choice import ContextChoice
from harness.pytest_plugin.conversation_context import ConversationContext
from harness.pytest_plugin.opened_call import by_field


def test_a_file_is_beside_the_test_and_calls_share_what_is_kept(
    conversation_context: ConversationContext, tmp_path: Path
) -> None:
    first = conversation_context("shop.yaml", user="kim")
    assert first == conversation_context("shop.yaml", user="kim")
    assert first.what == Path(__file__).parent / "shop.yaml"
    assert (first.kept_in, first.user) == (tmp_path / "contexts.db", "kim")
    definition = ContextDefinition(name="shop")
    assert conversation_context(definition).what is definition


@pytest.mark.parametrize(
    ("given", "field"),
    [
        ({"locale": "de"}, "context"),
        ("shop.yaml", "conversation"),
        (ContextChoice("shop.yaml"), "conversation"),
    ],
)
def test_a_browsers_context_is_a_mapping_and_any_other_is_the_conversations(
    given: Any, field: str
) -> None:
    assert by_field({"context": given, "camera": False}) == {field: given, "camera": False}
