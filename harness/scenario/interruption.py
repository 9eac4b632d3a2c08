"""The step `interrupt`: what is said into an answer, and what that must do to it."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field, model_validator

from harness.plain_data import Data
from harness.scenario.durations import Positive
from harness.scenario.said import Speech


class Interruption(Data):
    """Speak into the answer, so and so long after its first sound."""

    after_ms: Annotated[int, Field(ge=0, le=600_000)]
    say: str | Speech
    stops_within_s: Positive | None = Field(
        default=None,
        description="the answer's last sound comes at most this long after the user's first",
    )
    must_not_stop_within_s: Positive | None = Field(
        default=None,
        description="for an “mm-hmm”: it must not be cut for so long after the user's last sound",
    )
    within_s: Positive | None = Field(
        default=None, description="how long to wait for the answer to start"
    )

    @model_validator(mode="after")
    def _stops_or_goes_on(self) -> Interruption:
        if self.stops_within_s is not None and self.must_not_stop_within_s is not None:
            raise ValueError("either `stops_within_s` or `must_not_stop_within_s`, not both")
        return self
