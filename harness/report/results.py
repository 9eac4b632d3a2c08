"""The shape of ``results.json``, version 1: what a machine reads after a run.

All times are seconds, rounded to the millisecond; a name ending in ``_s`` without another word is
a duration, ``start_s``/``end_s``/``at_s`` are places on the call's timeline. A number that did not
happen is absent, never 0. The JSON Schema in ``schemas/`` is generated from these models.
"""

from __future__ import annotations

import json
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, PlainSerializer, model_serializer

from harness.report.finding_results import FindingResult
from harness.report.number_results import (
    BudgetValue,
    Conduct,
    MediaRates,
    NumberSummary,
    numbers_of,
)
from harness.report.suite_results import SuiteSummary

VERSION: Literal[1] = 1

Verdict = Literal["passed", "failed", "cannot_tell", "error"]
"""Of a run. "cannot_tell": nothing failed, and something could not be decided by what was heard."""

WORST_FIRST: tuple[Verdict, ...] = ("error", "failed", "cannot_tell", "passed")

Milliseconds = PlainSerializer(lambda value: round(value, 3), return_type=float)
Seconds = Annotated[float, Milliseconds]
"""Seconds, written with millisecond precision: finer digits would be noise."""

Ratio = Annotated[float, PlainSerializer(lambda value: round(value, 4), return_type=float)]


