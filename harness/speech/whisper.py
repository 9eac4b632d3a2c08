"""Speech recognition by Whisper, for judging: words with places and probabilities."""

from __future__ import annotations

import importlib
import threading
import zlib
from collections import OrderedDict
from collections.abc import Sequence
from typing import Any

import numpy as np

from harness.audio.clip import MonoFloat32
from harness.audio.resample import resample
from harness.errors import SpeechError
from harness.speech.interface import Piece, SpokenWord
from harness.speech.log_mel import HOP_FRAMES, SAMPLE_RATE_HZ, log_mel
from harness.speech.pieces import pieces, speech_runs
from harness.speech.silero import WINDOW_FRAMES, SileroDetector
from harness.speech.spans import Span
from harness.speech.whisper_models import TINY_EN, LoadedModel, WhisperModel, shared_model

BEAM = 5
LONGEST_TOKENS = 224
"""Half of what the model can write: nobody says more in 25 s. It bounds a model that loops."""

NO_SPEECH, LEAST_MEAN_LOG = 0.6, -1.0
"""A piece is empty where the model thinks so itself and is unsure of its words."""

MOST_COMPRESSION = 2.4
"""Text that packs better than this says the same over and over: it was made up in a loop."""

NO_REPEATED_WORDS = 4
"""Then it is asked again and may not write so many tokens twice."""

STEP_S = 0.02
"""One step of the alignment."""

KEPT = 8
"""Pieces of which the encoder's picture is kept: a verdict asks about the same piece again."""


class WhisperRecogniser:
    """English recognition by one Whisper model, int8, on the CPU.

    A piece of up to 25 s costs 0.4 s of CPU (tiny.en) or 0.8 s (base), however short it is; each
    text that is weighed after that 0.02 to 0.03 s. Longer sound is cut in its pauses. Silence and
    noise have no words: Silero is asked first. The model is loaded by the first call or by
    load(), once for the process; calls of several threads wait for each other.

    Args:
        model: one that a package carries.
        threads: of the engine, for one call.
    """

    def __init__(self, model: WhisperModel = TINY_EN, threads: int = 1) -> None:
        self.name = f"whisper {model.name} int8 beam {BEAM} ({model.requirement}), pieces 1"
        self._model, self._threads = model, threads
        self._detector = SileroDetector()
        self._encoded: OrderedDict[bytes, Any] = OrderedDict()
        self._lock = threading.Lock()

    def load(self) -> None:
        """Load the model now, so that the first call does not pay for it.

        Raises:
            SpeechError: a package is missing or its weights are not the expected ones.
        """
        with self._lock:
            self._detector.load()
            shared_model(self._model, self._threads)

    def recognise(self, samples: MonoFloat32, sample_rate_hz: int) -> str:
        """The words in the samples; "" where there are none.

        Raises:
            SpeechError: the engine is missing, damaged or failed.
        """
        return " ".join(p.text for p in self.listen(samples, sample_rate_hz) if p.words)

    def listen(self, samples: MonoFloat32, sample_rate_hz: int) -> tuple[Piece, ...]:
        """What is said, stretch by stretch; () where nobody speaks.

        Raises:
            SpeechError: the engine is missing, damaged or failed.
        """
        at_16k = _at_16k(samples, sample_rate_hz)
        with self._lock:
            stretches = pieces(at_16k, self._speech(at_16k))
            return tuple(self._safely(self._piece, at_16k, stretch) for stretch in stretches)

    def likelihoods(
        self, samples: MonoFloat32, sample_rate_hz: int, piece: Piece, texts: Sequence[str]
    ) -> list[float]:
        """How well each text fits a piece, as the natural logarithm of its probability.

        Raises:
            SpeechError: the engine is missing, damaged or failed.
        """
        sound = _cut(_at_16k(samples, sample_rate_hz), piece.start_s, piece.end_s)
        with self._lock:
            return [self._safely(self._likelihood, sound, text) for text in texts]

    def _speech(self, at_16k: MonoFloat32) -> list[Span]:
        self._detector.reset()
        padded = np.pad(at_16k, (0, -len(at_16k) % WINDOW_FRAMES))
        windows = padded.reshape(-1, WINDOW_FRAMES)
        return speech_runs(self._detector.probabilities(windows))

    def _safely(self, work: Any, *arguments: Any) -> Any:
        try:
            return work(shared_model(self._model, self._threads), *arguments)
        except SpeechError:
            raise
        except Exception as error:  # the engine has its own tree of errors; one place turns them
            raise SpeechError(
                f"Whisper {self._model.name} failed.",
                expected="words",
                found=f"{type(error).__name__}: {error}",
            ) from error

    def _piece(self, loaded: LoadedModel, at_16k: MonoFloat32, stretch: Span) -> Piece:
        sound = _cut(at_16k, stretch.start_s, stretch.end_s)
        picture = self._picture(loaded, sound)
        tokens = _written(loaded, picture)
        words = _placed(loaded, picture, tokens, len(sound), stretch.start_s) if tokens else ()
        return Piece(stretch.start_s, stretch.end_s, words)

    def _likelihood(self, loaded: LoadedModel, sound: MonoFloat32, text: str) -> float:
        tokens = loaded.tokenizer.encode(" " + text.strip(), add_special_tokens=False).ids
        aligned = _aligned(loaded, self._picture(loaded, sound), tokens, len(sound))
        return float(np.sum(np.log(np.maximum(aligned.text_token_probs, 1e-12))))

    def _picture(self, loaded: LoadedModel, sound: MonoFloat32) -> Any:
        """What the encoder makes of a piece, from the last few if it is among them."""
        key = np.ascontiguousarray(sound, np.float32).tobytes()
        if key not in self._encoded:
            view = importlib.import_module("ctranslate2").StorageView
            features = view.from_array(log_mel(sound))
            self._encoded[key] = loaded.whisper.encode(features, to_cpu=True)
            if len(self._encoded) > KEPT:
                self._encoded.popitem(last=False)
        self._encoded.move_to_end(key)
        return self._encoded[key]


