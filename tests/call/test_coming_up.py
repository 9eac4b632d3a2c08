"""A call that comes up is noted; one that does not says the cause that says most."""

from __future__ import annotations

import asyncio
import re
from types import SimpleNamespace
from typing import Any

import pytest

from harness.call import up_by_sound
from harness.call.coming_up import come_up, told_why
from harness.call.events import CallEvent
from harness.call.protocol_channels import ProtocolChannels
from harness.errors import ExpectationFailed, NegotiationFailed, NoMicrophoneRequest, PeerLost
from harness.facts.call import CallOpened
from harness.facts.catalogue import AnyFact
from harness.line.envelope import Envelope
from harness.line.interface import LineCapabilities
from harness.protocols.realtime import RealtimeProtocol
from harness.streams.event_stream import EventStream
from harness.timeline import Timeline

STATE = {"connection": "c", "kind": "connection", "state": "connected"}

SOCKET = Envelope(
    v=1,
    frame_id="top",
    seq=0,
    page_ms=0.0,
    type="web_socket.open",
    data={"socket": "socket-0", "label": "wss://voice.example/v1/realtime", "subprotocol": ""},
)


class Recorder:
    """As much of a recorder as is looked at."""

    def __init__(self, *events: tuple[str, dict[str, Any]]) -> None:
        self.events: EventStream[CallEvent] = EventStream("call", 100)
        self.noted: list[tuple[AnyFact, float]] = []
        self.channels = ProtocolChannels([RealtimeProtocol()])
        for type, data in events:
            self.tell(type, data)

    def tell(self, type: str, data: dict[str, Any]) -> None:
        self.events.push(CallEvent(0.0, "page", type, data))

    def note(self, fact: AnyFact, t_s: float) -> None:
        self.noted.append((fact, t_s))


class Line:
    """A line whose microphone is ready, or fails so."""

    capabilities = LineCapabilities("browser", has_page=True, is_real_time=True)
    uncertainty_s = 0.01
    address = "http://127.0.0.1/?secret=1"

    def __init__(self, microphone_error: Exception | None = None) -> None:
        async def ready(within_s: float) -> None:
            if microphone_error is not None:
                raise microphone_error

        self.microphone = SimpleNamespace(ready=ready)
        self.timeline = Timeline()
        self.timeline.start(1_700_000_000_000.5)


async def wait(line: Line, recorder: Recorder, within_s: float = 0.05) -> None:
    await come_up(line, recorder, within_s, lambda: 1.5)  # type: ignore[arg-type]


async def test_an_open_channel_is_a_call_and_is_noted_when_it_is_up() -> None:
    recorder = Recorder(("data_channel.created", {}), ("peer_connection.state", STATE))
    waiting = asyncio.create_task(wait(Line(), recorder, 20))
    await asyncio.sleep(0)
    assert not recorder.noted
    recorder.tell("data_channel.open", {})
    await waiting
    ((opened, t_s),) = recorder.noted
    assert isinstance(opened, CallOpened)
    assert (t_s, opened.uncertainty_s) == (1.5, 0.01)
    assert opened.zero_ms == 1_700_000_000_000.5, "a page's time is the wall's"
    assert "secret=1" not in opened.url


async def test_a_page_without_a_channel_is_up_with_its_connection() -> None:
    recorder = Recorder(("peer_connection.state", STATE))
    await wait(Line(), recorder, 20)
    assert recorder.noted


async def test_a_page_that_never_asked_is_told_with_its_own_words() -> None:
    recorder = Recorder(("page.exception", {"message": "no seats left"}))
    error = NoMicrophoneRequest("The page did not open the microphone.", found="nothing")
    with pytest.raises(NoMicrophoneRequest, match="no seats left"):
        await wait(Line(error), recorder)
    assert not recorder.noted


async def test_whoever_opens_the_call_may_know_what_would_make_the_page_call() -> None:
    error = NoMicrophoneRequest("The page did not open the microphone.", found="nothing", hint="?")
    with pytest.raises(NoMicrophoneRequest, match="move the click"):
        await come_up(Line(error), Recorder(), 0.05, lambda: 1.5, "move the click")  # type: ignore[arg-type]


@pytest.mark.parametrize("name", ["NotAllowedError", "NotFoundError"])
async def test_a_policy_that_forbids_the_microphone_is_told(name: str) -> None:
    refused = ("user_media.refused", {"name": name, "reason": "Permission denied"})
    error = NoMicrophoneRequest("The page did not open the microphone.", found="?", hint="click it")
    with pytest.raises(NoMicrophoneRequest) as raised:
        await wait(
            Line(error), Recorder(refused, ("page.console", {"level": "error", "text": "a"}))
        )
    assert ('allow="microphone' in str(raised.value.hint)) is (name == "NotAllowedError")


@pytest.mark.parametrize("is_led_here", [False, True])
async def test_a_page_of_the_hosted_service_is_told_how_it_is_answered_here(
    is_led_here: bool,
) -> None:
    url = "https://api.openai.com/v1/realtime/calls"
    failed = {"method": "POST", "url": url, "error": "net::ERR_NAME_NOT_RESOLVED"}
    recorder = Recorder(("peer_connection.created", {}), ("page.request_failed", failed))
    if is_led_here:
        recorder.tell("redirect.began", {"rules": ["openai"]})
    with pytest.raises(NegotiationFailed) as raised:
        await wait(Line(), recorder)
    assert ("--redirect openai" in str(raised.value.hint)) is not is_led_here


