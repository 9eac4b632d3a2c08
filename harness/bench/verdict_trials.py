"""One sentence and its twin, spoken, sent through each condition, and judged by every judge."""

from __future__ import annotations

import functools
from dataclasses import dataclass
from typing import Literal

from harness.audio.clip import AudioClip
from harness.audio.fixtures import find_fixture
from harness.bench.former_rule import former_rule_holds
from harness.bench.verdict_corpus import Pair, Sentence
from harness.bench.verdict_sound import CONDITIONS, Sound, arrived
from harness.call.heard_answer import HeardAnswer, Voice, listen_again
from harness.scenario.expectations import judge_answer
from harness.scenario.model import Expectation
from harness.score.heard_voices import CallSound
from harness.speech.cached import CachedRecogniser
from harness.speech.cached_ear import CachedEar
from harness.speech.ears import judging_ears
from harness.speech.engines import default_synthesiser, is_installed
from harness.speech.interface import Recogniser, Synthesiser
from harness.speech.store import shared_store
from harness.speech.tools import SpeechTools, real_tools
from harness.speech.words import missing_words

Question = Literal["right", "twin"]
"""right: what was said is expected, so anything but "held" is a false failure. twin: what was not
said is expected and claimed by the transcript, so "held" is a false pass."""

FORMER_VOICE = "en-US"


@dataclass(frozen=True, slots=True)
class Trial:
    """One verdict of one judge."""

    judge: str
    voice: str
    condition: str
    question: Question
    outcome: str
    """held, failed or cannot_tell."""

    said: str
    expected: tuple[str, ...]
    heard: str
    """By the first ear."""

    evidence: str

    @property
    def is_wrong(self) -> bool:
        """A false failure (also "cannot tell") or a false pass."""
        return (self.outcome == "held") == (self.question == "twin")


@dataclass(frozen=True, slots=True)
class Task:
    """What one worker does in one go."""

    pair: Pair
    voice: str
    conditions: tuple[str, ...] = tuple(CONDITIONS)
    fixture: str | None = None
    """A shipped recording of the pair's right sentence, in place of a synthetic voice."""


def trials_of(task: Task) -> list[Trial]:
    """Speak both sentences and judge them. Blocks for some seconds.

    Raises:
        SpeechError: an engine is missing or failed.
    """
    pair = task.pair
    spoken: list[tuple[Sentence, Sentence, AudioClip]] = []
    if task.fixture is not None:
        spoken.append((pair.right, pair.twin, find_fixture(task.fixture).load().clip))
    else:
        for said, other in ((pair.right, pair.twin), (pair.twin, pair.right)):
            spoken.append((said, other, _voices().synthesise(said.text, task.voice)))
    trials = []
    for said, other, clip in spoken:
        for condition in task.conditions:
            sound = arrived(clip, condition)
            is_former = task.voice == FORMER_VOICE
            judge = _judge_as_formerly if is_former else _judge_as_now
            trials += judge(task.voice, condition, said, other, sound)
    return trials


def _judge_as_now(
    voice: str, condition: str, said: Sentence, other: Sentence, sound: Sound
) -> list[Trial]:
    """Ours, and the first ear alone with every word that it wrote."""
    trials = []
    found = listen_again(CallSound(0.0, sound.clip, sound.clip), sound.spans, [], _tools())
    heard = found.words if found else ""
    for question, wanted in _questions(said, other):
        (judgement,) = judge_answer(
            Expectation.model_validate({"words": wanted.words}), _answer(wanted.text, found)
        )
        about = (said.text, wanted.words, heard)
        alone = "failed" if missing_words(heard, wanted.words) else "held"
        trials += [
            Trial(
                "ours", voice, condition, question, judgement.outcome, *about, judgement.evidence
            ),
            Trial("whisper_alone", voice, condition, question, alone, *about, f"heard “{heard}”"),
        ]
    return trials


def _answer(claimed: str, voice: Voice | None) -> HeardAnswer:
    """The sound as a call's answer whose transcript claims this."""
    return HeardAnswer(
        claimed,
        voice.words if voice else "",
        voice.start_s if voice else None,
        voice.end_s if voice else None,
        None,
        interrupted=False,
        status="completed",
        answer_id="spoken",
        hearing=voice.hearing if voice else None,
        witness=voice.witness if voice else None,
    )


def _judge_as_formerly(
    voice: str, condition: str, said: Sentence, other: Sentence, sound: Sound
) -> list[Trial]:
    recogniser = _former_recogniser()
    heard = recogniser.recognise(sound.clip.samples, sound.clip.sample_rate_hz)
    return [
        Trial(
            "former",
            voice,
            condition,
            question,
            "held" if former_rule_holds(wanted.words, heard, wanted.text) else "failed",
            said.text,
            wanted.words,
            heard,
            f"heard “{heard}”",
        )
        for question, wanted in _questions(said, other)
    ]


def _questions(said: Sentence, other: Sentence) -> list[tuple[Question, Sentence]]:
    return [("right", said), ("twin", other)]


@functools.cache
def _voices() -> Synthesiser:
    return default_synthesiser()


@functools.cache
def _tools() -> SpeechTools:
    """Those of a call; what its ears said of the same sound is kept."""
    return real_tools(ears=tuple(CachedEar(ear, shared_store()) for ear in judging_ears()))


@functools.cache
def _former_recogniser() -> Recogniser:
    from harness.speech.moonshine import MoonshineRecogniser

    return CachedRecogniser(MoonshineRecogniser(), shared_store())


def former_is_installed() -> bool:
    """Whether the former voice and the former ear are there to be measured."""
    return is_installed("pico") and is_installed("moonshine")
