"""The shape of numbers in ``results.json`` that stand for more than one moment.

Counts of faults in the taking of turns, rates from getStats, and each number summed up over turns.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from typing import Annotated, Any, Protocol

from pydantic import BaseModel, ConfigDict, Field, PlainSerializer, model_serializer

from harness.score.summary import Measured, summary_of

Seconds = Annotated[float, PlainSerializer(lambda value: round(value, 3), return_type=float)]
Ratio = Annotated[float, PlainSerializer(lambda value: round(value, 4), return_type=float)]


class _Sparse(BaseModel):
    """A model of numbers, of which those that did not happen are left out."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    @model_serializer(mode="wrap")
    def _leave_out_what_did_not_happen(self, handler: Any) -> dict[str, Any]:
        return {key: value for key, value in handler(self).items() if value is not None}


class Conduct(_Sparse):
    """Faults in the taking of turns, counted; absent where nothing could have shown one."""

    cut_offs: int | None = Field(
        default=None, description="answers that began in a pause of the user's turn"
    )
    double_answers: int | None = Field(
        default=None, description="turns answered twice though nobody asked for it"
    )
    restarts: int | None = Field(
        default=None, description="interrupted answers that began again from their first words"
    )
    false_interruptions: int | None = Field(
        default=None, description="answers that stopped while the microphone was silent"
    )
    echo_interruptions: int | None = Field(
        default=None, description="answers that stopped for sound in the microphone of no user"
    )
    backchannels: int | None = Field(
        default=None, description="utterances under 0.7 s over an answer, not meant to interrupt"
    )
    backchannel_stops: int | None = Field(
        default=None, description="of these, those that stopped the answer"
    )


class MediaRates(_Sparse):
    """From getStats, as rates; the window's edges are no finer than a second."""

    concealed_ratio: Ratio | None = Field(
        default=None, description="concealed samples / samples received"
    )
    silent_ratio: Ratio | None = Field(
        default=None, description="of these, silence that was played where no packet came for long"
    )
    jitter_buffer_s: Seconds | None = Field(
        default=None, description="mean time that a sample waited in the jitter buffer"
    )
    lost_ratio: Ratio | None = Field(default=None, description="packets lost / (lost + received)")
    jitter_s: Annotated[
        float | None, PlainSerializer(lambda value: None if value is None else round(value, 5))
    ] = Field(default=None, description="mean jitter that the reports tell")
    round_trip_s: Seconds | None = Field(
        default=None, description="mean round trip of connectivity checks"
    )


class NumberSummary(_Sparse):
    """One number over turns or runs, in its own unit: seconds, or a ratio."""

    count: int = Field(description="how often it happened")
    median: Seconds
    median_low: Seconds | None = Field(
        default=None, description="95 % confidence; absent of fewer than 6"
    )
    median_high: Seconds | None = None
    p95: Seconds | None = Field(default=None, description="absent of fewer than 20")
    p95_low: Seconds | None = None
    p95_high: Seconds | None = Field(default=None, description="absent of fewer than 72")
    largest: Seconds
    uncertainty: Seconds | None = Field(
        default=None, description="the largest of the values' own, either way, in 95 of 100 cases"
    )
    why_no_p95: str | None = Field(default=None, description="why p95 is withheld")


class BudgetValue(_Sparse):
    """A number of one turn that a budget across runs is about; empty where it did not happen."""

    value: Seconds | None = None
    uncertainty: Seconds | None = Field(
        default=None, description="in 95 of 100 cases the truth lies this near, either way"
    )


class HasNumbers(Protocol):
    """A turn of the results."""

    @property
    def latencies(self) -> BaseModel:
        """Its latencies and their uncertainties."""

    @property
    def quality(self) -> BaseModel:
        """How it sounded."""


_SUMMED_UP = {
    "voice_to_voice_s": "latencies",
    "endpointing_s": "latencies",
    "time_to_first_event_s": "latencies",
    "barge_in_reaction_s": "latencies",
    "dead_air_s": "quality",
    "word_error_rate": "quality",
}
"""Numbers of turns, and where they stand in one."""


def numbers_of(turns: Sequence[HasNumbers]) -> dict[str, NumberSummary]:
    """Each number over these turns; what never happened is left out."""
    found = {}
    for name, part in _SUMMED_UP.items():
        doubt = name.removesuffix("_s") + "_uncertainty_s"
        parts = [getattr(turn, part) for turn in turns]
        values = [
            None
            if (value := getattr(one, name)) is None
            else Measured(value, getattr(one, doubt, None))
            for one in parts
        ]
        summary = summary_of(values)
        if summary is not None:
            facts = {**asdict(summary), "why_no_p95": summary.why_no_p95}
            found[name] = NumberSummary.model_validate(facts)
    return found
