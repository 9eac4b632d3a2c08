"""Candidates that the browser refuses, and those that the page did not need."""

from __future__ import annotations

from harness.facts.connection import (
    ConnectionAnswer,
    ConnectionCreated,
    ConnectionOffer,
    ConnectionProblem,
)
from harness.findings.candidates import refusal
from tests.support.healthy_call import HEALTHY, HOST, PEER, At, found_in, sdp

EARLY = "The remote description was null"
OTHER = "connection-1"
LINE = "http://a/call.js:4:2"


def refused(t_s: float, fragment: str = "", connection: str = PEER) -> At:
    line = f"{HOST} generation 0 ufrag {fragment} network-id 1" if fragment else HOST
    return t_s, ConnectionProblem(
        connection, "addIceCandidate", EARLY, "http://a/call.js:4:2", line
    )


def described(t_s: float, *fragments: str, connection: str = PEER) -> At:
    text = sdp() + "".join(f"a=ice-ufrag:{one}\r\n" for one in fragments)
    return t_s, ConnectionAnswer(connection, "remote", text)


def offered(t_s: float, connection: str) -> list[At]:
    return [
        (t_s, ConnectionCreated(connection, {})),
        (t_s + 0.01, ConnectionOffer(connection, "local", sdp())),
    ]


def names(*facts: At) -> list[str]:
    return [one.name for one in found_in(HEALTHY, *facts)]


def test_one_that_tells_no_description_is_told_at_once() -> None:
    (found,) = found_in(HEALTHY, refused(2.0))
    assert (found.name, found.page_line) == ("candidate_refused", LINE)
    assert EARLY in found.cause


def test_one_that_comes_after_its_description_is_told_at_once() -> None:
    assert names(refused(2.0, "abcd")) == ["candidate_refused"]


def test_one_that_came_too_early_is_told_with_its_description() -> None:
    facts = [*offered(2.0, OTHER), refused(2.1, "abcd", OTHER)]
    assert names(*facts, described(2.2, "abcd", connection=OTHER)) == ["candidate_refused"]
    assert names(*facts, described(2.2, connection=OTHER)) == ["candidate_refused"], "nobody knows"


def test_one_of_an_offer_that_was_ignored_is_none() -> None:
    """Perfect negotiation: the impolite side cannot tell them from those that it needs."""
    facts = [*offered(2.0, OTHER), refused(2.1, "abcd", OTHER), refused(2.1, "abcd", OTHER)]
    assert names(*facts, described(2.2, "efgh", connection=OTHER)) == []


def test_the_description_of_another_connection_says_nothing() -> None:
    facts = [*offered(2.0, OTHER), refused(2.1, "abcd", OTHER), described(2.2, "efgh")]
    assert names(*facts) == ["candidate_refused"]
    assert names(*facts, described(2.3, "efgh", connection=OTHER)) == []


def test_where_no_description_comes_it_is_told_in_the_end() -> None:
    facts = [*offered(2.0, OTHER), refused(2.1, "abcd", OTHER)]
    assert names(*facts) == ["candidate_refused"]


def test_what_the_browser_quotes_is_shortened() -> None:
    cause = refusal("setRemoteDescription", "Failed to parse\r\n" + "a=candidate 1\n" * 400)
    assert cause.startswith("setRemoteDescription was refused: Failed to parse a=candidate 1 a=")
    assert cause.endswith("….")
    assert len(cause) < 300
    assert refusal("addIceCandidate", "No.") == "addIceCandidate was refused: No."
