"""The page of a scenario: where it is, what is done so that it calls, what it finds there."""

from __future__ import annotations

from typing import Literal

from pydantic import Field, field_validator

from harness.errors import UsageError
from harness.line.autoplay import Autoplay
from harness.line.microphone_access import PageMicrophoneWish
from harness.network.redirect_rules import read_redirect
from harness.protocols.choice import AUTO
from harness.scenario.page_context import PageContext
from harness.scenario.page_rules import Agent, DialogRule, RedirectedAddress, as_redirect
from harness.scenario.page_steps import PageOnlyStep


class PageUnderTest(PageContext):
    """Which page to open; our own where this is absent."""

    url: str | None = None
    redirect: str | list[RedirectedAddress] | None = Field(
        default=None,
        description="the hosted service that the page calls (`openai`), or rules: it is answered "
        "by the local server, and nothing leaves this machine",
    )
    login: list[PageOnlyStep] = Field(
        default_factory=list,
        description="done once for a run, before the page is opened: cookies and storage stay for "
        "every scenario with the same login. The page's `url` is open when it begins",
    )
    start: list[PageOnlyStep] = Field(
        default_factory=list, description="what to do on the page so that it calls"
    )
    protocol: str = Field(
        default=AUTO,
        description="the page's voice protocol: `auto` recognises it, `realtime`, `live`, "
        "`rtvi` and `livekit` name one, `none` goes by ear alone, `module:name` is one of your own",
    )
    agent: Agent = AUTO
    camera: bool = Field(default=True, description="whether a page that asks finds a camera")
    autoplay: Autoplay = Field(
        default="allowed",
        description="whether the page is heard before its user has clicked. user-gesture: as in "
        "people's browsers, only after a click, a touch or a key, or while it has a microphone or "
        "a camera open",
    )
    requests: bool = Field(
        default=False,
        description="true: the trace has every request of the page, with the texts that its "
        "scripts send and get; known secrets are masked, all else is as it was",
    )
    snapshots: bool = Field(
        default=False,
        description="true: a picture of the page and its markup are kept after the step in which a "
        "finding shows first; without what stands in fields",
    )
    microphone: PageMicrophoneWish = Field(
        default="allow",
        description="whether a page that asks gets one. deny: the user says no; dismiss: the user "
        "closes the question; none: there is none. The steps begin once the page was refused. "
        "device: a real sound device of this machine, see the page on sound",
    )
    reconnects_s: float | None = Field(
        default=None,
        gt=0,
        le=600,
        description="how long the page may take to connect again by itself, once its connection "
        "was lost: `call.lost` and `call.reconnected` are events then. Absent: a lost call is over",
    )
    dialogs: Literal["accept", "dismiss"] | list[DialogRule] = Field(
        default="accept",
        description="how alert, confirm and prompt are answered; the first rule that fits counts, "
        "and a dialog that none fits is accepted",
    )

    @field_validator("redirect")
    @classmethod
    def _can_be(
        cls, wanted: str | list[RedirectedAddress] | None
    ) -> str | list[RedirectedAddress] | None:
        if wanted is not None:
            try:
                read_redirect(as_redirect(wanted)).refuse_loop(None)
            except UsageError as error:
                raise ValueError(f"{error.message} {error.found}; {error.expected}") from error
        return wanted