def _at_16k(samples: MonoFloat32, sample_rate_hz: int) -> MonoFloat32:
    """At the model's rate; samples that are no numbers are silence."""
    finite = np.nan_to_num(np.asarray(samples, np.float32), nan=0.0, posinf=0.0, neginf=0.0)
    return np.ascontiguousarray(resample(finite, sample_rate_hz, SAMPLE_RATE_HZ), np.float32)


def _cut(samples: MonoFloat32, start_s: float, end_s: float) -> MonoFloat32:
    """The same stretch is the same samples each time, so that its picture is found again."""
    return samples[round(start_s * SAMPLE_RATE_HZ) : round(end_s * SAMPLE_RATE_HZ)]


def _prompt(loaded: LoadedModel) -> list[int]:
    names = ["<|startoftranscript|>"]
    if loaded.whisper.is_multilingual:
        names += ["<|en|>", "<|transcribe|>"]
    return [loaded.tokenizer.token_to_id(name) for name in names]


def _written(loaded: LoadedModel, picture: Any) -> list[int]:
    """The most likely tokens; [] where the model thinks that nobody speaks."""
    tokens = _generated(loaded, picture)
    if _compression(loaded.tokenizer.decode(tokens)) > MOST_COMPRESSION:
        tokens = _generated(loaded, picture, no_repeat_ngram_size=NO_REPEATED_WORDS)
    return tokens


def _generated(loaded: LoadedModel, picture: Any, **options: Any) -> list[int]:
    prompt = [*_prompt(loaded), loaded.tokenizer.token_to_id("<|notimestamps|>")]
    [result] = loaded.whisper.generate(
        picture,
        [prompt],
        beam_size=BEAM,
        max_length=LONGEST_TOKENS,
        return_scores=True,
        return_no_speech_prob=True,
        **options,
    )
    if result.no_speech_prob > NO_SPEECH and result.scores[0] < LEAST_MEAN_LOG:
        return []
    return list(result.sequences_ids[0])


def _compression(text: str) -> float:
    data = text.encode()
    return len(data) / len(zlib.compress(data)) if data else 0.0


def _aligned(loaded: LoadedModel, picture: Any, tokens: list[int], frames: int) -> Any:
    steps = max(1, frames // HOP_FRAMES)
    return loaded.whisper.align(picture, _prompt(loaded), [tokens], steps)[0]


def _placed(
    loaded: LoadedModel, picture: Any, tokens: list[int], frames: int, from_s: float
) -> tuple[SpokenWord, ...]:
    """The tokens as words, each where the model looked when it wrote it."""
    aligned = _aligned(loaded, picture, tokens, frames)
    starts = [0.0] * (len(tokens) + 1)
    for token, step in reversed(aligned.alignments):
        if token < len(starts):
            starts[token] = step * STEP_S
    starts[len(tokens)] = starts[len(tokens)] or frames / SAMPLE_RATE_HZ
    words = []
    for first, last in _word_ranges(loaded, tokens):
        text = loaded.tokenizer.decode(tokens[first:last]).strip()
        if text:
            sure = min(_of_letters(loaded, tokens, aligned.text_token_probs, first, last))
            words.append(SpokenWord(text, from_s + starts[first], from_s + starts[last], sure))
    return tuple(words)


def _of_letters(
    loaded: LoadedModel, tokens: list[int], probabilities: list[float], first: int, last: int
) -> list[float]:
    """The probabilities of a word's tokens without its punctuation: a comma is nobody's doubt."""
    spelt = [
        probabilities[n]
        for n in range(first, last)
        if any(sign.isalnum() for sign in loaded.tokenizer.decode([tokens[n]]))
    ]
    return [float(p) for p in spelt or probabilities[first:last]]


def _word_ranges(loaded: LoadedModel, tokens: list[int]) -> list[tuple[int, int]]:
    """First token and the one behind the last, of each word; a word begins with a blank."""
    blank = "\u0120"  # how byte-level vocabularies write it
    begins = [
        n for n, t in enumerate(tokens) if n == 0 or loaded.tokenizer.id_to_token(t)[:1] == blank
    ]
    return list(zip(begins, [*begins[1:], len(tokens)], strict=True))
