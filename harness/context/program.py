"""A program as a context names it: its command, where it runs, and what it gets."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Self

from pydantic import Field, model_validator

from harness.plain_data import Data

VARIABLE = r"^[A-Za-z_][A-Za-z0-9_]*$"

Variable = Annotated[str, Field(pattern=VARIABLE)]


class Program(Data):
    """What may be a program of yours: a tool server, and whoever does long work."""

    command: Annotated[list[str], Field(min_length=1)] | None = Field(
        default=None,
        description="a program and its arguments; `python` is the Python that the harness runs in",
    )
    folder: str | None = Field(
        default=None, description="where the program runs, relative to this file; absent: beside it"
    )
    env: list[Variable] = Field(
        default_factory=list,
        description="variables of the environment that the program gets, beside PATH, HOME and "
        "their like",
    )

    @model_validator(mode="after")
    def _has_a_command(self) -> Self:
        if self.command is None and (self.folder is not None or self.env):
            raise ValueError("`folder` and `env` are for a `command`")
        return self

    def beside(self, folder: Path) -> Self:
        """As a file in that folder names it: whoever starts it later may be in another one."""
        if self.command is None:
            return self
        where = str((folder / (self.folder or ".")).absolute())
        return self.model_copy(update={"folder": where})