@pytest.mark.parametrize(
    ("refused", "is_told"),
    [("Connecting to 'https://api.openai.com/'", True), ("Loading the font 'https://h/a'", False)],
)
async def test_a_page_whose_content_policy_refuses_its_call_is_told_the_way_by(
    refused: str, is_told: bool
) -> None:
    text = (
        f"{refused} violates the following Content Security Policy directive: \"font-src 'self'\"."
    )
    recorder = Recorder(
        ("peer_connection.created", {}), ("page.console", {"level": "error", "text": text})
    )
    with pytest.raises(NegotiationFailed) as raised:
        await wait(Line(), recorder)
    assert ("bypass_csp: true" in str(raised.value.hint)) is is_told


class LineWithButtons(Line):
    async def buttons(self) -> list[str]:
        return ["Start", "Call us"]


async def test_a_page_that_begins_no_call_is_told_with_its_buttons() -> None:
    words = "buttons on the page: “Start”, “Call us”"
    with pytest.raises(NegotiationFailed) as raised:
        await wait(LineWithButtons(), Recorder(("user_media.granted", {})))
    assert str(raised.value.found).endswith(f"; {words}")
    error = NoMicrophoneRequest("The page did not open the microphone.", found="nothing")
    with pytest.raises(NoMicrophoneRequest, match="nothing; buttons on the page: “Start”"):
        await wait(LineWithButtons(error), Recorder())


@pytest.mark.parametrize("type", ["peer_connection.created", "page.exception"])
async def test_buttons_are_no_matter_of_a_page_that_began_or_says_why_not(type: str) -> None:
    with pytest.raises(NegotiationFailed) as raised:
        await wait(LineWithButtons(), Recorder((type, {"message": "no seats left"})))
    assert "Call us" not in str(raised.value)


async def test_a_page_that_asked_and_gave_up_failed_to_negotiate() -> None:
    recorder = Recorder(("user_media.granted", {}), ("page.exception", {"message": "no route"}))
    with pytest.raises(NegotiationFailed, match="no route"):
        await wait(Line(NoMicrophoneRequest("The page did not open it.")), recorder)


@pytest.mark.parametrize(
    ("events", "is_up"),
    [
        ((), True),
        ((("peer_connection.created", {}),), False),  # its connection is waited for
    ],
)
async def test_a_protocol_on_a_web_socket_is_a_call_of_a_page_without_a_connection(
    events: tuple[tuple[str, dict[str, Any]], ...], is_up: bool
) -> None:
    recorder = Recorder(*events, ("call.protocol", {"over": "web_socket"}))
    assert recorder.channels.take_open(SOCKET)
    if is_up:
        await wait(Line(), recorder, 20)
    else:
        with pytest.raises(NegotiationFailed):
            await wait(Line(), recorder)
    assert bool(recorder.noted) is is_up


async def test_a_page_of_sockets_is_told_what_it_lacks() -> None:
    recorder = Recorder(("page.websocket", {"url": "ws://127.0.0.1/talk"}))
    with pytest.raises(NegotiationFailed, match=re.escape("ws://127.0.0.1/talk")):
        await wait(Line(), recorder)


@pytest.mark.parametrize(
    ("events", "to_call", "hint"),
    [
        ((), "", "do what starts its call under page"),  # it shows a meter, say
        ((), "move the click", "move the click; else open"),
        ((("peer_connection.created", {}),), "", "look at its console"),
    ],
)
async def test_a_page_that_has_a_microphone_and_calls_nobody_is_to_be_started(
    events: tuple[tuple[str, dict[str, Any]], ...], to_call: str, hint: str
) -> None:
    recorder = Recorder(("user_media.granted", {}), *events)
    with pytest.raises(NegotiationFailed, match=hint):
        await come_up(Line(), recorder, 0.05, lambda: 1.5, to_call)  # type: ignore[arg-type]


async def test_a_page_without_a_connection_is_up_when_its_scripts_listen(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(up_by_sound, "NO_PEER_FOR_S", 0)
    recorder = Recorder(
        ("page.websocket", {"url": "ws://127.0.0.1/talk"}),
        ("microphone.read", {"by": "audio_graph"}),
    )
    await wait(Line(), recorder, 20)
    assert recorder.noted


class RefusedLine(Line):
    """A line whose page is to get no microphone."""

    capabilities = LineCapabilities("browser", True, True, gets_microphone=False)


async def test_a_page_that_is_to_get_no_microphone_is_up_once_it_was_refused() -> None:
    refused = ("user_media.refused", {"name": "NotAllowedError", "reason": "Permission denied"})
    line = RefusedLine(NoMicrophoneRequest("It is never asked."))
    recorder = Recorder(refused)
    await wait(line, recorder, 20)
    assert recorder.noted
    with pytest.raises(NegotiationFailed):
        await wait(line, Recorder())


def test_the_cause_of_a_failed_wait_goes_first() -> None:
    failed = ExpectationFailed("A connected call did not come.")
    failed.__cause__ = PeerLost("The connection failed.")
    with (
        pytest.raises(PeerLost, match="connection failed"),
        told_why(Recorder(), Line(), 1),  # type: ignore[arg-type]
    ):
        raise failed
