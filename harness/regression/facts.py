"""Facts of runs that a comparison is made of; a baseline is these, written down."""

from __future__ import annotations

from typing import Literal

from pydantic import ConfigDict, Field

from harness.plain_data import Data
from harness.regression.recorded import RecordedAnswer
from harness.score.voice_print import VoicePrint

MEASURES = {
    "voice_to_voice": "voice to voice",
    "endpointing": "endpointing",
    "time_to_first_event": "time to first event",
    "barge_in_reaction": "barge-in reaction",
}
"""Latencies that are compared, as they are kept, and in words. Smaller is better in all."""


RECORDING = "recording"
"""The engine of a call that no run held: it was recorded elsewhere, and only its sound is known."""


class TurnFacts(Data):
    """One exchange of one run. A number that is not known is absent, and never NaN."""

    model_config = ConfigDict(allow_inf_nan=False)

    said: str | None = Field(default=None, description="by the user; null: nobody asked")
    understood: str | None = None
    answer: str | None = Field(default=None, description="what the answer says that it says")
    heard: str | None = Field(default=None, description="what a recogniser hears of it")
    audible: bool = True
    status: str | None = None
    interrupted: bool = False
    tools: tuple[str, ...] = Field(default=(), description="name(arguments), in order")
    times_ms: dict[str, float] = Field(default_factory=dict, description="by names of MEASURES")
    uncertain_ms: dict[str, float] = Field(
        default_factory=dict, description="95 of 100 lie this near, either way"
    )
    speech_s: float | None = Field(default=None, description="from first to last voiced sample")
    level_dbfs: float | None = Field(default=None, description="RMS of the answer's samples")
    ratings: dict[str, float] = Field(
        default_factory=dict, description="PESQ and STOI, where the scenario has a reference"
    )
    events_ms: dict[str, float] = Field(
        default_factory=dict,
        description="when each kind of event of the conversation first came in the turn, in order",
    )
    audio: str | None = Field(
        default=None, description="SHA-256 of the answer's FLAC, kept beside a baseline"
    )
    recorded: RecordedAnswer | None = Field(default=None, exclude=True)
    voice: VoicePrint | None = Field(default=None, exclude=True)

    @property
    def is_answered(self) -> bool:
        """Whether there is an answer at all, be it a call of a tool."""
        return self.audible or bool(self.answer) or bool(self.tools)


class RunFacts(Data):
    """One run of one scenario."""

    verdict: Literal["passed", "failed", "cannot_tell", "error"] = "passed"
    reason: str | None = Field(default=None, description="what failed first, in words")
    turns: tuple[TurnFacts, ...] = ()
    events: tuple[str, ...] = Field(
        default=(), description="kinds of events of the conversation, in order of appearance"
    )


class ScenarioFacts(Data):
    """One scenario in one engine, over its runs; retries are none of them."""

    name: str
    engine: str
    protocol: str | None = None
    expects: tuple[str, ...] = Field(default=(), description="its expectations, as sentences")
    runs: tuple[RunFacts, ...] = Field(min_length=1)

    @property
    def said(self) -> tuple[str, ...]:
        """What the user says, of the run that came furthest."""
        each = [tuple(turn.said for turn in run.turns if turn.said) for run in self.runs]
        return max(each, key=len)

    @property
    def is_recording(self) -> bool:
        """Whether nothing is known of it but its sound."""
        return self.engine == RECORDING


class Calls(Data):
    """All that is known of one side of a comparison."""

    source: str = Field(default="", description="where it was read")
    machine: str | None = Field(default=None, description="its class: system, processor, cores")
    model: str | None = None
    scenarios: tuple[ScenarioFacts, ...] = ()
    missing_audio: int = Field(
        default=0, exclude=True, description="answers whose audio was kept, and is not there"
    )
