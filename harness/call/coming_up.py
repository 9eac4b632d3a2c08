"""A call coming up: how long it is waited for, and why it did not come."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

from harness.call.events import CallEvent
from harness.call.microphone_way import until_sent
from harness.call.page_said import has_own_words, page_said, with_page_said
from harness.call.recorder import CallRecorder
from harness.call.up_by_sound import up_by_sound
from harness.errors import (
    BrowserError,
    ExpectationFailed,
    HarnessError,
    NegotiationFailed,
    NoMicrophoneRequest,
    PageClosed,
)
from harness.facts.call import CallOpened
from harness.line.interface import Line
from harness.line.page_buttons import buttons_in_words
from harness.network.redirect_rules import hosted_at
from harness.redact import shown
from harness.score.redirected import redirect_notes
from harness.streams.waiting import expect, unless_broken


async def come_up(
    line: Line,
    recorder: CallRecorder,
    within_s: float,
    now: Callable[[], float],
    to_call: str = "",
) -> None:
    """Wait until the call of a line is up, and note that it is.

    Args:
        within_s: for the microphone, and again for the connection.
        now: gives the time on the timeline.
        to_call: what would make the page call, if whoever opens the call can tell.

    Raises:
        HarnessError: it did not come up; the one that says most about why.
    """
    try:
        with told_why(recorder, line, within_s, to_call):
            if line.capabilities.gets_microphone:
                await unless_broken(line.microphone.ready(within_s=within_s), recorder.events)
                await _connected(line, recorder, within_s)
                if line.capabilities.has_page:
                    await until_sent(recorder.events)
            else:
                await _refused(recorder, within_s)
    except (NegotiationFailed, NoMicrophoneRequest) as error:
        if (more := await _with_buttons(error, line, recorder.events.snapshot())) is not None:
            raise more from error.__cause__
        raise
    opened = CallOpened(
        engine=line.capabilities.engine,
        url=shown(line.address),
        uncertainty_s=round(line.uncertainty_s, 6),
        zero_ms=line.timeline.zero_page_ms if line.capabilities.has_page else None,
    )
    recorder.note(opened, now())


async def _refused(recorder: CallRecorder, within_s: float) -> None:
    """Wait until a page was refused the microphone that it is not to get."""
    await expect(
        recorder.events,
        lambda event: event.type == "user_media.refused",
        within_s,
        what="a page that asks for the microphone",
    )


async def _connected(line: Line, recorder: CallRecorder, within_s: float) -> None:
    """Wait for a connection; on a page without any, for a call by sound alone."""
    connected = expect(
        recorder.events, lambda event: _is_up(recorder, event), within_s, what="a connected call"
    )
    if not line.capabilities.has_page:
        await connected
        return
    by_peer = asyncio.ensure_future(connected)
    by_sound = asyncio.ensure_future(up_by_sound(recorder.events))
    try:
        await asyncio.wait([by_peer, by_sound], return_when=asyncio.FIRST_COMPLETED)
        await (by_sound if by_sound.done() else by_peer)  # raises what went wrong there
    finally:
        for each in (by_peer, by_sound):
            each.cancel()
        await asyncio.gather(by_peer, by_sound, return_exceptions=True)


@contextlib.contextmanager
def told_why(
    recorder: CallRecorder, line: Line, within_s: float, to_call: str = ""
) -> Iterator[None]:
    """What goes wrong in the block becomes the error that says most; see `come_up`.

    Raises:
        HarnessError: the error that says most.
    """
    try:
        yield
    except HarnessError as error:
        raise _why_not_up(error, recorder, line, within_s, to_call) from error


DO_WHAT_STARTS_IT = (
    "the page has a microphone and makes no connection: do what starts its call under page: "
    "{start: [{click: …}]}"
)


REFUSED_BY_POLICY = (
    "its user would allow it, so a policy forbids it: give the iframe that calls "
    'allow="microphone; autoplay", and send no Permissions-Policy header that leaves the '
    "microphone out"
)


CONTENT_POLICY = "violates the following Content Security Policy directive"

LET_BY_CONTENT_POLICY = (
    "name the refused address in the directive of its Content-Security-Policy that the page's "
    "line quotes: people's browsers refuse it, too. To go on without that policy: "
    "`page: {bypass_csp: true}`; "
)


def _by_policy(refused: Mapping[str, Any]) -> bool:
    return bool(refused.get("name") == "NotAllowedError")


def _is_up(recorder: CallRecorder, event: CallEvent) -> bool:
    """The data channel is open; or, on a page without one, the connection is up.

    On a page without a connection, a WebSocket carries the call once its protocol is recognised.
    """
    if event.type == "data_channel.open":
        return True
    if event.type == "call.protocol" and recorder.channels.is_call_on_socket:
        return not any(e.type == "peer_connection.created" for e in recorder.events.snapshot())
    connected = event.type == "peer_connection.state" and event.data.get("state") == "connected"
    kinds = {kept.type for kept in recorder.events.snapshot()}
    return connected and "data_channel.created" not in kinds


def _why_not_up(
    error: HarnessError, recorder: CallRecorder, line: Line, within_s: float, to_call: str
) -> HarnessError:
    """The error that says most: the cause that broke the call, or what the line met."""
    events = recorder.events.snapshot()
    # A page whose call fails at once gives the microphone back before anybody could speak into it.
    asked = any(event.type == "user_media.granted" for event in events)
    gave_up = isinstance(error, NoMicrophoneRequest) and asked
    if isinstance(error, NoMicrophoneRequest) and not gave_up:
        return _never_asked(error, events, to_call)
    if type(error) in (PageClosed, BrowserError) and has_own_words(events):
        return _after_words(error, events)
    if not isinstance(error, ExpectationFailed) and not gave_up:
        return error
    if isinstance(error.__cause__, HarnessError):
        return error.__cause__
    has_page = line.capabilities.has_page
    if sockets := _sockets_alone(events):
        return _speaks_otherwise(sockets, within_s)
    look = f"open {shown(line.address)} in a browser and look at its console; "
    if service := _hosted_that_failed(events):
        look = (
            f"it calls the hosted service: `redirect: {service}` under page, --redirect {service} "
            f'or redirect="{service}" lets the local server answer, without a key; '
        )
    elif CONTENT_POLICY in page_said(events):
        look = LET_BY_CONTENT_POLICY
    elif has_own_words(events):
        look = "mend what the page says first; "
    elif not any(event.type == "peer_connection.created" for event in events):
        look = (
            f"{to_call or DO_WHAT_STARTS_IT}; else open {shown(line.address)} in a browser: does "
            "it make a connection there? "
        )
    return NegotiationFailed(
        f"The page asked for the microphone, but its call did not come up within {within_s:g} s."
        if has_page
        else f"The call did not come up within {within_s:g} s.",
        expected=(
            "a connected peer connection, whose data channel is open where it has one; or scripts "
            "of the page that take what the microphone hears, and a way to send it"
            if has_page
            else "a connected peer connection with an open data channel"
        ),
        found=_with_redirects(page_said(events) or error.found or "no sign of a call", events),
        hint=f"{look if has_page else ''}the trace has more",
    )


def _hosted_that_failed(events: list[CallEvent]) -> str | None:
    """The hosted service that the page asked in vain, where it is not redirected."""
    if any(event.type == "redirect.began" for event in events):
        return None
    failed = (e.data for e in events if e.type in ("page.request_failed", "page.http_error"))
    return next(filter(None, (hosted_at(str(data["url"])) for data in failed)), None)


def _with_redirects(found: str, events: list[CallEvent]) -> str:
    """A redirect that did not take may be all there is to say."""
    return "; ".join([found, *redirect_notes(events)])


def _never_asked(
    error: NoMicrophoneRequest, events: list[CallEvent], to_call: str
) -> NoMicrophoneRequest:
    """The page's own words, and what to do about them where it has some."""
    hint = to_call or error.hint
    kinds = {event.type for event in events}
    if "page.window_followed" in kinds:
        hint = "the new window is listened to, too: do in it what starts its call"
    if has_own_words(events):
        hint = "mend what the page says first: a button whose handler fails starts no call"
    if any(event.type == "user_media.refused" and _by_policy(event.data) for event in events):
        hint = REFUSED_BY_POLICY
    found = _with_redirects(with_page_said(error.found, events), events)
    return NoMicrophoneRequest(error.message, expected=error.expected, found=found, hint=hint)


