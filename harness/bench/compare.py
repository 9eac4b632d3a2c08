"""Regressions of known size against what a comparison says of them, by simulation.

Both sides of a pair are runs of one scenario. What a turn takes differs from turn to turn, and
each run of a turn adds noise of its own: a normal part, and now and then a stall. A pair without a
regression is two runs of the same build; all else is planted into the second one. Voices and levels
are planted into real speech: `harness.bench.compare_audio`.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from harness.bench import compare_audio
from harness.bench.compare_audio import Bank, synthesised_bank
from harness.regression.compare import Comparison, compare
from harness.regression.facts import Calls, RunFacts, ScenarioFacts, TurnFacts
from harness.speech.words import normal_form

SLOWER_MS = (50, 100, 400)
TURNS = (10, 20, 30)
TRIALS = 100
UNCHANGED = 400
PLANTED = 50
"""Trials of each kind; the turn is another one in each."""

NOISE_MS = 60.0
STALL_SHARE = 0.05
STALL_MS = 300.0
UNCERTAIN_MS = 25.0
LEVEL_DB = 0.5

ANSWERS = (
    "Certainly, a table for two at seven in Rome.",
    "Your order of 42 dollars and 50 cents leaves on Monday.",
    "The train to Oslo departs from platform nine at half past ten.",
    "I have booked the room with a view of the garden for Anna.",
    "Please hold the line while I look for the invoice.",
    "It is twelve degrees and cloudy, with rain in the evening.",
)
FUNCTION_WORDS = frozenset(normal_form("a the to of for at in it is and with from I on").split())


@dataclass
class Build:
    """Answers of one build: what every run of it has in common."""

    rng: np.random.Generator
    turns: int
    wait_ms: list[float] = field(default_factory=list)

    def __post_init__(self) -> None:
        """Choose how long each turn usually takes."""
        self.wait_ms = [float(wait) for wait in self.rng.uniform(500, 1100, self.turns)]

    def run(self, slower_ms: float = 0.0) -> list[TurnFacts]:
        """One run of it."""
        return [self._turn(index, slower_ms) for index in range(self.turns)]

    def _turn(self, index: int, slower_ms: float) -> TurnFacts:
        rng = self.rng
        noise_ms = float(rng.normal(0, NOISE_MS))
        noise_ms += float(rng.exponential(STALL_MS)) if rng.random() < STALL_SHARE else 0.0
        endpointing_ms = float(rng.normal(300, 15))
        text = ANSWERS[index % len(ANSWERS)]
        waited_ms = max(endpointing_ms, self.wait_ms[index] + noise_ms + slower_ms)
        return TurnFacts(
            said=f"question {index + 1}",
            understood=f"question {index + 1}",
            answer=text,
            heard=text,
            status="completed",
            tools=("look_up({})",) if index % 3 == 0 else (),
            times_ms={"voice_to_voice": waited_ms, "endpointing": endpointing_ms},
            uncertain_ms={"voice_to_voice": UNCERTAIN_MS},
            speech_s=len(text) / 15 + float(rng.normal(0, 0.03)),
            level_dbfs=-24 - index % 3 + float(rng.normal(0, LEVEL_DB)),
        )


SHARED = ("found", "pinned", "nothing_else", "planted", "unchanged")
"""Figures of audio that stand with those of the same name."""

Plant = Callable[[list[TurnFacts], int, np.random.Generator], None]


def measure(
    trials: int = TRIALS,
    unchanged: int = UNCHANGED,
    planted: int = PLANTED,
    seed: int = 1,
    bank: Bank | None = None,
) -> dict[str, Any]:
    """All figures: shares of the trials, 0 to 1.

    Args:
        bank: real speech, for what is planted into audio; our voices where absent.
    """
    rng = np.random.default_rng(seed)
    audio = compare_audio.measure(bank or synthesised_bank(), planted, unchanged, seed)
    power = {
        f"{slower}_ms": {
            f"{turns}_turns": sum(_claims_slower(rng, turns, slower) for _ in range(trials))
            / trials
            for turns in TURNS
        }
        for slower in SLOWER_MS
    }
    alarms = [_pair(rng, TURNS[n % len(TURNS)]) for n in range(unchanged)]
    kinds = {name: _planted(rng, kind, plant, planted) for name, (kind, plant) in PLANTS.items()}
    return {
        "power": power,
        "false_alarms": sum(one.verdict == "worse" for one in alarms) / unchanged,
        "false_claims": sum(bool(_claims(one)) for one in alarms) / unchanged,
        "found": {name: found for name, (found, _, _) in kinds.items()} | audio["found"],
        "pinned": {name: pinned for name, (_, pinned, _) in kinds.items()} | audio["pinned"],
        "nothing_else": {name: alone for name, (_, _, alone) in kinds.items()}
        | audio["nothing_else"],
        "audio": {name: value for name, value in audio.items() if name not in SHARED},
        "trials": trials,
        "unchanged": unchanged,
        "planted": planted,
        "goals": {"power_100_ms_30_turns": 0.9, "false_alarms": 0.05},
    }


def _claims(comparison: Comparison) -> list[str]:
    return [one.kind for one in comparison.findings if one.verdict in ("worse", "better")]


def _claims_slower(rng: np.random.Generator, turns: int, slower_ms: float) -> bool:
    comparison = _pair(rng, turns, slower_ms)
    return any(one.measure == "voice_to_voice" for one in comparison.of("worse"))


def _pair(rng: np.random.Generator, turns: int, slower_ms: float = 0.0) -> Comparison:
    build = Build(rng, turns)
    return compare(as_calls(build.run()), as_calls(build.run(slower_ms)))


def as_calls(turns: list[TurnFacts]) -> Calls:
    """One run of one scenario."""
    run = RunFacts(turns=tuple(turns))
    return Calls(scenarios=(ScenarioFacts(name="simulated", engine="simulated", runs=(run,)),))


def _planted(
    rng: np.random.Generator, kind: str, plant: Plant, trials: int
) -> tuple[float, float, float]:
    """Shares of the trials: found; and at the right turn; and nothing else was called worse."""
    found = pinned = alone = 0
    for trial in range(trials):
        turns = TURNS[trial % len(TURNS)]
        build = Build(rng, turns)
        base, new = build.run(), build.run()
        at = int(rng.integers(0, turns))
        at -= at % 3 if kind == "tools" else 0  # a turn that calls one
        plant(new, at, rng)
        worse = compare(as_calls(base), as_calls(new)).of("worse")
        places = [one.turn for one in worse if one.kind == kind]
        found += bool(places)
        pinned += places == [at + 1]
        alone += bool(places) and len(worse) == 1
    return found / trials, pinned / trials, alone / trials


def _change(turns: list[TurnFacts], at: int, **changes: Any) -> None:
    turns[at] = turns[at].model_copy(update=changes)


def drop_word(turns: list[TurnFacts], at: int, rng: np.random.Generator) -> None:
    """Leave out one word that means something."""
    words = str(turns[at].answer).split()
    able = [n for n, word in enumerate(words) if normal_form(word) not in FUNCTION_WORDS]
    gone = able[int(rng.integers(0, len(able)))]
    text = " ".join(word for n, word in enumerate(words) if n != gone)
    _change(turns, at, answer=text, heard=text)


def cut_answer(turns: list[TurnFacts], at: int, rng: np.random.Generator) -> None:
    """End it in the middle: half of the time the words know nothing of it."""
    words = str(turns[at].answer).split()
    text = " ".join(words[: len(words) // 2])
    length_s = (turns[at].speech_s or 0.0) / 2
    if rng.random() < 0.5:
        _change(turns, at, heard=text, speech_s=length_s)
    else:
        _change(turns, at, answer=text, heard=text, speech_s=length_s, status="incomplete")


def miss_tool(turns: list[TurnFacts], at: int, rng: np.random.Generator) -> None:
    """Call nothing."""
    _change(turns, at, tools=())


def double_answer(turns: list[TurnFacts], at: int, rng: np.random.Generator) -> None:
    """Answer twice: as an answer of its own, or within one."""
    if rng.random() < 0.5:
        again = turns[at].model_copy(update={"said": None, "tools": (), "times_ms": {}})
        turns.insert(at + 1, again)
    else:
        text = f"{turns[at].answer} {turns[at].answer}"
        _change(turns, at, answer=text, heard=text, speech_s=2 * (turns[at].speech_s or 0.0))


PLANTS: dict[str, tuple[str, Plant]] = {
    "dropped_word": ("words", drop_word),
    "cut_answer": ("answer cut", cut_answer),
    "missing_tool": ("tools", miss_tool),
    "doubled_answer": ("answer doubled", double_answer),
}
"""What is planted, and the kind of finding that it should be."""
