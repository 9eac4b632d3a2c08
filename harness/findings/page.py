"""Findings of the page itself: exceptions, its main thread, its secrets."""

from __future__ import annotations

from collections.abc import Iterator
from typing import ClassVar
from urllib.parse import urlsplit

from harness.facts.browser import PageException, PagePaused, Signalled
from harness.facts.page import LongTask
from harness.findings.finding import Finding, Severity
from harness.findings.rule import Rule
from harness.findings.seen import Seen
from harness.findings.state import CallState

BLOCKED_MS = 500
"""A main thread that is busy for so long is felt: events, buttons and script audio wait."""


class ScriptError(Finding):
    """An exception, or a rejected promise, that nothing in the page caught."""

    name: ClassVar[str] = "script_error"
    severity: ClassVar[Severity] = "error"
    to_do: ClassVar[str] = (
        "Catch it where it is thrown; an async call without await loses its error."
    )


class MainThreadBlocked(Finding):
    """The page's main thread was busy for long, and nothing else could run."""

    name: ClassVar[str] = "main_thread_blocked"
    severity: ClassVar[Severity] = "warning"
    to_do: ClassVar[str] = "Move the work into a worker, or cut it into small pieces."


class ApiKeyInPage(Finding):
    """The page sent an API key: everyone who opens the page has it."""

    name: ClassVar[str] = "api_key_in_page"
    severity: ClassVar[Severity] = "error"
    to_do: ClassVar[str] = (
        "Keep the key on a server, let that mint a client secret (ek_…), and revoke this key."
    )


class PageRule(Rule):
    """What a page does wrong whatever it calls."""

    finds = (ScriptError, MainThreadBlocked, ApiKeyInPage)

    def __init__(self, state: CallState) -> None:
        super().__init__(state)
        self._told: set[str] = set()
        self._paused_s: float | None = None

    @property
    def _calls(self) -> bool:
        """Whether there is a call to be held up; while a page loads there is none."""
        return bool(self.state.connections)

    def on(self, seen: Seen) -> Iterator[Finding]:
        """Each different one once."""
        match seen.fact:
            case PageException(message=message) if message not in self._told:
                self._told.add(message)
                first = message.splitlines()[0] if message else "no message"
                yield ScriptError.by(f"{first}".rstrip(".") + ".", seen.event)
            case PagePaused():
                self._paused_s = seen.t_s
            case LongTask(duration_ms=took_ms) if self._was_held(seen, took_ms):
                pass
            case LongTask(duration_ms=took_ms) if took_ms >= BLOCKED_MS and self._calls:
                cause = f"One task took {took_ms:.0f} ms."
                yield MainThreadBlocked.by(cause, seen.event)
            case Signalled(key="api_key", url=url):
                host = urlsplit(url).netloc
                if host not in self._told:
                    self._told.add(host)
                    yield ApiKeyInPage.by(f"It went to {host}.", seen.event)

    def _was_held(self, seen: Seen, took_ms: float) -> bool:
        """Whether the harness held the page's scripts during a task."""
        return self._paused_s is not None and seen.t_s - took_ms / 1000 <= self._paused_s


RULES = (PageRule,)
