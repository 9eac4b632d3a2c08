"""The session logs of one client: a file for each connection, begun, fed and closed."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from harness.client.log import SessionLogWriter, next_log_path
from harness.errors import ArtifactError
from harness.realtime.client.log import Direction
from harness.redact import Masker


class SessionLogs:
    """Keeps at most one log open. A disk that refuses is told of, and the call goes on.

    Args:
        folder: where they go; None: nowhere.
        masker: hides secrets.
        now_s: the client's clock.
        tell: told, in the event loop, what went wrong.
    """

    def __init__(
        self,
        folder: Path | None,
        masker: Masker,
        now_s: Callable[[], float],
        tell: Callable[[ArtifactError], None],
    ) -> None:
        self.path: Path | None = None
        """The log being written, or the last one."""
        self._folder = folder
        self._masker = masker
        self._now_s = now_s
        self._tell = tell
        self._log: SessionLogWriter | None = None

    def begin(self, facts: Mapping[str, Any]) -> None:
        """A new connection: a new file, whose header says which one it continues."""
        earlier, self._log = self._log, None
        if earlier is not None:
            earlier.finish()
        if self._folder is None:
            return
        loop = asyncio.get_running_loop()

        def on_problem(error: ArtifactError) -> None:
            with contextlib.suppress(RuntimeError):  # the loop is closed: nobody is left to tell
                loop.call_soon_threadsafe(self._tell, error)

        header = {**facts, "continues": earlier.path.name if earlier else None}
        try:
            path = next_log_path(self._folder)
            self._log = SessionLogWriter(path, header, self._masker, on_problem)
            self.path = path
        except ArtifactError as error:
            self._tell(error)

    def note(self, direction: Direction, text: str) -> None:
        """One event of the wire, as it was."""
        if self._log is not None:
            self._log.write(direction, text, self._now_s())

    async def aclose(self) -> None:
        """Write what waits and close the file."""
        log, self._log = self._log, None
        if log is not None:
            await asyncio.to_thread(log.close)
