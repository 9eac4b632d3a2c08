"""All responses of one server: those under way, and those that can be asked for."""

from __future__ import annotations

import asyncio
import time

from harness.context.responses.items import conversation_items, kept_input
from harness.context.responses.kept import KeptResponse, KeptResponses
from harness.context.responses.request import ResponseRequest
from harness.context.responses.writer import ResponseWriter
from harness.context.text_prompt import prompt_of
from harness.errors import ProtocolError
from harness.realtime.ids import Ids
from harness.realtime.server.assistants.assistant import Assistant
from harness.server.responses.run import ResponseRun

MOST_RUNNING = 64


class Responses:
    """The responses of one server; `aclose` ends those under way."""

    def __init__(self, kept: KeptResponses | None = None, most_running: int = MOST_RUNNING) -> None:
        self._kept = KeptResponses() if kept is None else kept
        self._most_running = most_running
        self._runs: dict[str, ResponseRun] = {}

    @property
    def is_full(self) -> bool:
        """As many are under way as may be."""
        return sum(not run.writer.is_over for run in self._runs.values()) >= self._most_running

    def start(self, request: ResponseRequest, assistant: Assistant, ids: Ids) -> ResponseRun:
        """A response that is under way from now on.

        Raises:
            ProtocolError: what it is to answer does not fit together.
        """
        earlier = self._kept.before(request.previous_id)
        own = kept_input(request.input, earlier, ids)
        seen = [*earlier, *own]
        if not seen:
            raise ProtocolError(
                "The input is empty.", code="missing_required_parameter", param="input"
            )
        response_id = f"resp_{ids.letters(48, '0123456789abcdef')}"
        writer = ResponseWriter(response_id, request, seen, ids, int(time.time()))
        prompt = prompt_of(
            conversation_items(seen),
            request.instructions,
            request.functions,
            request.settings.get("tool_choice", "auto"),
        )
        run = ResponseRun(writer, assistant, prompt)
        self._runs[response_id] = run
        if request.is_stored:
            self._kept.add(KeptResponse(writer.resource, own, earlier))
        self._forget_ended()
        run.start()
        return run

    def find(self, response_id: str) -> KeptResponse | None:
        """The response with this id, if it was to be kept."""
        return self._kept.find(response_id)

    def run_of(self, response_id: str) -> ResponseRun | None:
        """What wrote a response that is kept, with its events."""
        return self._runs.get(response_id)

    async def remove(self, response_id: str) -> bool:
        """Forget a response, and end it where it is under way; whether there was one."""
        run = self._runs.pop(response_id, None)
        if run is not None:
            await run.cancel()
        return self._kept.remove(response_id) is not None

    async def aclose(self) -> None:
        """End all that is under way."""
        await asyncio.gather(*(run.cancel() for run in self._runs.values()))

    def _forget_ended(self) -> None:
        """Events are kept where a client may ask for them again."""
        for response_id, run in list(self._runs.items()):
            is_asked_for = run.is_resumable and self._kept.find(response_id) is not None
            if run.writer.is_over and not is_asked_for:
                del self._runs[response_id]
