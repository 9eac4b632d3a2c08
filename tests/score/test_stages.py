"""Stages of a wait: every planted delay of 400 ms is in the stage that it was planted in."""

from __future__ import annotations

from dataclasses import dataclass, replace

import pytest

from harness.score.exchanges import Exchange, exchanges_of
from harness.score.metrics import voice_to_voice_s
from harness.score.stages import EVENT_S, MOMENTS, STAGES, Stage, Wait, wait_of
from harness.score.uncertainty import KNOWN_CLIP_S
from harness.trace import TraceEvent
from tests.score.test_jitter_buffer import stats
from tests.support.call_events import answer, clip, event, record

PLANTED_S = 0.400
EDGE_S, CLOCK_S = 0.020, 0.003


@dataclass(frozen=True)
class Build:
    """What each part of a build takes, in seconds."""

    endpointing: float = 0.50
    decision: float = 0.02
    generation: float = 0.30
    jitter_buffer: float = 0.06
    page: float = 0.01

    def call(self) -> tuple[Exchange, list[TraceEvent]]:
        """One turn that ends at 2 s, and its answer."""
        stopped_s = 2.0 + self.endpointing
        created_s = stopped_s + self.decision
        received_s = created_s + self.generation + self.jitter_buffer
        heard_s = received_s + self.page
        waited_s = self.jitter_buffer * 48_000
        events = [
            clip(1.0, 2.0),
            event("user.speech_stopped", stopped_s, turn_id="u"),
            *answer("a", created_s, (created_s + self.generation, heard_s + 1)),
            event(
                "answer.judged",
                heard_s + 2,
                "harness",
                spans=[[heard_s, heard_s + 1]],
                received_s=received_s,
            ),
            *(stats(float(n), n * waited_s, n * 48_000) for n in range(8)),
        ]
        (exchange,) = exchanges_of(record(events, heard=[(heard_s, heard_s + 1)]))
        heard = [replace(s, start_uncertainty_s=EDGE_S) for s in exchange.heard]
        return replace(exchange, heard=tuple(heard)), events


def stages_of(build: Build) -> dict[str, Stage]:
    wait = wait_of(*build.call(), CLOCK_S)
    assert wait is not None
    assert wait.not_told == ()
    return {stage.name: stage for stage in wait.stages}


def test_all_stages_of_a_turn_in_order_without_gaps() -> None:
    exchange, _ = Build().call()
    stages = stages_of(Build())
    assert list(stages) == list(STAGES.values())
    lengths = [stage.duration_s for stage in stages.values()]
    assert lengths == pytest.approx([0.50, 0.02, 0.30, 0.06, 0.01])
    assert sum(lengths) == pytest.approx(voice_to_voice_s(exchange))


@pytest.mark.parametrize(
    "field", ["endpointing", "decision", "generation", "jitter_buffer", "page"]
)
def test_a_planted_delay_is_pinned_to_its_stage(field: str) -> None:
    """One build against the other: the stage is 400 ms longer, the others are what they were."""
    before = stages_of(Build())
    after = stages_of(replace(Build(), **{field: getattr(Build(), field) + PLANTED_S}))
    longer = {name: after[name].duration_s - before[name].duration_s for name in before}
    planted = longer.pop(field.replace("_", " "))
    assert planted == pytest.approx(PLANTED_S)
    assert list(longer.values()) == pytest.approx([0.0] * 4, abs=1e-9)


def test_a_stage_is_as_doubtful_as_its_two_ends() -> None:
    """The user's edge and the clock; two readings of one clock; edge, buffer and clock; and the
    rest: the answer's edge moves packet, sample and sound alike, so it is in neither of the last.
    """
    doubts = [stage.uncertainty_s for stage in stages_of(Build()).values()]
    endpointing = (KNOWN_CLIP_S**2 + CLOCK_S**2 + EVENT_S**2) ** 0.5
    generation = (CLOCK_S**2 + EVENT_S**2 + 0.010**2 + EDGE_S**2) ** 0.5
    buffer = (0.010**2 + 0.001**2) ** 0.5
    assert doubts == pytest.approx([endpointing, 2**0.5 * EVENT_S, generation, buffer, 0.001])


def wait_without(*types: str) -> Wait:
    exchange, events = Build().call()
    left = [e for e in events if e.type not in types]
    wait = wait_of(exchange, left, CLOCK_S)
    assert wait is not None
    return wait


def test_what_nothing_tells_apart_is_one_stage_that_says_so() -> None:
    """A protocol without events, no statistics, and sound that came on no track."""
    wait = wait_without("user.speech_stopped", "answer.started")
    assert wait.not_told == ("speech_stopped", "answer_created")
    assert wait.stages[0].name == "endpointing + decision + generation"
    assert wait.stages[0].duration_s == pytest.approx(0.82)
    wait = wait_without("stats")
    assert wait.not_told == ("first_packet",)
    assert wait.stages[2].name == "generation + jitter buffer"
    wait = wait_without("user.speech_stopped", "answer.started", "answer.judged")
    assert wait.not_told == MOMENTS[1:5]
    assert [stage.name for stage in wait.stages] == [" + ".join(STAGES.values())]


def test_without_a_wait_there_are_no_stages() -> None:
    """A greeting, silence, and an answer that cuts the user off."""
    exchange, events = Build().call()
    for other in [replace(exchange, said=()), replace(exchange, heard=())]:
        assert wait_of(other, events, CLOCK_S) is None
    early = [replace(span, start_s=1.5) for span in exchange.heard]
    assert wait_of(replace(exchange, heard=tuple(early)), events, CLOCK_S) is None


def test_an_event_that_was_overtaken_has_a_stage_of_less_than_nothing() -> None:
    """It is said as it was, and the whole still adds up."""
    exchange, events = Build(decision=0.4, generation=-0.05).call()
    wait = wait_of(exchange, events, None)
    assert wait is not None
    assert wait.stages[2].duration_s == pytest.approx(-0.05)
    assert sum(s.duration_s for s in wait.stages) == pytest.approx(voice_to_voice_s(exchange))
