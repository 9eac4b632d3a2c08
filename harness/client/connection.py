"""Keeping one call connected: the first time, and again after it was lost.

Knows links, delays and endings, and nothing of what is said over them.
"""

from __future__ import annotations

import asyncio
import logging
from typing import Literal, Protocol, TypeAlias

from harness.client.reconnect import Backoff, ReconnectPolicy, is_worth_retrying
from harness.client.signalling import Negotiation
from harness.client.transport import Link
from harness.errors import (
    AlreadyConnected,
    ClosedWhileConnecting,
    ConnectInProgress,
    HarnessError,
    NegotiationFailed,
    NotConnected,
    PeerError,
    PeerLost,
    ReconnectFailed,
)
from harness.peer.interface import PeerFactory, Pull, Samples, StateKind
from harness.realtime.wire import EVENTS_LABEL

ConnectionState: TypeAlias = Literal["idle", "connecting", "open", "reconnecting", "closing"]

_log = logging.getLogger(__name__)


class ConnectionOwner(Protocol):
    """Whom a connection concerns."""

    async def negotiation(self, is_again: bool) -> Negotiation:
        """How the next link is to be negotiated; ``is_again`` after a loss."""

    def link_opened(self) -> None:
        """The events channel of a new link is open; messages follow."""

    def link_lost(self, error: HarnessError) -> None:
        """The link is gone; whether another follows is not known yet."""

    def attempt_failed(self, error: HarnessError) -> None:
        """One attempt to replace a lost link came to nothing."""

    async def gave_up(self, error: HarnessError) -> None:
        """No link follows the lost one."""

    def peer_state(self, kind: StateKind, state: str) -> None:
        """A state of the peer connection moved."""

    def channel_state(self, label: str, state: str) -> None:
        """A data channel opened or closed."""

    def received(self, data: str | bytes) -> None:
        """One message of the events channel."""

    def on_samples(self, samples: Samples) -> None:
        """The next samples of the remote peer's audio."""


