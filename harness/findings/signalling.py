"""Findings of signalling: offers, answers, and the requests that carry them."""

from __future__ import annotations

from collections.abc import Iterator
from typing import ClassVar
from urllib.parse import urlsplit

from harness.facts.browser import Signalled
from harness.facts.connection import ConnectionOffer, ConnectionProblem
from harness.findings.candidates import ADD_CANDIDATE, refusal
from harness.findings.finding import Finding, Severity
from harness.findings.rule import Overdue, Rule
from harness.findings.seen import Seen
from harness.findings.state import CallState

ANSWERED_S = 5.0
"""An offer that has no answer for so long gets none."""

WRONG_STATE = "wrong state"
BETA_PATHS = ("/realtime/sessions", "/realtime/transcription_sessions")


class OfferRefused(Finding):
    """The server refused the request that carries the offer, or asks for a client secret."""

    name: ClassVar[str] = "offer_refused"
    severity: ClassVar[Severity] = "error"
    to_do: ClassVar[str] = (
        "Look at the status: 401 a wrong or old client secret, 404 a wrong path, 400 a body that "
        "is no SDP or a session that cannot be, 429 too many calls."
    )


class AnswerNeverApplied(Finding):
    """The page made an offer, and never applied an answer to it."""

    name: ClassVar[str] = "answer_never_applied"
    severity: ClassVar[Severity] = "error"
    to_do: ClassVar[str] = (
        "Call setRemoteDescription({type: 'answer', sdp}) with what the server answered, and await "
        "it."
    )


class AnswerAppliedTwice(Finding):
    """The page applied an answer to a connection that had one already."""

    name: ClassVar[str] = "answer_applied_twice"
    severity: ClassVar[Severity] = "warning"
    to_do: ClassVar[str] = (
        "Apply each answer once: look for a handler that is registered twice, or a retry."
    )


class OffersCollide(Finding):
    """Both sides made an offer at once, and the page is not prepared for it."""

    name: ClassVar[str] = "offers_collide"
    severity: ClassVar[Severity] = "error"
    to_do: ClassVar[str] = (
        "Negotiate perfectly: the polite side rolls back its own offer, the other one ignores the "
        "other's (MDN, “Perfect negotiation”)."
    )


class DescriptionRefused(Finding):
    """The browser refused a session description."""

    name: ClassVar[str] = "description_refused"
    severity: ClassVar[Severity] = "error"
    to_do: ClassVar[str] = (
        "Pass the SDP on as it came, as text and not as JSON, and with its line ends."
    )


class BetaAddress(Finding):
    """The page uses an address of the Realtime beta, which is no more."""

    name: ClassVar[str] = "beta_address"
    severity: ClassVar[Severity] = "error"
    to_do: ClassVar[str] = (
        "Post the offer to /v1/realtime/calls, and ask for secrets at /v1/realtime/client_secrets."
    )


class RequestsRule(Rule):
    """The requests that carry offers and secrets."""

    finds = (OfferRefused, BetaAddress)

    def on(self, seen: Seen) -> Iterator[Finding]:
        """Each request, once it is answered."""
        if not isinstance(seen.fact, Signalled):
            return
        url, status = seen.fact.url, seen.fact.status
        path = urlsplit(url).path.rstrip("/")
        if path.endswith(BETA_PATHS) or (path.endswith("/v1/realtime") and seen.fact.is_offer):
            yield BetaAddress.by(f"The page posts to {url}.", seen.event)
        elif status is None:
            cause = f"{seen.fact.method} {url} got no answer."
            yield OfferRefused.by(cause, seen.event)
        elif status >= 400:
            yield OfferRefused.by(f"{seen.fact.method} {url} was answered {status}.", seen.event)


class AnswerRule(Rule):
    """Offers of the page that get no answer."""

    finds = (AnswerNeverApplied,)

    def __init__(self, state: CallState) -> None:
        super().__init__(state)
        self._offers = Overdue(ANSWERED_S)

    def on(self, seen: Seen) -> Iterator[Finding]:
        """An offer waits until it is answered, or its connection is closed."""
        if isinstance(seen.fact, ConnectionOffer) and seen.fact.side == "local":
            self._offers.came(seen.fact.connection)
            self._offers.wait(seen.fact.connection, seen)
        elif isinstance(seen.fact, ConnectionProblem):
            self._offers.came(seen.fact.connection)  # an answer that was refused has its own name
        elif isinstance(seen.fact, Signalled) and (seen.fact.status or 500) >= 400:
            self._offers.clear()  # so has an offer that was refused
        for name, connection in self.state.connections.items():
            if connection.answered is not None or connection.closed is not None:
                self._offers.came(name)
        for _, offer in self._offers.due(seen.t_s):
            cause = f"Nothing answered the offer for {ANSWERED_S:g} s."
            yield AnswerNeverApplied.by(cause, offer.event)


class DescriptionRule(Rule):
    """Operations on a connection that the browser refused."""

    finds = (AnswerAppliedTwice, OffersCollide, DescriptionRefused)

    def on(self, seen: Seen) -> Iterator[Finding]:
        """By the operation and the state that it was refused in."""
        if not isinstance(seen.fact, ConnectionProblem) or seen.fact.operation == ADD_CANDIDATE:
            return
        fact, connection = seen.fact, self.state.connection(seen.fact.connection)
        cause = refusal(fact.operation, fact.message)
        if WRONG_STATE not in fact.message:
            kind: type[Finding] = DescriptionRefused
        elif "stable" in fact.message.rpartition(WRONG_STATE)[2]:
            kind = AnswerAppliedTwice
        else:
            kind = OffersCollide
        offered = connection.offered if connection is not None else None
        events = (seen.event, *((offered.event,) if offered else ()))
        yield kind.by(cause, *events, page_line=fact.line)


RULES = (RequestsRule, AnswerRule, DescriptionRule)
