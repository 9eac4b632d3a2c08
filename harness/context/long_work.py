"""Long work of a context's tool, as data: who does it, and what becomes of it."""

from __future__ import annotations

from typing import Annotated, Any

from pydantic import Field, model_validator

from harness.context.program import Program, Variable

DONE_WITHIN_S = 600.0
GOES_ON_S = 10.0
VIRTUALLY_S = 3.0
AT_ONCE = (
    "This takes a while and is being worked on. Say so in a few words, and go on with the "
    "conversation. The result comes by itself, as another call of this tool."
)

QUESTION = {
    "type": "object",
    "properties": {"question": {"type": "string", "description": "with all that is to be known"}},
    "required": ["question"],
}


class LongWork(Program):
    """A program, or a model behind the Responses API, that works while the call goes on."""

    command: Annotated[list[str], Field(min_length=1)] | None = Field(
        default=None,
        description="a program: the tool's arguments come as JSON on its standard input, what it "
        "prints is the result, each line of its standard error tells how far it is",
    )
    url: str | None = Field(
        default=None,
        pattern="^https?://",
        description="where the Responses API is, such as https://api.openai.com/v1; asked in the "
        "background",
    )
    model: str | None = Field(default=None, description="which model is asked there")
    token_env: Variable | None = Field(
        default=None, description="variable of the environment that holds the key for `url`"
    )
    instructions: str | None = Field(default=None, description="what that model is told")
    tools: list[dict[str, Any]] = Field(
        default_factory=list,
        description="tools of that model, as the Responses API takes them (web search, file "
        "search, MCP)",
    )
    replaces: bool = Field(
        default=False, description="true: a newer call of this tool ends an older one"
    )
    at_once: str = Field(
        default=AT_ONCE, description="what the model gets at once, as the tool's result"
    )
    within_s: Annotated[float, Field(gt=0, le=86_400)] = Field(
        default=DONE_WITHIN_S, description="how long it may take"
    )
    goes_on_s: Annotated[float, Field(ge=0, le=3600)] = Field(
        default=GOES_ON_S,
        description="how long it may go on when the call has ended; then its result goes into the "
        "thread",
    )
    virtual_s: Annotated[float, Field(ge=0)] = Field(
        default=VIRTUALLY_S,
        description="how long a program or a model takes where time is virtual",
    )

    @model_validator(mode="after")
    def _is_of_one_kind(self) -> LongWork:
        if self.command is not None and self.url is not None:
            raise ValueError("long work has one of `command` and `url`")
        if self.url is not None and self.model is None:
            raise ValueError("`url` needs a `model`")
        if self.url is None and (self.model or self.token_env or self.instructions or self.tools):
            raise ValueError("`model`, `token_env`, `instructions` and `tools` are for a `url`")
        return self

    @property
    def is_done_elsewhere(self) -> bool:
        """By a program or a model, and not by a Python function."""
        return self.command is not None or self.url is not None
