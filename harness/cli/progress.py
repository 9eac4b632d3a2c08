"""Display of a run in a terminal: who speaks, what is expected, the time.

Lines go to standard error. On a terminal a last line lives below them (what is being waited for,
and for how long); in a pipe there are only the lines, without colours. What is said is one line
each, whatever is in it: a line of an agent's words could steer the terminal, or the CI that reads
the log.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from types import TracebackType

from rich.console import Console, RenderableType
from rich.live import Live
from rich.spinner import Spinner
from rich.text import Text

from harness.terminal_text import printable

MARKS = {
    "passed": ("✓", "bold green"),
    "failed": ("✗", "bold red"),
    "cannot_tell": ("?", "bold yellow"),
    "error": ("!", "bold red"),
    "skipped": ("-", "dim"),
}
SPEAKERS = {"user": "cyan", "heard": "magenta"}
WHO_WIDTH = 7
REFRESHES_PER_S = 8


class TerminalProgress:
    """`harness.scenario.progress.Progress`, drawn with rich.

    Args:
        console: where to draw; `Console(stderr=True)` on the command line.
        now_s: the clock for the elapsed time.
    """

    def __init__(self, console: Console, now_s: Callable[[], float] = time.monotonic) -> None:
        self._console = console
        self._now_s = now_s
        self.status = _Status(now_s)
        self._live = Live(
            self.status,
            console=console,
            refresh_per_second=REFRESHES_PER_S,
            transient=True,
            redirect_stdout=False,
            redirect_stderr=False,
        )

    def __enter__(self) -> TerminalProgress:
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

    # --- the Progress protocol --------------------------------------------------------------

    def starting(self, text: str) -> None:
        """Before the first scenario: what is being got ready."""
        self.status.show(text)
        if not self._console.is_terminal:
            self._print(Text(printable(text)))

    def scenario_started(self, name: str, index: int, count: int) -> None:
        title = Text.assemble((name, "bold"), f"  ({index + 1} of {count})" if count > 1 else "")
        self.status.show("opening the page", name)
        self._print(title)

    def step(self, kind: str, text: str, t_s: float) -> None:
        if kind == "error":
            self._line(t_s, MARKS["error"][0], text, MARKS["error"][1], keeps_lines=True)
            return
        self.status.show(f"{kind} {text}".strip())
        if kind not in ("say", "interrupt", "expect"):  # those show what became of them
            self._line(t_s, kind, text, "dim")

    def said(self, text: str, t_s: float) -> None:
        self.status.show("the user speaks")
        self._line(t_s, "user", text, SPEAKERS["user"])

    def heard(self, text: str, t_s: float) -> None:
        self._line(t_s, "heard", text or "(no words)", SPEAKERS["heard"])

    def waiting(self, text: str, t_s: float) -> None:
        self.status.show(f"waiting for {text}" if not text.startswith("waiting") else text)
        if not self._console.is_terminal:
            self._line(t_s, "expect", text, "dim")

    def expectation(self, text: str, verdict: str, evidence: str, t_s: float) -> None:
        mark, style = MARKS.get(verdict, ("?", "yellow"))
        line = Text.assemble(_time(t_s), (f"{mark:<{WHO_WIDTH}}", style), printable(text))
        if evidence:
            line.append(f"  ({printable(evidence)})", "dim" if verdict == "passed" else style)
        self._print(line)

    def scenario_ended(self, name: str, verdict: str, seconds: float) -> None:
        mark, style = MARKS.get(verdict, ("?", "yellow"))
        self._print(
            Text.assemble(
                (f"{mark} {name} {verdict.replace('_', ' ')}", style), f" in {seconds:.1f} s"
            )
        )
        self.status.show("writing the report")

    # --- inside -----------------------------------------------------------------------------

    def _line(
        self, t_s: float, who: str, text: str, style: str, *, keeps_lines: bool = False
    ) -> None:
        gap = " " if text and len(who) >= WHO_WIDTH else ""
        head = (f"{who:<{WHO_WIDTH}}{gap}", style)
        shown = printable(text, keeps_lines=keeps_lines)
        self._print(Text.assemble(_time(t_s), head, shown))

    def _print(self, line: Text) -> None:
        self._console.print(line, soft_wrap=not self._console.is_terminal, highlight=False)


class _Status:
    """The living last line: a spinner, the time, and what is going on."""

    def __init__(self, now_s: Callable[[], float]) -> None:
        self._now_s = now_s
        self._since_s = self._began_s = now_s()
        self._text = ""
        self._spinner = Spinner("dots", style="cyan")

    def show(self, text: str, scenario: str | None = None) -> None:
        now_s = self._now_s()
        if scenario is not None:
            self._began_s = now_s
        self._since_s = now_s
        self._text = printable(text)

    def __rich__(self) -> RenderableType:
        now_s = self._now_s()
        waited_s = now_s - self._since_s
        line = Text(f"{now_s - self._began_s:5.1f} s  {self._text}", "dim", no_wrap=True)
        if waited_s >= 1.0:
            line.append(f" … {waited_s:.0f} s")
        line.overflow = "ellipsis"
        self._spinner.update(text=line)
        return self._spinner


def _time(t_s: float) -> tuple[str, str]:
    return (f"{max(t_s, 0.0):7.2f} s  ", "dim")
