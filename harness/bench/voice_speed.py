"""Speed of the default voice, and what of the shipped scenarios it has spoken beforehand."""

from __future__ import annotations

import time
from typing import Any

import numpy as np

from harness.resources import fixtures_dir
from harness.scenario.load import load_scenario
from harness.scenario.prepare import prepare
from harness.scenario.render import Rendered, render
from harness.speech.engines import default_synthesiser
from harness.speech.keeping_up import clauses

LIVE_TEXTS = (
    "You said that you would like to go forward.",
    "I found three tables for you, all of them by the window.",
    "The weather in Boston is sunny, and it will be twenty degrees.",
    "Your order number is four seven two, and it ships tomorrow.",
    "I am sorry, but I did not understand that.",
    "The next train leaves at a quarter past nine from platform two.",
    "Your balance is one thousand two hundred dollars.",
    "Let me look that up for you, please hold the line.",
    "Yes, we are open until ten tonight.",
    "Of course, I have changed your booking to four people.",
    "The parcel left Denver this morning; it should reach you on Friday.",
    "No, the card was not charged.",
    "There are two direct flights, one at noon and one at half past six.",
    "Could you spell your last name for me?",
    "Take one tablet after breakfast and one before you go to bed.",
    "Sure.",
    "Your router needs a restart. Please unplug it for ten seconds.",
    "The doctor can see you on the fourth of May at a quarter to nine.",
    "I have sent the code to your phone, it is valid for five minutes.",
    "Nothing is due today, but a payment of sixty dollars is pending.",
)
"""As a live answer would be: a sentence or two, known to nobody beforehand."""


def speed_figures() -> dict[str, Any]:
    """Figures of the default voice, nothing from a cache but the shipped scenarios.

    Returns:
        ``voice_cpu_s_per_s``: CPU seconds for a second of speech; ``first_part_ms_p95``: from a
        text to its first sound; ``prepared_share``: what of the shipped scenarios' lines a second
        run finds spoken.
    """
    from harness.speech.kokoro import KokoroSynthesiser

    voice = KokoroSynthesiser()
    voice.load()
    spoken_s, first_ms = 0.0, list[float]()
    cpu_s = -time.process_time()
    for text in LIVE_TEXTS:
        began_s = time.perf_counter()
        arrivals_ms = []
        for clause in clauses(text):
            for part in voice.parts(clause):
                arrivals_ms.append((time.perf_counter() - began_s) * 1000)
                spoken_s += part.duration_s
        first_ms.append(arrivals_ms[0])
    cpu_s += time.process_time()
    return {
        "voice_cpu_s_per_s": round(cpu_s / spoken_s, 3),
        "first_part_ms_p95": round(float(np.percentile(first_ms, 95)), 1),
        "prepared_share": prepared_share(),
    }


def prepared_share() -> float:
    """Share of the shipped scenarios' lines that a second run has before its call begins."""
    render_shipped()
    second = render_shipped()
    return round(second.from_cache / second.lines, 4) if second.lines else 1.0


def render_shipped() -> Rendered:
    """Speak everything that the shipped scenarios know beforehand."""
    voices = default_synthesiser()
    paths = sorted((fixtures_dir() / "scenarios").glob("*.yaml"))
    prepared = prepare([load_scenario(path) for path in paths], voices)
    return render(prepared, voices, assistants=True)
