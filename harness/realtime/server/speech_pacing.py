"""Pacing of a spoken text: transcript deltas and pieces of audio, at any synthesiser's pace.

A text is split into sentences, so that the first can be heard while the last is still to be
synthesised, or even to be written. `SpeechPacing` then cuts what was synthesised into steps of a
fifth of a second, each with the words that are due by then. It knows no clock: the pace is the
caller's.
"""

from __future__ import annotations

import re
from collections import deque
from dataclasses import dataclass, field

import numpy as np

from harness.audio.clip import MonoFloat32
from harness.speech.text.sentences import _WORD, split_sentences

RATE_HZ = 24_000
STEP_FRAMES = RATE_HZ // 5
WORDS_AHEAD_FRAMES = RATE_HZ // 2
"""The transcript runs ahead of the sound, as the service's does."""

CHARS_PER_SECOND = 15
"""Guess at the rate of speech while a sentence's length is not known yet."""


FIRST_CLAUSE_CHARS = 40
"""A first sentence that is still being written is begun at a clause's end from this length on."""

_CLAUSE = re.compile(rf".{{{FIRST_CLAUSE_CHARS - 1},}}?[,;:–—]\s+", re.DOTALL)


@dataclass(frozen=True, slots=True, eq=False)
class SpeechStep:
    """What is generated at one moment."""

    words: tuple[str, ...]
    samples: MonoFloat32
    """24 kHz."""


@dataclass(slots=True)
class _Sentence:
    words: deque[tuple[int, str]]
    """Each with the number of characters before it."""

    chars: int
    pieces: list[MonoFloat32] = field(default_factory=list)
    known_frames: int = 0
    taken_frames: int = 0
    is_complete: bool = False

    def words_until(self, frame: int) -> tuple[str, ...]:
        """Words that begin before a frame, by their share of the characters."""
        total = self.known_frames
        if not self.is_complete:
            total = max(total, round(self.chars / CHARS_PER_SECOND * RATE_HZ))
        due: list[str] = []
        while self.words and self.words[0][0] / self.chars * total < frame:
            due.append(self.words.popleft()[1])
        return tuple(due)


class SpeechPacing:
    """The steps of one spoken text, which may still be written while it is spoken.

    Add text as it comes, then `end`. Ask for each sentence's audio by `next_sentence`, give it
    with `receive`, in order; take steps until it waits.

    Args:
        words_ahead_frames: by how much (at 24 kHz) words come before their sound.
    """

    def __init__(self, words_ahead_frames: int = WORDS_AHEAD_FRAMES) -> None:
        self._words_ahead_frames = words_ahead_frames
        self._unsplit = ""
        self._unasked: deque[str] = deque()
        self._waiting: deque[_Sentence] = deque()
        self._receiving: deque[_Sentence] = deque()
        self._is_ended = False
        self._has_begun = False

    def add(self, text: str) -> None:
        """More of the text: whole sentences can be asked for, the last one is kept back."""
        self._unsplit = (self._unsplit + text) if self._unsplit else text.lstrip()
        *whole, _last = split_sentences(self._unsplit) or [""]
        self._commit(whole)

    def add_sound(self, samples: MonoFloat32, transcript: str) -> None:
        """Audio (24 kHz) that is there already, after the text so far."""
        self._finish_text()
        sentence = _prepared(transcript)
        sentence.pieces.append(np.asarray(samples, dtype=np.float32))
        sentence.known_frames, sentence.is_complete = len(samples), True
        self._waiting.append(sentence)

    def end(self) -> None:
        """That was all."""
        self._finish_text()
        self._is_ended = True

    def next_sentence(self) -> str | None:
        """The next one whose audio is needed; None where there is none (yet).

        The very first may be the beginning of a sentence that is still being written.
        """
        clause = None if self._has_begun else _CLAUSE.match(self._unsplit)
        if clause is not None:
            self._commit([clause.group()])
        return self._unasked.popleft() if self._unasked else None

    def _finish_text(self) -> None:
        self._commit(split_sentences(self._unsplit))
        self._unsplit = ""

    def _commit(self, sentences: list[str]) -> None:
        for text in sentences:
            sentence = _prepared(text)
            self._unasked.append(text)
            self._waiting.append(sentence)
            self._receiving.append(sentence)
            self._unsplit = self._unsplit[len(text) :]
            self._has_begun = True

    @property
    def is_empty(self) -> bool:
        """Every sentence so far was taken; the last words may still be part of one."""
        return not self._waiting

    @property
    def is_exhausted(self) -> bool:
        """Every word and every sample was taken, and no more will come."""
        return self._is_ended and not self._waiting

    def on_samples(self, samples: MonoFloat32, is_last: bool) -> None:
        """Audio (24 kHz) of the first sentence that is not complete yet; is_last completes it."""
        if not self._receiving:
            return
        sentence = self._receiving[0]
        sentence.pieces.append(np.asarray(samples, dtype=np.float32))
        sentence.known_frames += len(samples)
        if is_last:
            sentence.is_complete = True
            self._receiving.popleft()

    @property
    def is_ready(self) -> bool:
        """Whether `take_step` has a step to give."""
        if not self._waiting:
            return False
        sentence = self._waiting[0]
        return sentence.is_complete or sentence.known_frames - sentence.taken_frames >= STEP_FRAMES

    def take_step(self) -> SpeechStep:
        """The next step; only when `is_ready`."""
        sentence = self._waiting[0]
        pieces = sentence.pieces or [np.zeros(0, dtype=np.float32)]
        joined = pieces[0] if len(pieces) == 1 else np.concatenate(pieces)
        samples, rest = joined[:STEP_FRAMES], joined[STEP_FRAMES:]
        sentence.pieces = [rest]
        sentence.taken_frames += len(samples)
        if sentence.is_complete and len(rest) == 0:
            self._waiting.popleft()
            return SpeechStep(tuple(word for _, word in sentence.words), samples)
        return SpeechStep(
            sentence.words_until(sentence.taken_frames + self._words_ahead_frames), samples
        )


def _prepared(sentence: str) -> _Sentence:
    words: deque[tuple[int, str]] = deque()
    before = 0
    for word in _WORD.findall(sentence):
        words.append((before, word))
        before += len(word)
    return _Sentence(words, max(before, 1))
