"""Facts that the browser tells of the page, beside what the probe in it tells."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar, Literal

from harness.facts.fact import HarnessFact


@dataclass(frozen=True, slots=True)
class ConsoleLogged(HarnessFact):
    """A warning or an error on the page's console."""

    type: ClassVar[Literal["page.console"]] = "page.console"

    level: Literal["error", "warning"]
    """error or warning."""

    text: str
    """The first 2000 characters."""


@dataclass(frozen=True, slots=True)
class PageException(HarnessFact):
    """An exception, or a rejection, that nobody caught."""

    type: ClassVar[Literal["page.exception"]] = "page.exception"

    message: str
    """The first 2000 characters."""


@dataclass(frozen=True, slots=True)
class RequestFailed(HarnessFact):
    """A request of the page got no answer."""

    type: ClassVar[Literal["page.request_failed"]] = "page.request_failed"

    method: str
    """The HTTP method."""

    url: str
    """Its secrets masked."""

    error: str | None
    """In the browser's words; null where it has none."""

    resource: str = "Other"
    """DevTools' kind: Fetch, XHR, Image, Font and the like."""


@dataclass(frozen=True, slots=True)
class HttpError(HarnessFact):
    """A request of the page was answered with a status of 400 or above."""

    type: ClassVar[Literal["page.http_error"]] = "page.http_error"

    method: str
    """The HTTP method."""

    url: str
    """Its secrets masked."""

    status: int
    """The HTTP status."""

    resource: str = "Other"
    """DevTools' kind: Fetch, XHR, Image, Font and the like."""


@dataclass(frozen=True, slots=True)
class PageRequest(HarnessFact):
    """A request of the page is over; told where the page's requests are asked for."""

    type: ClassVar[Literal["page.request"]] = "page.request"

    method: str
    """The HTTP method."""

    url: str
    """Its secrets masked."""

    resource: str
    """DevTools' kind: Fetch, XHR, Image, Font and the like."""

    status: int | None
    """The HTTP status; null where no answer came."""

    mime: str
    """The type of what was answered, as in "application/json"."""

    took_s: float
    """From the request to the answer's last byte, seconds; the event comes behind it."""

    sent: str | None = None
    """Its body, secrets masked; null where it has none that is text."""

    received: str | None = None
    """The answer's body, secrets masked; null where no script asked for it, or it is no text."""

    is_cut: bool = False
    """Whether a body is longer than this, or could not be kept."""

    error: str = ""
    """Why it failed, in the browser's words."""

    sent_mime: str = ""
    """The type of what was sent, as the page named it; "" where it sent nothing."""

    by: Literal["page", "worker", "shared_worker", "service_worker"] = "page"
    """Whose script asked; what a page asks through a service worker is told of both."""


@dataclass(frozen=True, slots=True)
class Signalled(HarnessFact):
    """The page posted an offer, or asked for a client secret; told when that was answered."""

    type: ClassVar[Literal["page.signalled"]] = "page.signalled"

    method: str
    """The HTTP method."""

    url: str
    """Its secrets masked."""

    is_offer: bool
    """Whether its body is SDP."""

    status: int | None
    """The HTTP status; null where no answer came."""

    key: Literal["api_key", "client_secret", "other", ""]
    """What the page gave to be let in: a long-lived key, an ephemeral one, or something else."""

    took_s: float
    """From the request to the answer's first byte, seconds."""


@dataclass(frozen=True, slots=True)
class PagePaused(HarnessFact):
    """The harness held the page's scripts, and let them go on: what they did late was its doing."""

    type: ClassVar[Literal["page.paused"]] = "page.paused"

    where: str
    """Where they stood, as "http://127.0.0.1/call.js:12:5 in answer"."""

    paused_s: float
    """For how long, seconds; the event comes behind it."""


@dataclass(frozen=True, slots=True)
class MemoryUsed(HarnessFact):
    """How much memory the page's scripts use; told where it has changed by a megabyte."""

    type: ClassVar[Literal["page.memory"]] = "page.memory"

    used_bytes: int
    """Of objects and buffers, bytes."""

    collected: bool = False
    """Whether its garbage was collected just before, so that all of it is in use."""


