"""Numbers of the old call as one run of its scenario, which later runs are compared with."""

from __future__ import annotations

from harness.regression.facts import RECORDING, RunFacts, ScenarioFacts, TurnFacts
from harness.replay.listen import HeardCall
from harness.replay.plan import PlannedTurn
from harness.replay.scenario_file import spoken_text
from harness.score.conversation import ConversationTurn, Interruption


def facts_of(call: HeardCall, name: str) -> ScenarioFacts:
    """The recording as a run: what `harness score` measures, and the words of both sides.

    Args:
        call: what was heard.
        name: the scenario's.
    """
    turns: list[TurnFacts] = []
    if call.plan.greeting is not None:
        turns.append(TurnFacts(heard=call.greeting or None))
    cut = {turn.reaction.agent.end_s: turn.reaction for turn in call.plan.turns if turn.reaction}
    measured = {turn.user: turn for turn in call.talk.turns if turn.user is not None}
    for turn, said, answer in zip(call.plan.turns, call.said, call.answers, strict=True):
        times, doubts = _times(turn, measured.get(turn.user), cut)
        stopped = _cut_into(turn, cut)
        turns.append(
            TurnFacts(
                said=spoken_text(said),
                heard=answer or None,
                audible=turn.agent is not None,
                interrupted=stopped is not None and not stopped.went_on,
                times_ms=times,
                uncertain_ms=doubts,
            )
        )
    return ScenarioFacts(name=name, engine=RECORDING, runs=(RunFacts(turns=tuple(turns)),))


def _cut_into(turn: PlannedTurn, cut: dict[float, Interruption]) -> Interruption | None:
    """The interruption of a turn's answer; it ends where the answer does."""
    return None if turn.agent is None else cut.get(turn.agent.end_s)


def _times(
    turn: PlannedTurn, measured: ConversationTurn | None, cut: dict[float, Interruption]
) -> tuple[dict[str, float], dict[str, float]]:
    found = {
        "voice_to_voice": (measured.voice_to_voice_s, measured.uncertainty_s) if measured else None,
        "barge_in_reaction": (
            (stopped.reaction_s, stopped.uncertainty_s)
            if (stopped := _cut_into(turn, cut))
            else None
        ),
    }
    known = {
        name: (value_s, doubt_s)
        for name, (value_s, doubt_s) in ((n, f) for n, f in found.items() if f is not None)
        if value_s is not None
    }
    times = {name: _ms(value_s) for name, (value_s, _) in known.items()}
    doubts = {name: _ms(doubt_s) for name, (_, doubt_s) in known.items() if doubt_s is not None}
    return times, doubts


def _ms(value_s: float) -> float:
    return round(value_s * 1000, 1)