async def _with_buttons(
    error: HarnessError, line: Line, events: list[CallEvent]
) -> HarnessError | None:
    """The same error, with what could be pressed on a page that says nothing and began no call."""
    began = any(event.type == "peer_connection.created" for event in events)
    buttons = "" if began or has_own_words(events) else await buttons_in_words(line)
    if not buttons:
        return None
    found = "; ".join(part for part in (error.found, buttons) if part)
    return type(error)(error.message, expected=error.expected, found=found, hint=error.hint)


def _after_words(error: HarnessError, events: list[CallEvent]) -> HarnessError:
    """The same error, with what the page said of itself before what was found."""
    return type(error)(
        error.message,
        expected=error.expected,
        found=with_page_said(error.found, events),
        hint=error.hint,
    )


def _sockets_alone(events: list[CallEvent]) -> list[str]:
    """The WebSockets of a page that has no peer connection at all."""
    if any(event.type == "peer_connection.created" for event in events):
        return []
    return [str(event.data["url"]) for event in events if event.type == "page.websocket"]


def _speaks_otherwise(sockets: Sequence[str], within_s: float) -> NegotiationFailed:
    return NegotiationFailed(
        f"The page asked for the microphone, but began no call within {within_s:g} s.",
        expected="an RTCPeerConnection, or scripts of the page that take what the microphone hears",
        found=f"neither, but a WebSocket to {', '.join(dict.fromkeys(sockets))}",
        hint="do on the page what starts its call. A page that lets its user talk by a button may "
        "record nothing before that: click it under page.start in the scenario",
    )
