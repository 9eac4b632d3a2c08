"""Assistants for answers in writing, which wait until the test lets them go on."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator

from harness.realtime.server.assistants.assistant import Piece, Prompt, Say


class Held:
    """Says one half, waits for `go`, says the other."""

    def __init__(self) -> None:
        self.go = asyncio.Event()
        self.began = asyncio.Event()
        self.ended = asyncio.Event()
        self.prompts: list[Prompt] = []

    async def answer(self, prompt: Prompt) -> AsyncIterator[Piece]:
        self.prompts.append(prompt)
        try:
            yield Say("One moment. ")
            self.began.set()
            await self.go.wait()
            yield Say("Here it is.")
        finally:
            self.ended.set()
