"""A page that somebody else opened, as a line: it is listened to, and left as it is."""

from __future__ import annotations

from harness.browser.devtools import DevTools
from harness.browser.endpoint import PageAddress
from harness.browser.probe_link import ProbeSettings
from harness.browser.probed_page import ProbedPage
from harness.clock import Clock
from harness.engines.browser.line import HANG_UP, page_capabilities
from harness.errors import UsageError
from harness.line.audio import AudioFrames
from harness.line.interface import LineReport, Microphone
from harness.redact import shown
from harness.streams.event_stream import EventStream

_ATTACHED: dict[str, AttachedLine] = {}
"""Who listens to which page, by DevTools' name; two probes in one page would hear each other."""


class AttachedLine:
    """A `ProbedPage` of a browser that others run, as a line.

    Args:
        devtools: its browser's.
        address: where the page is.
        settings: how the probe behaves.
        clock: what the page's clock is paired with.
    """

    capabilities = page_capabilities("allow")

    def __init__(
        self, devtools: DevTools, address: PageAddress, settings: ProbeSettings, clock: Clock
    ) -> None:
        self.page = ProbedPage(devtools, settings, clock)
        self.capabilities = page_capabilities(settings.access)
        self.envelopes = self.page.envelopes
        self.timeline = self.page.timeline
        self.microphone: Microphone = self.page.microphone
        self.address = shown(address.url)
        self._page_address = address

    @property
    def sent(self) -> EventStream[AudioFrames]:
        """What the page's microphones produced."""
        return self.page.sent

    @property
    def received(self) -> EventStream[AudioFrames]:
        """What came on its remote tracks."""
        return self.page.received

    @property
    def heard(self) -> EventStream[AudioFrames]:
        """What it plays of that."""
        return self.page.heard

    @property
    def uncertainty_s(self) -> float:
        """How far an event may be off against the audio on the timeline."""
        return self.page.uncertainty_s

    async def connect(self, within_s: float, report: LineReport) -> None:
        """Put the probe into the page as it is; what makes it call is somebody else's.

        Raises:
            UsageError: this process listens to it already, or it is in a call.
            PageClosed: there is no such page any more.
        """
        if _ATTACHED.setdefault(self._page_address.target_id, self) is not self:
            raise UsageError(
                "This page is listened to already.",
                expected="a page that nobody listens to",
                found=f"a second block for {self.address}",
                hint="use the call of the block that is open, or leave that block first",
            )
        self.page.watch(report.note)
        await self.page.attach(self._page_address.target_id, is_loaded=True)

    async def send_text(self, label: str, text: str) -> None:
        """Send through the page's own data channel, as the page would."""
        await self.page.send_text(label, text)

    async def hang_up(self) -> None:
        """Close the call the way our own page does.

        Raises:
            UsageError: it is another page, which has a button of its own for that.
        """
        if not await self.page.evaluate(f"({HANG_UP})()"):
            raise UsageError(
                "Only your test can end the call of a page that it opened.",
                expected="our own page, or a click on the page's own button",
                found=self.address,
                hint="click what ends the call; leaving the block ends it for the harness",
            )

    async def aclose(self) -> None:
        """Let go of the page; it stays as it is."""
        if _ATTACHED.get(self._page_address.target_id) is self:
            del _ATTACHED[self._page_address.target_id]
        await self.page.aclose()
