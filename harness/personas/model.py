"""The language model that plays a caller or judges: any OpenAI-compatible chat endpoint."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

from harness.environment import variable
from harness.errors import AssistantError, UsageError
from harness.paths import StrPath
from harness.personas.replies import KeptReplies, Message, key_of
from harness.real_loop import RealLoop
from harness.realtime.server.assistants.assistant import Prompt, Say
from harness.server.assistants.llm import LlmAssistant

URL, MODEL, KEY = "HARNESS_LLM_URL", "HARNESS_LLM_MODEL", "HARNESS_LLM_API_KEY"

TO_DO = {
    "llm_unreachable": f"start what answers at {URL}, or correct {URL}",
    "llm_not_found": f"{URL} ends with the API's version, as http://127.0.0.1:11434/v1 does; "
    f"{MODEL} names a model that is there",
    "llm_authentication_failed": f"set {KEY} to a key of this endpoint",
    "llm_refused": f"see that {MODEL} names a model that is there",
    "llm_declined": f"write the persona so that a model takes the part, or name another at {MODEL}",
    "llm_malformed": f"see that an OpenAI-compatible chat endpoint answers at {URL}",
    "llm_timeout": "see what the endpoint is doing, or take a smaller model",
}
"""By the code of an error."""


class ChatModel:
    """Writes what comes next in a talk; what was written once is read from a file.

    Args:
        url: the endpoint's base address, ``http://host:port/v1``; None: only what is kept.
        model: its name there; "": that of the replies which are kept.
        key: None for an endpoint that needs none.
        seed: sent with each request, with the temperature 0.
        kept: where replies are kept; None: nowhere.

    Raises:
        ScenarioError: ``kept`` holds something else.
    """

    def __init__(
        self,
        url: str | None,
        model: str,
        key: str | None = None,
        *,
        seed: int = 0,
        kept: Path | None = None,
    ) -> None:
        self._kept = KeptReplies(kept)
        self.model = model or self._kept.model
        self.asked = 0
        """So often the endpoint was asked."""

        self._seed = seed
        self._endpoint = None
        self._loop = RealLoop("persona")
        if url is not None:
            options = {"seed": seed, "temperature": 0}
            self._endpoint = LlmAssistant(url, model, key, options=options)

    async def aclose(self) -> None:
        """Close its connections. Safe to call again."""
        if self._endpoint is not None:
            await self._loop.run(self._endpoint.aclose)
        self._loop.close()

    async def __aenter__(self) -> ChatModel:
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.aclose()

    async def write(
        self,
        instructions: str,
        messages: Sequence[Message],
        is_usable: Callable[[str], bool] = bool,
    ) -> str:
        """The model's next words.

        Args:
            instructions: for the whole talk.
            messages: what was said up to here.
            is_usable: what is not is not kept: the next run asks again.

        Raises:
            AssistantError: the endpoint failed; its message holds neither key nor address.
            UsageError: there is no endpoint, and nothing kept.
        """
        key = key_of(self.model, self._seed, instructions, messages)
        known = self._kept.get(key)
        if known is not None and (is_usable(known) or self._endpoint is None):
            return known
        if self._endpoint is None:
            raise UsageError(
                "Nobody plays this caller.",
                expected="an endpoint, or a reply that was kept",
                found=f"no {URL}, and no reply to “{messages[-1][1] if messages else ''}”",
                hint=f"set {URL} and {MODEL} once; what is answered is kept for the next time",
            )
        self.asked += 1
        endpoint, items = self._endpoint, tuple(map(_item, messages))
        prompt = Prompt(instructions=instructions, items=items)
        # It answers in real time: where time is virtual, it is to take none.
        try:
            reply = await self._loop.run(lambda: _written(endpoint, prompt))
        except AssistantError as error:
            raise AssistantError(error.message, error.code, hint=TO_DO.get(error.code)) from None
        if is_usable(reply):
            self._kept.keep(key, messages, reply, self.model)
        return reply


async def _written(endpoint: LlmAssistant, prompt: Prompt) -> str:
    pieces = [piece async for piece in endpoint.answer(prompt) if isinstance(piece, Say)]
    return "".join(piece.text for piece in pieces).strip()


def model_from(
    environ: Mapping[str, str] | None = None, *, seed: int = 0, kept: StrPath | None = None
) -> ChatModel:
    """The model that the environment names; without one only what is kept is known.

    Args:
        environ: ``HARNESS_LLM_URL``, ``HARNESS_LLM_MODEL``, ``HARNESS_LLM_API_KEY``; the process's
            own where absent.
        seed: see `ChatModel`.
        kept: see `ChatModel`.
    """
    given = os.environ if environ is None else environ
    url, model = variable(URL, given), variable(MODEL, given)
    return ChatModel(
        url, model or "", variable(KEY, given), seed=seed, kept=None if kept is None else Path(kept)
    )


def _item(message: Message) -> dict[str, Any]:
    role, text = message
    if role == "model":
        content = [{"type": "output_text", "text": text}]
        return {"type": "message", "role": "assistant", "content": content}
    return {"type": "message", "role": "user", "content": [{"type": "input_text", "text": text}]}
