"""The cassette: one recorded session, turn by turn, as data that people read, edit and merge.

The names of the fields are chosen so that their alphabetical order is also a readable one: what
is written is sorted, and two people's edits meet in the same places.
"""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import Field, model_validator

from harness.plain_data import Data

VERSION = 1
KEY = "harness_cassette"

Seconds = Annotated[float, Field(ge=0, le=3600)]
After = Literal["said", "tool", "greeting", "idle"]
Status = Literal["completed", "cancelled", "incomplete", "failed"]


class Piece(Data):
    """A part of an answer: words, with their sound where there is some; or the call of a tool."""

    arguments: str | None = Field(default=None, description="of the tool, as JSON text")
    at_s: Seconds = Field(
        default=0.0, description="when it came, in seconds since the response was created"
    )
    audio: str | None = Field(
        default=None, description="a FLAC file of the cassette: what was received of it"
    )
    call: str | None = Field(default=None, description="name of the tool that is called")
    cut: bool = Field(default=False, description="true: its sound was cut before its words ended")
    say: str | None = Field(default=None, description="the words")
    server_label: str | None = Field(
        default=None, description="the remote (MCP) server of the tool; absent for a function"
    )

    @model_validator(mode="after")
    def _is_one_thing(self) -> Piece:
        if (self.say is None) == (self.call is None):
            raise ValueError("a piece has either `say` or `call`")
        if self.call is None and (self.arguments is not None or self.server_label is not None):
            raise ValueError("`arguments` and `server_label` belong to a `call`")
        if self.say is None and (self.audio is not None or self.cut):
            raise ValueError("`audio` and `cut` belong to `say`")
        return self


class RecordedError(Data):
    """Why a response failed."""

    code: str = "response_failed"
    message: str = ""


class RecordedAnswer(Data):
    """One response."""

    after: After = Field(
        default="said",
        description="what it answers: what the user said or typed, a tool's result, nothing new "
        "(greeting), or a long silence (idle)",
    )
    error: RecordedError | None = Field(default=None, description="why it failed")
    pieces: tuple[Piece, ...] = Field(default=(), description="in the order in which they came")
    result: str | None = Field(
        default=None, description="that tool's result; absent: any result will do"
    )
    status: Status = "completed"
    tool: str | None = Field(default=None, description="name of the tool whose result came")

    @model_validator(mode="after")
    def _names_its_tool(self) -> RecordedAnswer:
        if (self.after == "tool") != (self.tool is not None):
            raise ValueError("`tool` belongs to `after: tool`, and is needed there")
        if self.result is not None and self.tool is None:
            raise ValueError("`result` belongs to `after: tool`")
        return self


class RecordedTurn(Data):
    """One turn of the user, and the responses that came before the next one."""

    also: tuple[str, ...] = Field(
        default=(), description="other wordings that are the same turn, such as what was read out"
    )
    number: Annotated[int, Field(ge=0)] = Field(
        description="counted from 1; 0 is what came before the user's first turn"
    )
    said: str | None = Field(
        default=None, description="the user's words; absent: any words will do"
    )
    then: tuple[RecordedAnswer, ...] = Field(default=(), description="the responses, in order")
    typed: bool = Field(default=False, description="true: written, not spoken")

    @property
    def wordings(self) -> tuple[str, ...]:
        """All wordings that are known; none where any will do."""
        return (*(() if self.said is None else (self.said,)), *self.also)


class Head(Data):
    """What is known of the session as a whole."""

    engine: str | None = Field(default=None, description="what held the call")
    harness: str | None = Field(default=None, description="version that recorded it")
    harness_cassette: Literal[1] = Field(description="version of the format")
    model: str | None = None
    name: str = ""
    notes: tuple[str, ...] = Field(default=(), description="what the recording lacks, in words")
    path_s: Seconds = Field(
        default=0.0,
        description="what the way from server to ear took when this was recorded, as it was known; "
        "taken off the beginning of each sound",
    )
    recorded_at: str | None = Field(default=None, description="ISO 8601")
    server: str | None = None
    session: dict[str, Any] = Field(
        default_factory=dict, description="the session's settings, as the server told them last"
    )
    signalling: dict[str, Any] = Field(
        default_factory=dict, description="facts of the connection, without anything secret"
    )


class Cassette(Data):
    """A session: its head and its turns, in order."""

    head: Head
    turns: tuple[RecordedTurn, ...] = ()

    @model_validator(mode="after")
    def _has_each_turn_once(self) -> Cassette:
        numbers = [turn.number for turn in self.turns]
        if numbers != sorted(set(numbers)):
            raise ValueError(f"the numbers of the turns must rise; found {numbers}")
        return self

    @property
    def audio_files(self) -> list[str]:
        """All that its pieces name, in order."""
        answers = [answer for turn in self.turns for answer in turn.then]
        return [piece.audio for each in answers for piece in each.pieces if piece.audio is not None]
