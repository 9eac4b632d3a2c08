"""Display of many runs in a terminal: a line for each that is over, and a count below them."""

from __future__ import annotations

import time
from collections.abc import Callable
from types import TracebackType

from rich.console import Console, RenderableType
from rich.live import Live
from rich.text import Text

from harness.cli.progress import MARKS, REFRESHES_PER_S
from harness.scenario.progress import NoProgress


class ShortProgress(NoProgress):
    """`harness.scenario.progress.Progress` without the steps.

    Args:
        console: where to draw; `Console(stderr=True)` on the command line.
        now_s: the clock for the elapsed time.
    """

    def __init__(self, console: Console, now_s: Callable[[], float] = time.monotonic) -> None:
        self._console = console
        self._now_s = now_s
        self._began_s = now_s()
        self._counts: dict[str, int] = {}
        self._running: dict[str, None] = {}
        self._count = 0
        self._live = Live(
            get_renderable=self._status,
            console=console,
            refresh_per_second=REFRESHES_PER_S,
            transient=True,
            redirect_stdout=False,
            redirect_stderr=False,
        )

    def __enter__(self) -> ShortProgress:
        if self._console.is_terminal:
            self._live.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        tb: TracebackType | None,
    ) -> None:
        self._live.stop()

    def starting(self, text: str) -> None:
        self._print(Text(text, "dim"))

    def scenario_started(self, name: str, index: int, count: int) -> None:
        self._running[name] = None
        self._count = max(self._count, count)

    def scenario_ended(self, name: str, verdict: str, seconds: float) -> None:
        self._running.pop(name, None)
        self._counts[verdict] = self._counts.get(verdict, 0) + 1
        mark, style = MARKS.get(verdict, ("?", "yellow"))
        text = f"{mark} {name} {verdict.replace('_', ' ')}"
        self._print(Text.assemble((text, style), f" in {seconds:.1f} s"))

    def _print(self, line: Text) -> None:
        self._console.print(line, soft_wrap=not self._console.is_terminal, highlight=False)

    def _status(self) -> RenderableType:
        done = sum(self._counts.values())
        counts = ", ".join(f"{n} {v.replace('_', ' ')}" for v, n in self._counts.items())
        took_s = self._now_s() - self._began_s
        line = Text(f"{took_s:5.1f} s  {done} of {self._count} over", "dim", no_wrap=True)
        line.append(f": {counts}" if counts else "")
        line.append(f" · {', '.join(self._running)}" if self._running else "")
        line.overflow = "ellipsis"
        return line