class Connection:
    """At most one link at a time. `connect`, then `ready` from the owner, then `close`."""

    def __init__(
        self,
        owner: ConnectionOwner,
        make_peer: PeerFactory,
        pull: Pull,
        policy: ReconnectPolicy,
        within_s: float,
        seed: int | None = None,
    ) -> None:
        self.state: ConnectionState = "idle"
        self._owner = owner
        self._make_peer = make_peer
        self._pull = pull
        self._policy = policy
        self._within_s = within_s
        self._seed = seed
        self._link: Link | None = None
        self._task: asyncio.Task[None] | None = None
        self._ready: asyncio.Future[None] | None = None
        self._grace: asyncio.TimerHandle | None = None
        self._closing = asyncio.Lock()
        self._is_told = False
        """The owner takes a link for open."""

    @property
    def link(self) -> Link:
        """The open link.

        Raises:
            NotConnected: there is none.
        """
        if self._link is None or not self._link.is_open:
            raise NotConnected("The call is not open.", found=self.state, hint="`connect` first")
        return self._link

    @property
    def call_id(self) -> str | None:
        """The server's id of the call; None without a link, or where the server gave none."""
        return None if self._link is None else self._link.call_id

    async def connect(self) -> None:
        """Bring the call up; returns when the owner has said `ready`.

        Raises:
            AlreadyConnected: it is up.
            ConnectInProgress: another `connect`, or a reconnection, is under way.
            ClosedWhileConnecting: `close` was called meanwhile.
            HarnessError: it did not come up; says why.
        """
        if self.state == "open":
            raise AlreadyConnected("The call is open already.", hint="`disconnect` first")
        if self.state != "idle":
            raise ConnectInProgress(
                "The call is being connected already.", found=self.state, hint="wait for “opened”"
            )
        self.state = "connecting"
        await self._attend(asyncio.create_task(self._first(), name="connect"))

    def ready(self, problem: HarnessError | None = None) -> None:
        """The owner has what it needs of the new link, or cannot use it."""
        if self._ready is None or self._ready.done():
            return
        if problem is None:
            self._ready.set_result(None)
        else:
            self._ready.set_exception(problem)
            self._ready.exception()  # seen, also where the wait for it is being cancelled

    async def close(self) -> None:
        """End the link, a connect and a reconnection under way. May be repeated."""
        async with self._closing:
            self.state = "closing"
            try:
                task, self._task = self._task, None
                if task is not None and not task.done():
                    task.cancel()
                    await asyncio.wait({task})
                await self._end_link()
            finally:
                self.state = "idle"

    async def _attend(self, task: asyncio.Task[None]) -> None:
        self._task = task
        try:
            await asyncio.wait({task})
        except asyncio.CancelledError:
            task.cancel()
            await asyncio.wait({task})
            raise
        if task.cancelled():
            raise ClosedWhileConnecting("The client was closed while it was connecting.")
        task.result()

    async def _first(self) -> None:
        try:
            await self._establish(is_again=False)
        except BaseException:
            if self.state == "connecting":
                self.state = "idle"
            raise

    async def _establish(self, is_again: bool) -> None:
        """A new link that is open and ready, or none."""
        self._ready = asyncio.get_running_loop().create_future()
        try:
            negotiation = await self._owner.negotiation(is_again)
            self._link = Link(self._make_peer, self)
            await self._link.open(negotiation, self._pull, self._within_s)
            async with asyncio.timeout(self._within_s):
                await self._ready
            if not self._link.is_open:
                raise PeerLost("The connection was lost as soon as it was there.")
        except TimeoutError as error:
            silent = NegotiationFailed(
                "The server did not begin the session.",
                expected=f"its first event within {self._within_s:g} s",
                found="an open data channel, and silence",
            )
            self._tell_lost(silent)
            await self._end_link()
            raise silent from error
        except BaseException as error:
            if isinstance(error, HarnessError):
                self._tell_lost(error)
            await self._end_link()
            raise
        finally:
            self._ready = None
        self.state = "open"

    async def _end_link(self) -> None:
        self._calm_down()
        link, self._link = self._link, None
        if link is not None:
            await link.aclose()

    # The link reports

    def peer_state(self, kind: StateKind, state: str) -> None:
        if kind == "connection":
            self._calm_down()
            if state == "disconnected":
                grace_s = self._policy.disconnected_grace_s
                found = f"“disconnected” for {grace_s:g} s"
                error = PeerLost("The peer connection was lost.", found=found)
                loop = asyncio.get_running_loop()
                self._grace = loop.call_later(grace_s, self._link_gone, error)
        self._owner.peer_state(kind, state)

    def channel_state(self, label: str, state: str) -> None:
        self._owner.channel_state(label, state)
        if label == EVENTS_LABEL and state == "open":
            self._is_told = True
            self._owner.link_opened()

    def received(self, data: str | bytes) -> None:
        self._owner.received(data)

    def on_samples(self, samples: Samples) -> None:
        self._owner.on_samples(samples)

    def lost(self, error: PeerError) -> None:
        """The open link broke: tell, and try again where that is wanted."""
        self._calm_down()
        if self.state == "open":
            self.state = "reconnecting"
            self._tell_lost(error)
            if self.state == "reconnecting":  # nobody closed it over that
                self._task = asyncio.create_task(self._reconnect(error), name="reconnect")
        elif self._ready is not None:
            self._tell_lost(error)
            self.ready(error)

    def _tell_lost(self, error: HarnessError) -> None:
        """Once for each link that was told of as open."""
        if self._is_told:
            self._is_told = False
            self._owner.link_lost(error)

    def _link_gone(self, error: PeerError) -> None:
        self._grace = None
        if self._link is not None:
            self._link.failed(error)

    def _calm_down(self) -> None:
        if self._grace is not None:
            self._grace.cancel()
            self._grace = None

    async def _reconnect(self, cause: HarnessError) -> None:
        backoff = Backoff(self._policy, self._seed)
        try:
            await self._end_link()
            while (delay_s := backoff.next_delay_s()) is not None:
                await asyncio.sleep(delay_s)
                try:
                    await self._establish(is_again=True)
                    return
                except HarnessError as error:
                    _log.info("attempt %d to reconnect failed: %s", backoff.attempts, error.message)
                    cause = error
                    self._owner.attempt_failed(error)
                    if not is_worth_retrying(error):
                        break
        except Exception as error:
            _log.exception("reconnecting broke")
            cause = PeerError("Reconnecting broke.", found=f"{type(error).__name__}: {error}")
            cause.__cause__ = error
        self.state = "idle"
        await self._owner.gave_up(_given_up(cause, backoff.attempts))


def _given_up(cause: HarnessError, attempts: int) -> HarnessError:
    """What ended a call that was lost: the loss itself where nothing was tried."""
    if attempts == 0:
        return cause
    failed = ReconnectFailed(
        "The lost connection could not be replaced.",
        expected=f"a new one within {attempts} attempt{'s' if attempts > 1 else ''}",
        found=cause.message,
        hint=cause.hint,
    )
    failed.__cause__ = cause
    return failed
