"""The common part of lines through a page, whoever opened it: the probe is their ears."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Generic, TypeVar

from harness.browser.accessible_buttons import TREE, button_names
from harness.browser.probed_page import ProbedPage
from harness.line.agent_connections import AgentConnections
from harness.line.audio import AudioFrames
from harness.line.interface import LineCapabilities, Microphone
from harness.line.microphone_access import MicrophoneAccess
from harness.streams.event_stream import EventStream


def page_capabilities(access: MicrophoneAccess) -> LineCapabilities:
    """What a page's line can do, whose page gets a microphone so."""
    return LineCapabilities(
        engine="browser", has_page=True, is_real_time=True, gets_microphone=access == "allow"
    )


HANG_UP = """async () => {
  if (!window.RT?.close) return false;
  await window.RT.close();
  return true;
}"""
"""Closes the call of our own page; false on any other."""

AnyPage = TypeVar("AnyPage", bound=ProbedPage)


class ProbedLine(Generic[AnyPage]):
    """What a page's probe tells, as a line; how it is connected and ended is its kinds' own.

    Args:
        page: with the probe in it, or to come.
        address: as people are told it.
    """

    capabilities = page_capabilities("allow")

    def __init__(self, page: AnyPage, address: str) -> None:
        self.page = page
        self.capabilities = page_capabilities(page.access)
        self.envelopes = page.envelopes
        self.timeline = page.timeline
        self.microphone: Microphone = page.microphone
        self._address = address

    @property
    def address(self) -> str:
        """What is called, for the trace and for people."""
        return self._address

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
    def agent(self) -> AgentConnections:
        """Which of its connections is the agent's."""
        return self.page.agent

    @property
    def others(self) -> EventStream[AudioFrames]:
        """What it plays of connections that are another's."""
        return self.page.others

    @property
    def uncertainty_s(self) -> float:
        """How far an event may be off against the audio on the timeline."""
        return self.page.uncertainty_s

    async def buttons(self) -> Sequence[str]:
        """The names of the buttons that a user can see and press, in their order.

        Raises:
            HarnessError: the page cannot be asked now.
        """
        return button_names(await self.page.send(TREE))

    async def send_text(self, label: str, text: str) -> None:
        """Send through the page's own data channel, as the page would."""
        await self.page.send_text(label, text)
