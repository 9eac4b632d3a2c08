"""Pieces of an assistant's answer in writing: both kinds of generator, its waits, its failures."""

from __future__ import annotations

import asyncio
import itertools
import logging
from collections.abc import AsyncGenerator, AsyncIterator
from contextlib import aclosing

from harness.errors import AssistantError
from harness.realtime.server.assistants.assistant import (
    MOST_PIECES,
    Assistant,
    InjectFault,
    Piece,
    Prompt,
    Wait,
)
from harness.realtime.server.assistants.checked import checked

_log = logging.getLogger(__name__)


async def written_pieces(assistant: Assistant, prompt: Prompt) -> AsyncGenerator[Piece, None]:
    """What an assistant answers, without its waits, which pass, and faults, which need a call.

    Raises:
        AssistantError: it failed; whatever else it raised is in the log alone.
    """
    now_s = asyncio.get_running_loop().time
    asked_s = now_s()
    try:
        async with aclosing(_all(assistant, prompt)) as pieces:
            async for given in pieces:
                piece = checked(given)
                if isinstance(piece, Wait):
                    passed_s = now_s() - asked_s if piece.since_asked else 0.0
                    await asyncio.sleep(max(0.0, piece.seconds - passed_s))
                elif isinstance(piece, InjectFault):
                    _log.warning("faults of a rule concern calls; a written answer has none")
                else:
                    yield piece
    except AssistantError:
        raise
    except Exception as error:
        _log.exception("the assistant failed")
        raise AssistantError("The assistant failed.") from error


async def _all(assistant: Assistant, prompt: Prompt) -> AsyncGenerator[Piece, None]:
    answer = assistant.answer(prompt)
    if not isinstance(answer, AsyncIterator):
        for piece in itertools.islice(answer, MOST_PIECES):
            yield piece
        return
    try:
        async for piece in answer:
            yield piece
    finally:
        close = getattr(answer, "aclose", None)
        if close is not None:
            await close()