class _Model(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class _Sparse(_Model):
    """A model of numbers, of which those that did not happen are left out."""

    @model_serializer(mode="wrap")
    def _leave_out_what_did_not_happen(self, handler: Any) -> dict[str, Any]:
        return {key: value for key, value in handler(self).items() if value is not None}


class Said(_Model):
    """What the microphone sent in one turn."""

    text: str | None = Field(description="the words, where the fixture or scenario knows them")
    file: str | None = Field(description="the audio file that was played, or null")
    start_s: Seconds = Field(description="first voiced sample sent")
    end_s: Seconds = Field(description="last voiced sample sent")


class Heard(_Model):
    """What came out of the remote audio track, judged from the samples."""

    start_s: Seconds = Field(description="first voiced sample heard")
    end_s: Seconds = Field(description="last voiced sample heard")
    recognised: str | None = Field(description="what a recogniser hears in these samples")
    transcript: str | None = Field(description="what the other side says that it said")


class ToolCall(_Model):
    """A function that the assistant asked for."""

    name: str
    arguments: Any = Field(description="as sent; parsed where it is JSON")
    at_s: Seconds | None = None


class Answer(_Model):
    """What the other side claims about its answer; `Heard` is what the audio says."""

    status: str | None = Field(description="completed, cancelled, incomplete, failed; null: open")
    reason: str | None = Field(default=None, description="why, where the other side said so")
    text: str | None = Field(description="the words of the answer, all of them")
    tools: list[ToolCall] = Field(default_factory=list)


class Latencies(_Sparse):
    """Seconds; a latency that did not happen is absent."""

    voice_to_voice_s: Seconds | None = Field(
        default=None, description="last voiced sample sent -> first voiced sample heard"
    )
    voice_to_voice_uncertainty_s: Seconds | None = Field(
        default=None, description="in 95 of 100 cases the truth lies this near, either way"
    )
    path_s: Seconds | None = Field(
        default=None, description="what of voice to voice the path itself cost, as calibrated"
    )
    path_uncertainty_s: Seconds | None = Field(
        default=None, description="in 95 of 100 cases the truth lies this near, either way"
    )
    beyond_path_s: Seconds | None = Field(
        default=None, description="what of voice to voice remains without the path"
    )
    endpointing_s: Seconds | None = Field(
        default=None, description="last voiced sample sent -> the other side says speech stopped"
    )
    time_to_first_event_s: Seconds | None = Field(
        default=None, description="speech stopped (or turn committed) -> first answer event"
    )
    barge_in_reaction_s: Seconds | None = Field(
        default=None,
        description="first voiced sample of the interruption -> last voiced sample of this answer",
    )
    barge_in_reaction_uncertainty_s: Seconds | None = Field(
        default=None, description="in 95 of 100 cases the truth lies this near, either way"
    )


class WaitStage(_Sparse):
    """A part of the wait for an answer; all of them, in order, add up to voice to voice."""

    name: str = Field(
        description="endpointing, decision, generation, jitter buffer, page; several joined by "
        "“ + ” where nothing tells them apart"
    )
    start_s: Seconds = Field(description="where it begins on the timeline")
    end_s: Seconds = Field(description="where it ends; before its start where events overtook")
    uncertainty_s: Seconds | None = Field(
        default=None, description="of its length: in 95 of 100 cases the truth lies this near"
    )


class Quality(_Sparse):
    """How the exchange sounded; what was not measured is absent."""

    dead_air_s: Seconds | None = Field(
        default=None, description="longest stretch of the exchange with neither side voiced"
    )
    gaps: int | None = Field(default=None, description="breaks of 60 ms or more inside speech")
    longest_gap_s: Seconds | None = None
    word_error_rate: Ratio | None = Field(
        default=None, description="transcript against what recognition hears; 0.05 is 5 %"
    )
    pesq: Ratio | None = Field(
        default=None, description="the answer as heard against its recording: PESQ wide band"
    )
    stoi: Ratio | None = Field(default=None, description="the same: STOI, 0 to 1")
    received_pesq: Ratio | None = Field(
        default=None, description="the user as the server received them against their clip: PESQ"
    )
    received_stoi: Ratio | None = Field(default=None, description="the same: STOI, 0 to 1")


class Turn(_Model):
    """One exchange: what was said, and the answer to it."""

    index: int = Field(description="from 1, in the order of the call")
    said: Said | None = Field(description="null where the assistant speaks first")
    user_transcript: str | None = Field(description="what the other side understood")
    heard: Heard | None = Field(description="null where nothing was heard")
    answer: Answer | None = None
    interrupted: bool = Field(description="the answer was cut by the user speaking")
    latencies: Latencies
    stages: list[WaitStage] = Field(
        default_factory=list, description="of voice to voice; empty where there is none"
    )
    not_told: list[str] = Field(
        default_factory=list,
        description="moments of the wait that nothing told of: speech_stopped, answer_created, "
        "first_packet, first_received",
    )
    quality: Quality = Quality()
    media: MediaRates = Field(
        default=MediaRates(), description="from the turn's first sound to the last of its answer"
    )


class HeardBy(_Model):
    """What one ear made of the audio that an expectation was judged by."""

    ear: str = Field(description="engine, model and version")
    text: str = Field(description="what it heard; empty where it heard no word")
    least_sure: Ratio | None = Field(
        default=None, description="probability of the word it was least sure of, 0 to 1"
    )
    problem: str | None = Field(default=None, description="why it could not listen")


class Expectation(_Model):
    """One thing the scenario expected, and what happened."""

    step: int | None
    kind: str
    text: str = Field(description="the expectation, as a sentence")
    verdict: Literal["passed", "failed", "cannot_tell", "error", "skipped"] = Field(
        description="cannot_tell: what was heard does not decide it; it fails the run"
    )
    evidence: str | None = Field(description="what was found, in words")
    at_s: Seconds | None = Field(default=None, description="where on the timeline")
    start_s: Seconds | None = Field(default=None, description="where its evidence begins")
    end_s: Seconds | None = Field(default=None, description="where its evidence ends")
    ears: list[HeardBy] = Field(
        default_factory=list, description="who heard what, the most trusted first"
    )
    soft: bool = Field(default=False, description="noted alone: nothing fails by it")


class Failure(_Model):
    """Why a scenario could not be run to its end."""

    kind: str = Field(description="the error's name, such as PeerLost")
    message: str
    at_s: Seconds | None = None


class TimeLine(_Model):
    """What the times of this result refer to."""

    zero: str = "the call was opened"
    uncertainty_s: Annotated[float, PlainSerializer(lambda v: round(v, 4))] | None = Field(
        default=None, description="how far page events may be off against the audio"
    )
    held_up_s: Annotated[float, PlainSerializer(lambda v: round(v, 4))] | None = Field(
        default=None,
        description="how long the page's audio stood still in all, because the machine was busy",
    )
    speech_edges: str = Field(description="how the edges of speech were found")
    path: str | None = Field(
        default=None, description="what the path itself costs, and how that was found, in words"
    )


class Connect(_Sparse):
    """From the page's first getUserMedia call; absent where it did not get there."""

    data_channel_s: Seconds | None = None
    first_audio_s: Seconds | None = None


class CallMetrics(_Sparse):
    """Numbers of the call as a whole."""

    talk_over_s: Seconds | None = None
    dead_air_s: Seconds | None = None
    concealed_ratio: Ratio | None = Field(
        default=None, description="concealed samples / samples received, from getStats"
    )


class NetworkWay(_Sparse):
    """One direction of the network in one period."""

    asked: str = Field(description="what its packets meet, in words")
    packets: int | None = Field(default=None, description="that came to the relay")
    dropped: int | None = Field(
        default=None, description="of these, lost, in a blackout, or for want of room"
    )
    delay_s: Seconds | None = Field(
        default=None, description="mean delay of those that the relay passed on"
    )
    stats_loss: Ratio | None = Field(
        default=None, description="share of RTP packets lost by getStats; 0.05 is 5 %"
    )


class NetworkPeriod(_Sparse):
    """The network from one change to the next."""

    name: str = Field(description="the profile or its stage; empty for conditions without a name")
    start_s: Seconds
    end_s: Seconds | None = Field(default=None, description="absent where the run broke off")
    up: NetworkWay = Field(description="from the page to the remote peer")
    down: NetworkWay = Field(description="from the remote peer to the page")
    stats_round_trip_s: Seconds | None = Field(
        default=None, description="getStats: the last connectivity check answered in the period"
    )
    stats_jitter_s: Seconds | None = Field(default=None, description="getStats: of the audio")
    stats_bytes: int | None = Field(default=None, description="getStats: of the audio that came")


class ScenarioResult(_Model):
    """One scenario, run once."""

    name: str
    description: str | None = None
    engine: str
    protocol: str | None = Field(
        default=None, description="the voice protocol and what carried it; none: by ear alone"
    )
    verdict: Verdict
    conversation_s: Seconds | None = Field(description="from call opened to call closed")
    wall_s: Seconds | None = Field(description="the whole run, with set-up and clean-up")
    started_at: str | None = Field(default=None, description="wall-clock time, ISO 8601")
    connect: Connect = Connect()
    metrics: CallMetrics = CallMetrics()
    conduct: Conduct = Conduct()
    media: MediaRates = MediaRates()
    numbers: dict[str, NumberSummary] = Field(
        default_factory=dict, description="each number over the turns of this call"
    )
    budget_values: dict[str, list[BudgetValue]] = Field(
        default_factory=dict, description="for budgets across runs: one of each turn, by number"
    )
    network: list[NetworkPeriod] = Field(
        default_factory=list, description="empty where no network was asked for"
    )
    turns: list[Turn]
    expectations: list[Expectation]
    artifacts: dict[str, str] = Field(description="name -> path, relative to results.json")
    error: Failure | None = None
    time_line: TimeLine
    notes: list[str] = Field(default_factory=list)
    findings: list[FindingResult] = Field(
        default_factory=list, description="what is wrong with the call; the gravest first"
    )


class Results(_Model):
    """The whole of ``results.json``."""

    version: Literal[1] = VERSION
    verdict: Verdict
    counts: dict[Verdict, int]
    scenarios: list[ScenarioResult]
    numbers: dict[str, NumberSummary] = Field(
        default_factory=dict, description="each number over the turns of all scenarios"
    )
    suite: SuiteSummary | None = Field(
        default=None, description="where a suite was run: its scenarios, each over all its runs"
    )

    @model_serializer(mode="wrap")
    def _leave_out_a_suite_that_was_not_run(self, handler: Any) -> dict[str, Any]:
        return {k: v for k, v in handler(self).items() if k != "suite" or v is not None}


def collect(scenarios: list[ScenarioResult]) -> Results:
    """Several scenarios as one object; the worst verdict is the verdict of the whole."""
    counts: dict[Verdict, int] = {"passed": 0, "failed": 0, "cannot_tell": 0, "error": 0}
    for scenario in scenarios:
        counts[scenario.verdict] += 1
    worst: Verdict = next((verdict for verdict in WORST_FIRST if counts[verdict]), "passed")
    numbers = numbers_of([turn for scenario in scenarios for turn in scenario.turns])
    return Results(verdict=worst, counts=counts, scenarios=scenarios, numbers=numbers)


def results_json(results: Results) -> str:
    """The text of ``results.json``: one JSON object, indented, with a newline at its end."""
    return json.dumps(results.model_dump(mode="json"), ensure_ascii=False, indent=2) + "\n"


def results_schema() -> dict[str, Any]:
    """The JSON Schema of ``results.json``; ``schemas/results.schema.json`` is its copy."""
    schema = Results.model_json_schema(mode="validation")
    return {"$schema": "https://json-schema.org/draft/2020-12/schema", **schema}
