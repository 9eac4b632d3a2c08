"""The language model behind a caller: asked once, and then known."""

from __future__ import annotations

from pathlib import Path

import pytest

from harness.errors import AssistantError, UsageError
from harness.personas.model import ChatModel, model_from
from harness.personas.replies import Message
from tests.support.chat_endpoint import DONE, chat_endpoint, delta, end

ASKED: list[Message] = [("other", "For how many?"), ("model", "Two."), ("other", "When?")]


async def test_it_is_asked_with_seed_and_history_and_the_reply_is_kept(tmp_path: Path) -> None:
    kept = tmp_path / "guest.replies.json"
    async with chat_endpoint() as endpoint:
        endpoint.answers = [[delta(content="At "), delta(content="seven."), end(), DONE]]
        async with ChatModel(endpoint.url, "m", "a-long-key", seed=7, kept=kept) as model:
            assert await model.write("You call.", ASKED) == "At seven."
            assert await model.write("You call.", ASKED) == "At seven."
            assert model.asked == 1
        (request,) = endpoint.requests
        assert (request["model"], request["seed"], request["temperature"]) == ("m", 7, 0)
        assert request["messages"] == [
            {"role": "system", "content": "You call."},
            {"role": "user", "content": "For how many?"},
            {"role": "assistant", "content": "Two."},
            {"role": "user", "content": "When?"},
        ]
    async with ChatModel(None, "m", seed=7, kept=kept) as offline:
        assert await offline.write("You call.", ASKED) == "At seven."
    assert "a-long-key" not in kept.read_text(encoding="utf-8")


async def test_without_an_endpoint_what_is_not_kept_is_told() -> None:
    async with model_from({}) as model:
        with pytest.raises(UsageError, match="Nobody plays this caller") as caught:
            await model.write("You call.", ASKED)
    assert "“When?”" in str(caught.value)
    assert "HARNESS_LLM_URL" in str(caught.value)


async def test_an_endpoint_that_fails_is_told_without_key_and_address() -> None:
    async with chat_endpoint() as endpoint:
        endpoint.answers = [401]
        environ = {
            "HARNESS_LLM_URL": endpoint.url,
            "HARNESS_LLM_MODEL": "m",
            "HARNESS_LLM_API_KEY": "a-long-key",
        }
        async with model_from(environ) as model:
            with pytest.raises(AssistantError) as caught:
                await model.write("You call.", ASKED)
    assert "a-long-key" not in str(caught.value)
    assert endpoint.url not in str(caught.value)
    assert "to do:    set HARNESS_LLM_API_KEY" in str(caught.value)
