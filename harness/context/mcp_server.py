"""The tool server (MCP) of a context, as data: how it is reached, and what it may do."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field, model_validator

from harness.context.program import Program, Variable
from harness.plain_data import Data

ANSWERS_WITHIN_S = 10.0


class McpPrompt(Data):
    """A prompt of a tool server that a context uses."""

    name: str = Field(min_length=1, description="as the server calls it")
    arguments: dict[str, str] = Field(
        default_factory=dict, description="what the server puts into it"
    )


class McpServer(Program):
    """A server of tools: a program that is started for the call, or one that is there already."""

    name: str = Field(
        pattern=r"^[A-Za-z0-9_-]{1,30}$", description="as it is called in the trace and in errors"
    )
    command: Annotated[list[str], Field(min_length=1)] | None = Field(
        default=None,
        description="a program that speaks MCP on its standard input and output, and its "
        "arguments; `python` is the Python that the harness runs in",
    )
    url: str | None = Field(
        default=None, pattern="^https?://", description="a server that speaks streamable HTTP"
    )
    token_env: Variable | None = Field(
        default=None,
        description="variable of the environment that holds the server's bearer token",
    )
    tools: list[str] | None = Field(
        default=None, description="which of its tools are on offer; absent: all"
    )
    resources: bool = Field(
        default=False, description="true: its resources can be read, by a tool `read_NAME`"
    )
    prompts: list[McpPrompt] = Field(
        default_factory=list,
        description="its prompts that are a part of each call's instructions, after the context's "
        "own",
    )
    needs_approval: Literal["all"] | list[str] = Field(
        default_factory=list,
        description="tools that are called only when somebody agrees each time: their names, or "
        "`all`",
    )
    within_s: Annotated[float, Field(gt=0, le=600)] = Field(
        default=ANSWERS_WITHIN_S, description="how long it may take, for its list and for each call"
    )

    @model_validator(mode="after")
    def _has_one_way(self) -> McpServer:
        if (self.command is None) == (self.url is None):
            raise ValueError("a tool server needs one of `command` and `url`")
        if self.command is not None and self.token_env is not None:
            raise ValueError("`token_env` is for a `url`; a program gets its variables by `env`")
        return self

    def is_offered(self, tool: str) -> bool:
        """Whether the context wants this tool of it."""
        is_reading = self.resources and tool == self.reading_tool
        return self.tools is None or tool in self.tools or is_reading

    @property
    def reading_tool(self) -> str:
        """Name of the tool that reads its resources."""
        return f"read_{self.name}"

    def is_asked_for(self, tool: str) -> bool:
        """Whether somebody has to agree to each call of it."""
        return self.needs_approval == "all" or tool in self.needs_approval
