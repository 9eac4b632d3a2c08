"""An answer that was spoken into: whether it had to stop, or must not."""

from __future__ import annotations

import pytest

from harness.audio.clip import silence
from harness.call.call import HeardAnswer
from harness.call.heard_answer import Said
from harness.call.utterance import Utterance
from harness.scenario.interrupting import judge_cut, reaction_of
from harness.scenario.interruption import Interruption
from tests.support.fake_call import heard

SAID = Said(Utterance("u", silence(1.0), "mm-hmm", None, 0.1, 0.9), 3.5)
"""Its voice is heard from 3.6 s to 4.4 s."""

TELLS = frozenset({"answers"})


def judged(cut: HeardAnswer, tells: frozenset[str] = TELLS, **wanted: float) -> tuple[str, str]:
    step = Interruption.model_validate({"after_ms": 500, "say": "u", **wanted})
    [judgement] = judge_cut(step, SAID, cut, tells)
    return judgement.outcome, judgement.evidence


@pytest.mark.parametrize(
    ("end_s", "interrupted", "outcome"),
    [(6.5, False, "held"), (6.5, True, "held"), (5.0, True, "failed"), (5.0, False, "held")],
)
def test_an_answer_that_goes_on_or_ends_by_itself_was_not_stopped(
    end_s: float, interrupted: bool, outcome: str
) -> None:
    cut = heard("one two", interrupted=interrupted, end_s=end_s)
    assert judged(cut, must_not_stop_within_s=2)[0] == outcome


def test_by_ear_nobody_can_tell_a_stop_from_an_end() -> None:
    cut = heard("one two", end_s=5.0)
    assert judged(cut, frozenset(), must_not_stop_within_s=2)[0] == "cannot_tell"
    assert judged(heard("x", end_s=6.5), frozenset(), must_not_stop_within_s=2)[0] == "held"


def test_who_spoke_before_the_answer_began_did_not_speak_into_it() -> None:
    """The answer begins 0.4 s after the user, and is heard for as long as it would have to be."""
    outcome, why = judged(heard("x", start_s=4.0, end_s=9.0), must_not_stop_within_s=2)
    assert (outcome, "0.400 s before the answer began" in why) == ("cannot_tell", True)
    assert judged(heard("x", start_s=3.61, end_s=9.0), must_not_stop_within_s=2)[0] == "held"


def test_a_reaction_has_the_doubt_of_both_edges() -> None:
    """15 ms of the clip, 20 ms of the answer's end: 25 ms."""
    cut = heard("one two", interrupted=True, end_s=4.1, end_uncertainty_s=0.02)
    reaction = reaction_of(SAID, cut, TELLS)
    assert reaction is not None
    assert reaction.value == pytest.approx(0.5)
    assert reaction.uncertainty == pytest.approx(0.025)
    assert judged(cut, stops_within_s=0.51)[0] == "cannot_tell"
    assert judged(cut, stops_within_s=0.53)[0] == "held"
    assert judged(cut, stops_within_s=0.47)[0] == "failed"


def test_what_was_not_cut_or_had_ended_has_no_reaction() -> None:
    assert reaction_of(SAID, heard("one", end_s=4.1), TELLS) is None
    ended = heard("one", interrupted=True, end_s=3.0)
    assert reaction_of(SAID, ended, TELLS) is None
    assert "nothing was left" in judged(ended, stops_within_s=1)[1]


def test_both_at_once_is_a_mistake() -> None:
    with pytest.raises(ValueError, match="not both"):
        judged(heard("x"), stops_within_s=1, must_not_stop_within_s=1)
