"""Speech engines of calls in real time: what speaks, and the ears that judge."""

from __future__ import annotations

import asyncio
import importlib
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

from harness.speech.ears import TimedEar, judging_ears
from harness.speech.engines import LoadableRecogniser, default_recogniser
from harness.speech.interface import Synthesiser


@dataclass
class RealSpeech:
    """The speech engines of this process, for calls in real time."""

    synthesiser: Synthesiser
    recogniser: LoadableRecogniser = field(default_factory=default_recogniser)
    ears: tuple[TimedEar, ...] = field(default_factory=judging_ears)

    @asynccontextmanager
    async def loading(self) -> AsyncIterator[None]:
        """Load the first ear while the user says the first words: the first answer needs it.

        Not earlier, when browser and server need the processor to come up. An engine that cannot
        load says so where it is needed. What writes the reports is imported then, too.
        """
        work = asyncio.create_task(asyncio.to_thread(self._load))
        try:
            yield
        finally:
            await asyncio.wait([work])
            work.exception()  # seen here, raised where it is needed

    def _load(self) -> None:
        self.ears[0].load()
        importlib.import_module("harness.report.write").get_ready()
