"""An assistant that plays sound: voices of others, tones, music, two voices at once."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import numpy as np
from pydantic import ConfigDict

from harness.audio.clip import AudioClip, joined, silence
from harness.audio.fixtures import find_fixture
from harness.audio.resample import resample_clip
from harness.call.call import Call
from harness.call.callers import Callers
from harness.call.opening import CallOptions
from harness.engines.simulated.open import open_simulated_call
from harness.engines.simulated.speech import SimulatedSpeech
from harness.realtime.server.assistants.assistant import (
    ASSISTANT_RATE_HZ,
    Piece,
    Play,
    Prompt,
    Say,
    Wait,
)
from harness.realtime.server.assistants.script import Script
from harness.scenario.load import load_scenario
from harness.scenario.prepare import prepare, speak_text
from harness.scenario.progress import NoProgress
from harness.scenario.runner import ScenarioRunner
from harness.trace import read_trace
from harness.virtual_time import in_virtual_time

Answers = Sequence[Play | Say | Wait | tuple[Play | Say | Wait, ...] | None]
"""What is given to each turn in order, the last one to all that follow; None: nothing."""


class Sounds(Script):
    """Plays what a test says, turn by turn; or before the first one, if it is asked to greet."""

    model_config = ConfigDict(arbitrary_types_allowed=True)

    answers: Any = ()
    greeting: Any = None

    def answer(self, prompt: Prompt) -> Iterator[Piece]:
        turn = max(0, prompt.turn - 1)
        pieces = self.answers[min(turn, len(self.answers) - 1)]
        if prompt.is_greeting and self.greeting is not None:
            pieces = self.greeting
        for piece in pieces if isinstance(pieces, tuple) else (pieces,):
            if piece is not None:
                yield piece


def played(clip: AudioClip, transcript: str = "", after_s: float = 0.0) -> Play:
    """A clip as an answer."""
    late = joined(silence(after_s, clip.sample_rate_hz), clip)
    return Play(resample_clip(late, ASSISTANT_RATE_HZ).samples, transcript)


def fixture(name: str) -> AudioClip:
    """A shipped clip, from its first to its last voiced sample."""
    found = find_fixture(name)
    return found.load().clip.between(found.speech_start_s, found.speech_end_s)


def tone(duration_s: float = 2.0, hz: Sequence[float] = (440.0,)) -> AudioClip:
    """Sines together, a chord, with an attack twice a second."""
    at_s = np.arange(round(duration_s * 48_000)) / 48_000
    sines = np.sum([np.sin(2 * np.pi * each * at_s) for each in hz], axis=0)
    decay = np.exp(-3 * (at_s % 0.5)) if len(hz) > 1 else np.ones(len(at_s))
    return AudioClip((0.2 / len(hz) * sines * decay).astype(np.float32), 48_000)


def over_each_other(one: AudioClip, other: AudioClip) -> AudioClip:
    """Both at once."""
    samples = np.zeros(max(one.frames, other.frames), np.float32)
    samples[: one.frames] += one.samples
    samples[: other.frames] += other.samples
    return AudioClip(samples * 0.7, one.sample_rate_hz)


class Judged:
    """What became of a scenario: its verdict, and each expectation with its evidence."""

    def __init__(self, verdict: str, folder: Path) -> None:
        self.verdict = verdict
        self.trace = read_trace(folder / "trace.jsonl")
        self.found = [
            (str(e.data["kind"]), str(e.data["verdict"]), _text(e.data["evidence"]))
            for e in self.trace.of_type("expectation")
        ]


async def run_against(
    answers: Answers,
    steps: str,
    folder: Path,
    *,
    more: str = "",
    callers: Callers | None = None,
    greeting: Play | Say | None = None,
) -> Judged:
    """One scenario in memory, against an assistant that plays these answers.

    Args:
        steps: lines of YAML.
        more: more of the scenario's own lines.
        callers: the users of other calls; none where absent.
        greeting: what is said when an answer is asked for before anybody spoke.
    """
    path = _written(folder, f"name: s\n{more}\nsteps:\n{steps}\n  - hang_up\n")
    speech = SimulatedSpeech()
    loaded = load_scenario(path)
    (one,) = prepare([loaded], speech.synthesiser)
    spoken = {u.number: speak_text(loaded, u, speech.synthesiser) for u in one.unspoken}
    utterances = {**one.utterances, **spoken}
    options = CallOptions(session=loaded.scenario.session, callers=callers or Callers())

    async def converse(call: Call) -> str:
        runner = ScenarioRunner(call, loaded.scenario, utterances, NoProgress())
        await runner.run()
        return runner.verdict

    async def conversation() -> str:
        async with open_simulated_call(
            Sounds(answers=answers, greeting=greeting), speech, out=folder, options=options
        ) as call:
            return await converse(call)

    return Judged(await in_virtual_time(conversation), folder)


def _written(folder: Path, text: str) -> Path:
    path = folder / "s.yaml"
    path.write_text(text, encoding="utf-8")
    return path


def _text(evidence: Any) -> str:
    return str(evidence["text"]) if isinstance(evidence, dict) else str(evidence)
