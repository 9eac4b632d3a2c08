"""A page that somebody else opened, as a line: it is listened to, and left as it is."""

from __future__ import annotations

from harness.browser.devtools import DevTools
from harness.browser.endpoint import PageAddress
from harness.browser.probe_link import ProbeSettings
from harness.browser.probed_page import ProbedPage
from harness.clock import Clock
from harness.engines.browser.probed_line import HANG_UP, ProbedLine
from harness.errors import UsageError
from harness.line.interface import LineReport
from harness.redact import shown

_ATTACHED: dict[str, AttachedLine] = {}
"""Who listens to which page, by DevTools' name; two probes in one page would hear each other."""


class AttachedLine(ProbedLine[ProbedPage]):
    """A `ProbedPage` of a browser that others run, as a line.

    Args:
        devtools: its browser's.
        address: where the page is.
        settings: how the probe behaves.
        clock: what the page's clock is paired with.
    """

    def __init__(
        self, devtools: DevTools, address: PageAddress, settings: ProbeSettings, clock: Clock
    ) -> None:
        super().__init__(ProbedPage(devtools, settings, clock), shown(address.url))
        self._page_address = address

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
