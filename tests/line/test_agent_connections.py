"""Which of a page's connections is the agent's."""

from __future__ import annotations

import pytest

from harness.errors import UsageError
from harness.line.agent_connections import AgentConnections
from harness.line.envelope import Envelope


def told(type_: str, **data: object) -> Envelope:
    return Envelope(v=1, frame_id="top", seq=0, page_ms=0, type=type_, data=data)


def page(choice: str = "auto", sounding: int = 2) -> AgentConnections:
    """A page on whose first connections sound comes."""
    agent = AgentConnections(choice)
    for number in range(sounding):
        agent.receive(told("tap.started", connection=f"connection-{number}", track="t"))
    return agent


def judged(agent: AgentConnections, count: int = 3) -> list[int]:
    return [n for n in range(count) if agent.is_judged("top", f"connection-{n}")]


def test_as_long_as_nobody_speaks_a_protocol_all_are_judged() -> None:
    assert judged(page()) == [0, 1, 2]


def test_the_one_that_speaks_the_protocol_is_the_agents() -> None:
    agent = page()
    agent.speaks("top", "connection-1")
    assert judged(agent) == [1]


def test_one_that_speaks_and_does_not_sound_says_nothing_of_the_sound() -> None:
    """As where one connection carries the events and another one the audio."""
    agent = page()
    agent.speaks("top", "connection-2")
    assert judged(agent) == [0, 1, 2]


def test_two_that_speak_the_protocol_are_both_judged() -> None:
    agent = page()
    for name in ("connection-0", "connection-1"):
        agent.speaks("top", name)
    assert judged(agent) == [0, 1]


def test_the_page_s_own_sound_is_always_judged() -> None:
    agent = page()
    agent.speaks("top", "connection-1")
    assert agent.is_judged("top", "")
    assert page("connection-5").is_judged("top", "")


def test_when_the_agent_s_is_over_another_one_is_still_another_s() -> None:
    """A page may call again; until somebody speaks there, its new connection counts."""
    agent = page()
    agent.speaks("top", "connection-1")
    assert judged(agent, 2) == [1]
    agent.receive(told("peer_connection.closed", connection="connection-1"))
    assert judged(agent, 4) == [1, 2, 3]
    agent.speaks("top", "connection-0")
    assert judged(agent, 2) == [0, 1]


def test_a_document_that_goes_takes_its_connections_with_it() -> None:
    agent = page()
    agent.speaks("top", "connection-1")
    agent.receive(told("page.unloaded", url=""))
    assert judged(agent) == [0, 1, 2]


def test_one_is_named_by_its_number_or_by_its_data_channel() -> None:
    assert judged(page("all")) == [0, 1, 2]
    assert judged(page("connection-1")) == [1]
    agent = page("channel:oai-events")
    assert judged(agent) == []
    agent.receive(told("data_channel.created", connection="connection-0", label="oai-events"))
    assert judged(agent) == [0]


def test_a_name_that_no_connection_has_is_noticed() -> None:
    assert page("connection-7").missing
    assert page("connection-7").names == ["connection-0", "connection-1"]
    assert not page("connection-1").missing
    assert not page("auto", sounding=0).missing


@pytest.mark.parametrize("choice", ["", "1", "connection-", "channel:", "first", "connection-1 "])
def test_what_names_none_is_refused(choice: str) -> None:
    with pytest.raises(UsageError, match="names no connection"):
        AgentConnections(choice)
