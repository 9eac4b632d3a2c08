"""Bounds on how speech sounds, as a scenario has them: PESQ and STOI against a known clip."""

from __future__ import annotations

from typing import Annotated, Self

from pydantic import Field, model_validator

from harness.plain_data import Data


class QualityBounds(Data):
    """What the user said, as the server received it, against the clip that it was."""

    pesq_at_least: Annotated[float, Field(ge=1, le=4.64)] | None = Field(
        default=None, description="how it sounds: PESQ wide band, 1.0 to 4.64"
    )
    stoi_at_least: Annotated[float, Field(ge=0, le=1)] | None = Field(
        default=None, description="how much of it can be understood: STOI, 0 to 1"
    )

    @model_validator(mode="after")
    def _bounds_something(self) -> Self:
        if self.pesq_at_least is None and self.stoi_at_least is None:
            raise ValueError("needs `pesq_at_least` or `stoi_at_least`")
        return self

    @property
    def in_words(self) -> str:
        """As the end of a sentence."""
        bounds = [
            f"{name} of at least {least:g}"
            for name, least in (("PESQ", self.pesq_at_least), ("STOI", self.stoi_at_least))
            if least is not None
        ]
        return f"with a {' and a '.join(bounds)}"


class AnswerQuality(QualityBounds):
    """An answer as it was heard, against the recording that it plays."""

    reference: str = Field(
        description="the recording: a fixture's name, or an audio file relative to the scenario"
    )

    @property
    def sentence(self) -> str:
        """The whole expectation."""
        return f"the answer plays {self.reference} {self.in_words}"


USER_TEXT = "the server receives what the user said"
