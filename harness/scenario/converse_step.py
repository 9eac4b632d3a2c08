"""The step `converse`: a caller that thinks speaks, until their talk ends."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from harness.plain_data import Data
from harness.scenario.durations import Positive

Some = Annotated[str, Field(min_length=1)]


class Converse(Data):
    """A persona that speaks here, in place of written sentences."""

    persona: Some = Field(description="its YAML file, relative to the scenario")
    turns: Annotated[int, Field(ge=1, le=50)] | None = Field(
        default=None, description="so often it speaks at most; as the persona says where absent"
    )
    ends: Literal["done", "gave_up", "any"] = Field(
        default="done",
        description="how the talk has to end: `done` (the goal is reached), `gave_up`, or `any`",
    )
    judge: list[Some] = Field(
        default_factory=list,
        description="questions about the talk to which a model has to answer yes, with quotes",
    )
    replies: Some | None = Field(
        default=None,
        description="file of what the model wrote, relative to the scenario; beside the persona "
        "where absent",
    )
    within_s: Positive | None = Field(
        default=None, description="for each answer to be over; see defaults.answer_s"
    )
