"""Something to say, as a scenario has it: a recording, or a text to be synthesised."""

from __future__ import annotations

from typing import Annotated, Literal, Self

from pydantic import Field, model_validator

from harness.plain_data import Data


class Speech(Data):
    """Something to say: a recording, or a text to synthesise."""

    file: str | None = Field(
        default=None, description="a fixture's name, or an audio file relative to the scenario"
    )
    text: str | None = Field(
        default=None, description="what to synthesise; with `file`, what the recording says"
    )
    voice: str | None = Field(
        default=None, description="the synthetic voice, where `text` is synthesised"
    )
    language: Annotated[str, Field(pattern=r"^[a-z]{2,3}(-[A-Za-z0-9]+)*$")] | None = Field(
        default=None, description="of `text`, as `en`; an engine has to speak it"
    )
    gain: Annotated[float, Field(gt=0, le=10)] = Field(default=1.0, description="loudness factor")
    channel: Literal["left", "right"] | None = Field(
        default=None,
        description="the channel to speak of a recording with two talks, as of a call",
    )
    speech: bool = Field(
        default=True, description="false: nobody speaks in `file`, and it is played all the same"
    )

    @model_validator(mode="after")
    def _has_something(self) -> Self:
        if self.file is None and self.text is None:
            raise ValueError("needs `file` (a recording) or `text` (to be synthesised)")
        if self.file is None and (self.channel is not None or not self.speech):
            raise ValueError("`channel` and `speech` are about a recording: give its `file`")
        return self


class Say(Speech):
    """Something to say in a step of its own."""

    wait: bool = Field(
        default=True, description="false: the next step comes as soon as this one is being said"
    )
    queue: bool = Field(
        default=False,
        description="true: begin at the very sample behind what is being said already",
    )


class StopSpeaking(Data):
    """The user says no more of what is being said."""

    fade_ms: Annotated[float, Field(ge=0, le=10_000)] = Field(
        default=20.0, description="how long it takes to be silent"
    )
