"""The windows of a call: those that are listened to, and the one that calls; told once each."""

from __future__ import annotations

from harness.browser.page_realms import PageRealms
from harness.browser.page_watch import Note
from harness.errors import UsageError
from harness.facts.browser import CallWindow, WindowFollowed
from harness.line.envelope import Envelope
from harness.redact import shown

CALLING = {"microphone.started", "peer_connection.state"}
"""Envelopes after which another window may be in a call."""

EMPTY = ("", "about:blank")
"""What a window shows that was just opened."""


class CallWindows:
    """Follows the envelopes of all windows of a call.

    Args:
        realms: of all of them.
    """

    def __init__(self, realms: PageRealms) -> None:
        self._realms = realms
        self.given: str | None = None
        """The page that was given; nothing is told before it is known."""
        self._urls: dict[str, str] = {}
        self._followed: set[str] = set()
        self._called: set[str] = set()

    def url_of(self, window: str) -> str:
        """What a window shows, its secrets masked; "" where it shows nothing, or has not told."""
        return self._urls.get(window, "")

    def shows(self, window: str, url: str, note: Note | None) -> None:
        """A window shows something else."""
        if url in EMPTY:
            return
        self._urls[window] = shown(url)
        if note is not None and self._is_another(window) and window not in self._followed:
            self._followed.add(window)
            note(WindowFollowed(shown(url)))

    def as_part_of_the_page(self, envelope: Envelope, window: str) -> Envelope:
        """As the call's readers get it: the document of a further window is not the page's own."""
        if envelope.type != "page.loaded" or not self._is_another(window):
            return envelope
        return envelope.model_copy(update={"data": {**envelope.data, "is_top": False}})

    def receive(self, envelope: Envelope, window: str, note: Note | None) -> None:
        """Take an envelope that the realms have taken.

        Args:
            window: the page that it came from.
            note: is told the facts.

        Raises:
            UsageError: two windows are in a call at once.
        """
        if envelope.type == "page.loaded" and envelope.data["is_top"]:
            self.shows(window, envelope.data["url"], note)
        elif envelope.type in CALLING:
            self._look_who_calls(note)

    def _look_who_calls(self, note: Note | None) -> None:
        calling = self._realms.calling_windows()
        if len(calling) > 1:
            raise two_calls([self.url_of(window) for window in calling])
        for window in calling:
            if note is not None and self._is_another(window) and window not in self._called:
                self._called.add(window)
                note(CallWindow(self.url_of(window)))

    def _is_another(self, window: str) -> bool:
        return self.given is not None and window != self.given


def two_calls(urls: list[str]) -> UsageError:
    """The error of two windows that both hear the user."""
    return UsageError(
        "Two windows are in a call at once, and the user would speak into both.",
        expected="one call at a time among the windows that are listened to",
        found=" and ".join(url or "an empty window" for url in urls),
        hint="listen to each page in a block of its own, with listen(page); or end the one call "
        "before the other begins",
    )