@dataclass(frozen=True, slots=True)
class SnapshotTaken(HarnessFact):
    """The page as it was when something was found, or somebody asked: a picture, and its markup."""

    type: ClassVar[Literal["page.snapshot"]] = "page.snapshot"

    finding: str
    """Its name; "" where somebody asked."""

    picture: str
    """The picture's file, beside the trace; fields are painted over."""

    dom: str
    """The file with the markup, as text; what stands in fields is masked."""


@dataclass(frozen=True, slots=True)
class WindowOpened(HarnessFact):
    """The page opened a window; a fact of its own tells where that is listened to."""

    type: ClassVar[Literal["page.window_opened"]] = "page.window_opened"

    url: str
    """What it shows, secrets masked; "" for an empty one."""


@dataclass(frozen=True, slots=True)
class WindowFollowed(HarnessFact):
    """Another window than the page that was given is listened to, too."""

    type: ClassVar[Literal["page.window_followed"]] = "page.window_followed"

    url: str
    """What it shows, secrets masked."""


@dataclass(frozen=True, slots=True)
class CallWindow(HarnessFact):
    """The call is in another window than the page that was given."""

    type: ClassVar[Literal["page.call_window"]] = "page.call_window"

    url: str
    """What it shows, secrets masked."""


@dataclass(frozen=True, slots=True)
class ChannelAsked(HarnessFact):
    """A request of the page names the data channel of its events: `?dcid=N`."""

    type: ClassVar[Literal["page.channel_asked"]] = "page.channel_asked"

    channel_id: int
    """N."""


@dataclass(frozen=True, slots=True)
class WebSocketOpened(HarnessFact):
    """The page opened a WebSocket."""

    type: ClassVar[Literal["page.websocket"]] = "page.websocket"

    url: str
    """Its secrets masked."""


@dataclass(frozen=True, slots=True)
class WebTransportOpened(HarnessFact):
    """The page opened a WebTransport session."""

    type: ClassVar[Literal["page.web_transport"]] = "page.web_transport"

    url: str
    """Its secrets masked."""


@dataclass(frozen=True, slots=True)
class DownloadBegan(HarnessFact):
    """The page gave its user a file; nobody keeps it."""

    type: ClassVar[Literal["page.download"]] = "page.download"

    url: str
    """Its secrets masked; of what the page itself made, "blob:" or "data:" alone."""

    file_name: str
    """What the page, or its server, calls it."""


@dataclass(frozen=True, slots=True)
class DialogAnswered(HarnessFact):
    """The page asked its user in a dialog, and the harness answered."""

    type: ClassVar[Literal["page.dialog"]] = "page.dialog"

    kind: str
    """alert, confirm, prompt or beforeunload."""

    text: str
    """What the page said, the first 2000 characters."""

    answer: Literal["accept", "dismiss"]
    """accept or dismiss."""


@dataclass(frozen=True, slots=True)
class RedirectBegan(HarnessFact):
    """From here on requests to other hosts are answered on this machine."""

    type: ClassVar[Literal["redirect.began"]] = "redirect.began"

    rules: list[str]
    """Their names, as the scenario or the command line has them."""

    server: str
    """The address of the server that answers."""


@dataclass(frozen=True, slots=True)
class PageRedirected(HarnessFact):
    """A request to another host was answered on this machine; nothing of it left."""

    type: ClassVar[Literal["page.redirected"]] = "page.redirected"

    method: str
    """As the page sent it."""

    host: str
    """As the page named it, with its port."""

    path: str
    """Without its query."""

    status: int
    """Of the answer; 101 for a WebSocket, 501 for what nothing here answers."""

    rule: str | None
    """The rule that matched; None where none did."""


@dataclass(frozen=True, slots=True)
class PageStandIn(HarnessFact):
    """A page got a stand-in for a script that its maker alone serves: it is not the real one."""

    type: ClassVar[Literal["page.stand_in"]] = "page.stand_in"

    name: str
    """What it stands for, as `ChatKit`."""

    host: str
    """As the page named it, with its port."""

    path: str
    """Without its query."""


BrowserFact = (
    ConsoleLogged
    | PageException
    | RequestFailed
    | HttpError
    | PageRequest
    | Signalled
    | PagePaused
    | MemoryUsed
    | SnapshotTaken
    | WindowOpened
    | WindowFollowed
    | CallWindow
    | ChannelAsked
    | WebSocketOpened
    | WebTransportOpened
    | DownloadBegan
    | DialogAnswered
    | RedirectBegan
    | PageRedirected
    | PageStandIn
)
