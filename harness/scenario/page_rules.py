"""Rules of a page under test: its dialogs, its redirects, which connection is the agent's."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import AfterValidator, Field

from harness.errors import UsageError
from harness.line.agent_connections import check_agent
from harness.network.redirect_rules import SERVER, Redirect
from harness.plain_data import Data


class DialogRule(Data):
    """How a dialog of the page is answered whose text holds `contains`."""

    contains: str = Field(description="part of its text, case ignored")
    answer: Literal["accept", "dismiss"] = "accept"
    prompt: str | None = Field(default=None, description="what is typed into a prompt()")


class RedirectedAddress(Data):
    """Requests to an address, and below it, are answered on this machine."""

    from_: str = Field(alias="from", description="https://voice.example.com/v1/")
    to: str = Field(
        default=SERVER,
        description="`server` is the local server; or an address on this machine",
    )


def as_redirect(wanted: str | list[RedirectedAddress]) -> Redirect:
    """As calls take it."""
    if isinstance(wanted, str):
        return wanted
    return [{"from": rule.from_, "to": rule.to} for rule in wanted]


def _can_be_the_agent(choice: str) -> str:
    try:
        check_agent(choice)
    except UsageError as error:
        raise ValueError(f"{error.message} {error.found}; {error.expected}") from error
    return choice


Agent = Annotated[
    str,
    AfterValidator(_can_be_the_agent),
    Field(
        description="which connection is the agent's, where a page has several: `auto` is the one "
        "that speaks the protocol, `all` judges what is played of all, `connection-1` and "
        "`channel:LABEL` name one. What others play is kept and not judged"
    ),
]
