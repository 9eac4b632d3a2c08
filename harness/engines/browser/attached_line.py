"""A page that somebody else opened, or a context of pages, as a line: it is left as it is."""

from __future__ import annotations

import contextlib
from contextlib import AsyncExitStack
from dataclasses import replace

from harness.browser.devtools import DevTools, DevToolsError
from harness.browser.endpoint import PageAddress
from harness.browser.page_redirect import PageRedirect
from harness.browser.page_windows import TargetInfo
from harness.browser.probe_settings import ProbeSettings
from harness.browser.probed_page import ProbedPage
from harness.clock import Clock
from harness.engines.browser.page_network import follow_routes
from harness.engines.browser.probed_line import HANG_UP, ProbedLine
from harness.errors import UsageError
from harness.line.agent_connections import AgentConnections
from harness.line.interface import LineReport
from harness.network.bad_network import BadNetwork
from harness.redact import shown

NEAR = ("local-network-access", "local-network", "loopback-network")
"""What a page of the internet needs to reach this machine, as Chromiums have called it."""

_ATTACHED: dict[str, AttachedLine] = {}
"""Who listens to which page, by DevTools' name; two probes in one page would hear each other."""


class AttachedLine(ProbedLine[ProbedPage]):
    """A `ProbedPage` of a browser that others run, as a line.

    Args:
        devtools: its browser's.
        address: where the page is.
        settings: how the probe behaves.
        clock: what the page's clock is paired with.
        redirect: answers what its pages ask of other hosts.
        network: what its packets pass, where one was asked for.
        agent: says whose sound is heard, where the page has several connections.
    """

    def __init__(
        self,
        devtools: DevTools,
        address: PageAddress,
        settings: ProbeSettings,
        clock: Clock,
        redirect: PageRedirect | None = None,
        network: BadNetwork | None = None,
        agent: AgentConnections | None = None,
    ) -> None:
        if redirect is not None:
            settings = replace(settings, extras=redirect.extras)
        super().__init__(
            ProbedPage(devtools, settings, clock, redirect=redirect, agent=agent),
            shown(address.url),
        )
        self.network = network
        self._has_camera = settings.camera
        self._devtools = devtools
        self._routing = AsyncExitStack()
        self._page_address = address

    @property
    def address(self) -> str:
        """What the window shows that is in the call; before that, the page that was given."""
        return self.page.call_url or self._address

    async def connect(self, within_s: float, report: LineReport) -> None:
        """Put the probe into the page as it is, and into its windows, or those of its context.

        What makes it call is somebody else's.

        Raises:
            UsageError: this process listens to one of them already, or one is in a call.
            PageClosed: there is no such page any more.
        """
        self._claim(self._page_address.target_id)
        self.page.watch(report.note)
        if self.page.redirect is not None:
            self.page.redirect.front.begin(report.note)
        if self._has_camera:
            await self._grant("camera")
        if self.network is not None:
            await self._grant(*NEAR)
            routing = follow_routes(self.network, self.envelopes, report)
            await self._routing.enter_async_context(routing)
        await self.page.attach(self._page_address.target_id, is_loaded=True)
        await self.page.follow(self._belongs)

    async def _grant(self, *names: str) -> None:
        """Allow its pages what nobody is there to be asked for.

        That is the camera beside the microphone, and, for pages of the internet, the relay on this
        machine. The context is a test's own: of its permissions nothing else is touched. They stay
        granted when the page is let go of: whether the test had granted them itself nobody can ask,
        and a reset takes back all that it granted.
        """
        where = self._page_address.context_id
        for name in names:
            with contextlib.suppress(DevToolsError):  # an older Chromium asks nobody for some
                await self._devtools.root.send(
                    "Browser.setPermission",
                    permission={"name": name},
                    setting="granted",
                    **({"browserContextId": where} if where else {}),
                )

    def _claim(self, target_id: str) -> None:
        if _ATTACHED.setdefault(target_id, self) is not self:
            raise UsageError(
                "This page is listened to already.",
                expected="a page that nobody listens to",
                found=f"a second block for {self.address}",
                hint="use the call of the block that is open, or leave that block first; a block "
                "for a page has the windows that it opens, one for a context has all its pages",
            )

    def _belongs(self, info: TargetInfo) -> bool:
        """Whether a page of the browser is one of this call's; then nobody else may have it.

        A page that another block listens to, such as a window opened by it, stays that block's.
        """
        ours, target_id = self._page_address, str(info["targetId"])
        if info.get("type", "page") != "page":  # a worker, for the sake of its requests
            return info.get("browserContextId") == ours.context_id
        if _ATTACHED.get(target_id) is not None:
            return False
        if ours.whole_context:
            is_ours = info.get("browserContextId") == ours.context_id
        else:
            is_ours = _ATTACHED.get(str(info.get("openerId"))) is self
        if is_ours:
            _ATTACHED[target_id] = self
        return is_ours

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
        """Let go of the page; it stays as it is, with the permissions that it got."""
        for target_id in [one for one, line in _ATTACHED.items() if line is self]:
            del _ATTACHED[target_id]
        try:
            await self._routing.aclose()
        finally:
            await self.page.aclose()
