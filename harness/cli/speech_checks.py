"""The doctor's checks of speech engines: models are loaded, a sentence is spoken and heard."""

from __future__ import annotations

import importlib.metadata
import time
from collections.abc import Callable

from harness.cli.findings import Finding

SENTENCE = "I have a table for two at seven this evening."
SLOW_HINT = (
    "slower than real time here, now: what is known beforehand is spoken ahead all the same; "
    "HARNESS_VOICE_ENGINE=pico speaks quicker, and is understood less well"
)
CACHE_HINT = "every run makes its speech anew"


def check_detection() -> Finding:
    """The speech detector, by loading it."""
    from harness.speech.silero import NAME, SileroDetector

    SileroDetector().load()
    return Finding("speech detection", "ok", NAME)


def check_recognition() -> Finding:
    """What hears live turns."""
    from harness.speech.engines import default_recogniser

    recogniser = default_recogniser()
    recogniser.load()
    return Finding("speech recognition", "ok", recogniser.name)


def check_judging() -> Finding:
    """The ears that judge what was said."""
    from harness.speech.ears import judging_ears

    ears = judging_ears()
    for ear in ears:
        ear.load()
    return Finding("judging ears", "ok", "; ".join(ear.name for ear in ears))


def check_synthesis() -> Finding:
    """Who speaks, and how fast on this machine, now."""
    from harness.speech.engines import default_synthesiser
    from harness.speech.store import SpeechStore

    voices = default_synthesiser(SpeechStore(None))
    voices.load()
    began_s = time.monotonic()
    spoken_s = voices.synthesise(SENTENCE).duration_s
    pace = spoken_s / max(time.monotonic() - began_s, 1e-6)
    found = f"{voices.name}, {pace:.1f} times real time"
    if pace < 1.0:
        return Finding("speech synthesis", "optional", found, SLOW_HINT)
    return Finding("speech synthesis", "ok", found)


def check_live_ear() -> Finding:
    """The optional recogniser for live turns."""
    hint = "hears live turns quicker than Whisper tiny.en: pip install 'realtime-harness[live]'"
    return _may_be_missing("moonshine", "moonshine-voice", hint)


def check_quick_voice() -> Finding:
    """The optional quick voice."""
    hint = "the quick voice (en-US, en-GB): pip install 'realtime-harness[pico]'"
    return _may_be_missing("pico", "py-nanotts", hint)


def check_cache() -> Finding:
    """Where speech is kept, and whether it can be."""
    from harness.speech.store import default_folder, size_limit_bytes
    from harness.speech.store_file import StoreFile

    folder = default_folder()
    if folder is None:
        return Finding("speech cache", "optional", "switched off by HARNESS_CACHE", CACHE_HINT)
    file = StoreFile.opened(folder, size_limit_bytes())
    can_write = file is not None and file.write([], (), 0.0)
    if file is not None:
        file.close()
    if not can_write:
        hint = f"{CACHE_HINT}; let HARNESS_CACHE name a folder that can be written"
        return Finding("speech cache", "optional", f"{folder} cannot be written", hint)
    return Finding("speech cache", "ok", str(folder))


def _may_be_missing(engine: str, package: str, hint: str) -> Finding:
    from harness.speech.engines import is_installed

    name = {"moonshine": "live ear", "pico": "quick voice"}[engine]
    if is_installed(engine):
        return Finding(name, "ok", f"{package} {importlib.metadata.version(package)}")
    return Finding(name, "optional", "not installed", hint)


SPEECH_CHECKS: list[tuple[str, Callable[[], Finding]]] = [
    ("speech detection", check_detection),
    ("speech recognition", check_recognition),
    ("judging ears", check_judging),
    ("speech synthesis", check_synthesis),
    ("live ear", check_live_ear),
    ("quick voice", check_quick_voice),
    ("speech cache", check_cache),
]
