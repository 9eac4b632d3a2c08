"""Results of runs, from their folders: what happened, judged by the trace and the audio alone."""

from __future__ import annotations

import os
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

from harness.audio.clip import CALL_RATE_HZ, AudioClip
from harness.protocols.agreed_channel import channel_notes
from harness.report.finding_results import finding_results
from harness.report.number_results import BudgetValue, Conduct, MediaRates, numbers_of
from harness.report.results import (
    CallMetrics,
    Connect,
    NetworkPeriod,
    Results,
    ScenarioResult,
    TimeLine,
    collect,
)
from harness.report.turns import Recognise, turns_of
from harness.report.verdicts import expectations_of, failure_of, verdict_of
from harness.score import metrics
from harness.score.agent import agent_notes
from harness.score.call_record import CallRecord, FindSpeech, load_calls
from harness.score.conduct import conduct_of
from harness.score.context_failures import context_notes
from harness.score.exchanges import Exchange, exchanges_of
from harness.score.held_up import held_up, held_up_notes
from harness.score.media_stats import media_stats
from harness.score.network_periods import network_notes, network_periods
from harness.score.path import path_in_words
from harness.score.recognised_protocol import protocol_in_words
from harness.score.redirected import redirect_notes
from harness.trace import TraceEvent

NOTHING_JUDGED = (
    "Nothing was judged: the scenario has no expectation, so it passes whatever is heard. "
    "Give it one, such as `expect: {words: [table]}`."
)
"""The note of a scenario without a verdict of its own."""

ONLY_SOFT = (
    "Nothing was judged: every expectation is soft, so the scenario passes whatever is heard. "
    "Leave `soft` out of one."
)
"""The same where it has some, and none of them counts."""

_LOSSES = {
    "gap_frames": "{ms:.0f} ms of audio is missing in the recording, and is silence there",
    "overlap_frames": "{ms:.0f} ms of audio came twice; the recording has what came later",
    "beyond_end_frames": "{ms:.0f} ms of audio lies behind the longest recording, and is not in it",
    "heard_dropped": "{count} pieces of heard audio were dropped by a full stream",
    "sent_dropped": "{count} pieces of sent audio were dropped by a full stream",
}
"""Facts of "call.closed" that nobody may lose silently."""

FRAMES_PER_MS = CALL_RATE_HZ / 1000


def build_results(
    folders: Sequence[Path],
    *,
    root: Path | None = None,
    find_speech: FindSpeech | None = None,
    recognise: Recognise | None = None,
) -> Results:
    """The results of several runs; see `load_calls` and `build_scenario` for the arguments.

    Raises:
        ArtifactError: no folder holds a readable trace.
    """
    records = load_calls(folders, find_speech)
    return collect([build_scenario(r, root=root, recognise=recognise) for r in records])


def build_scenario(
    record: CallRecord, *, root: Path | None = None, recognise: Recognise | None = None
) -> ScenarioResult:
    """The result of one run.

    Args:
        record: the run as recorded.
        root: the folder that artifact paths are relative to; the run's own parent by default.
        recognise: what listens to the heard audio where the trace does not say what was heard.
    """
    events = record.events
    expectations = expectations_of(events)
    error = failure_of(record)
    talk = record.talk
    exchanges = exchanges_of(talk)
    header = record.trace.header
    turns = turns_of(record, exchanges, recognise)
    conduct = conduct_of(events, exchanges, record.sent_spans)
    held = held_up(events)
    return ScenarioResult(
        name=record.name,
        description=header.get("description"),
        engine=str(header.get("engine") or _from_opened(events, "engine") or "unknown"),
        protocol=protocol_in_words(header, events),
        verdict=verdict_of(expectations, error),
        conversation_s=metrics.conversation_s(events),
        wall_s=_wall_s(record),
        started_at=header.get("started_at"),
        connect=Connect(
            data_channel_s=metrics.connect_data_channel_s(events),
            first_audio_s=metrics.connect_first_audio_s(events),
        ),
        metrics=_call_metrics(record, exchanges),
        conduct=Conduct.model_validate(asdict(conduct)),
        media=MediaRates.model_validate(asdict(media_stats(events))),
        network=[NetworkPeriod.model_validate(asdict(one)) for one in network_periods(events)],
        turns=turns,
        numbers=numbers_of(turns),
        budget_values=_budget_values(events),
        expectations=expectations,
        artifacts=_artifacts(record.folder, root or record.folder.parent),
        error=error,
        time_line=TimeLine(
            uncertainty_s=_from_opened(events, "uncertainty_s"),
            held_up_s=None if held is None else held.held_up_s,
            speech_edges=record.edges,
            path=path_in_words(events),
        ),
        notes=[
            *(nothing_judged(events) if error is None else []),
            *held_up_notes(held),
            *context_notes(events),
            *record.notes,
            *redirect_notes(events),
            *channel_notes(events),
            *agent_notes(events),
            *network_notes(events),
            *_notes(events),
        ],
        findings=finding_results(events, header),
    )


