"""The assistant behind the voice model, and behind its delegations: asked, and heard in pieces."""

from __future__ import annotations

import logging
from collections.abc import AsyncIterator, Callable
from itertools import islice

from harness.errors import AssistantError, ProtocolError
from harness.live.state import SERVER_TROUBLE, LiveState
from harness.realtime.server.assistant_output import AssistantOutput
from harness.realtime.server.assistants.assistant import (
    MOST_PIECES,
    InjectFault,
    Piece,
    Play,
    Prompt,
    Say,
    UseTool,
)
from harness.realtime.server.outputs import AskAssistant, StopAssistant

_log = logging.getLogger(__name__)

Take = Callable[[Say | Play | UseTool | InjectFault], None]


class Asking:
    """One question, until all that it leads to was handed on.

    Args:
        prompt: what is asked.
        take: gets each piece when it is due.
        done: called once, when that was all; with the error's code and message where it broke off.
        is_work: of a delegation: whoever talks over the voice does not end it.
    """

    def __init__(
        self,
        state: LiveState,
        prompt: Prompt,
        take: Take,
        done: Callable[[tuple[str, str] | None], None],
        is_work: bool = False,
    ) -> None:
        self.is_work = is_work
        self.is_over = False
        self._state = state
        self._take = take
        self._done = done
        self._output = AssistantOutput(state.now_s)
        self._job_id: str | None = None
        self._problem: tuple[str, str] | None = None
        self._begin(prompt)

    def _begin(self, prompt: Prompt) -> None:
        """A plain assistant answers at once, another thinks beside us."""
        try:
            pieces = self._state.assistant.answer(prompt)
            if isinstance(pieces, AsyncIterator):
                self._job_id = self._state.new_job_id()
                self._state.put(AskAssistant(self._job_id, pieces))
                return
            for piece in islice(pieces, MOST_PIECES):
                self._output.add(piece, self._state.now_s)
        except AssistantError as error:
            self._problem = (error.code, error.message)
        except Exception:
            _log.exception("the assistant broke")
            self._problem = ("assistant_failed", "The assistant failed.")
        self._output.is_complete = True

    def on_output(self, job_id: str, piece: Piece | None) -> None:
        """A piece from beside us; of a question that is over, nothing happens."""
        if job_id != self._job_id or self.is_over:
            return
        if piece is None:
            self._output.is_complete = True
        else:
            self._output.add(piece, self._state.now_s)

    def on_failed(self, job_id: str, code: str, message: str) -> None:
        """It broke off; what was said before stays."""
        if job_id == self._job_id and not self.is_over:
            self._problem = (code, message)
            self._output.is_complete = True

    def advance(self) -> None:
        """Hand on what is due."""
        while not self.is_over and (taken := self._output.take(self._state.now_s)) is not None:
            self._take(taken[0])
        if not self.is_over and self._output.is_over:
            self.is_over = True
            self._done(self._problem)

    def stop(self) -> None:
        """Nobody waits for it any more."""
        if not self.is_over and self._job_id is not None:
            self._state.put(StopAssistant(self._job_id))
        self.is_over = True

    def wake_at_s(self) -> float | None:
        """When a pause of the assistant is over."""
        return None if self.is_over else self._output.wake_at_s()


def report_problem(state: LiveState, problem: tuple[str, str]) -> None:
    """Tell the client that the assistant broke off; the session goes on."""
    code, message = problem
    state.send_error(ProtocolError(message, code=f"harness_{code}"), kind=SERVER_TROUBLE)
