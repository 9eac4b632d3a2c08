"""The context as a scenario names it."""

from __future__ import annotations

from pydantic import Field

from harness.plain_data import Data


class ContextUse(Data):
    """A context file, and the user whose context it is."""

    file: str = Field(description="a context's YAML file, relative to this one")
    user: str | None = Field(
        default=None, description="whose it is, where each user has one (owner: user)"
    )
    approve: list[str] = Field(
        default_factory=list,
        description="tools of its tool servers that may be called where the context wants "
        "somebody's yes; no others",
    )