def real_recogniser() -> Recognise:
    """The first of the ears that judge, loaded at the first use."""
    from harness.errors import HarnessError
    from harness.speech.ears import judging_ears

    recogniser = judging_ears()[0]

    def recognise(clip: AudioClip) -> str | None:
        try:
            return recogniser.recognise(clip.samples, clip.sample_rate_hz)
        except HarnessError:
            return None

    return recognise


def _call_metrics(record: CallRecord, exchanges: Sequence[Exchange]) -> CallMetrics:
    silences = [metrics.dead_air_s(exchange) for exchange in exchanges]
    return CallMetrics(
        talk_over_s=metrics.talk_over_s(record.sent_spans, record.heard_spans),
        dead_air_s=max((s for s in silences if s is not None), default=None),
        concealed_ratio=metrics.concealed_ratio(record.events),
    )


def _artifacts(folder: Path, root: Path) -> dict[str, str]:
    """Every file of the run by a short name, relative to where the results go."""
    names = {"trace.jsonl": "trace", "call.wav": "audio"}
    found: dict[str, str] = {}
    for path in sorted(folder.iterdir()) if folder.is_dir() else []:
        if path.is_file() and not path.name.startswith("."):
            found[names.get(path.name, path.name)] = Path(os.path.relpath(path, root)).as_posix()
    return found


def _wall_s(record: CallRecord) -> float | None:
    for event in reversed(record.events):
        if event.source == "harness" and isinstance(event.data.get("wall_s"), int | float):
            return float(event.data["wall_s"])
    return None


def _budget_values(events: Sequence[TraceEvent]) -> dict[str, list[BudgetValue]]:
    """What the run noted for budgets across runs."""
    return {
        str(event.data["number"]): [
            BudgetValue(value=value, uncertainty=doubt)
            for value, doubt in zip(event.data["values"], event.data["uncertainties"], strict=True)
        ]
        for event in events
        if event.type == "budget.values"
    }


def nothing_judged(events: Sequence[TraceEvent]) -> list[str]:
    """A scenario that ran and expected nothing: it passes, and that says nothing of the page."""
    judged = [event for event in events if event.type == "expectation"]
    if any(event.data.get("soft") is not True for event in judged):
        return []
    if not any(event.type == "step.started" for event in events):
        return []
    return [ONLY_SOFT if judged else NOTHING_JUDGED]


def _notes(events: Sequence[TraceEvent]) -> list[str]:
    notes = [str(e.data.get("text")) for e in events if e.type == "note" and e.data.get("text")]
    for event in events:
        if event.type == "fallback":
            notes.append(f"Fallback: {event.data.get('what')} ({event.data.get('why')})")
        elif event.type == "microphone.clip":
            notes += _clip_notes(event)
        elif event.type == "call.closed":
            notes += [
                what.format(count=count, ms=count / FRAMES_PER_MS)
                for name, what in _LOSSES.items()
                if (count := event.data.get(name))
            ]
    return notes


def _clip_notes(event: TraceEvent) -> list[str]:
    name = event.data.get("file") or event.data.get("clip")
    notes = []
    if event.data.get("converted"):
        notes.append(f"Converted {name}: {event.data['converted']}")
    if event.data.get("muted"):
        said = event.data.get("text") or name
        notes.append(f"Said while the microphone was muted, unheard by anybody: “{said}”")
    return notes


def _from_opened(events: Sequence[TraceEvent], name: str) -> Any:
    """A fact of the latest event that states it: "call.opened", or a later correction."""
    for event in reversed(events):
        if event.type in ("call.opened", "call.closed") and event.data.get(name) is not None:
            return event.data[name]
    return None
