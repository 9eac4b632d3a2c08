"""Hours of conversation in simulated time: does a server's session keep what it should let go?

The real session, detection, recognition and synthesis, in memory; a user says one sentence after
the other and is answered each time. When a session's hour is over the next one begins, as a client
of the service would have it.
"""

from __future__ import annotations

import asyncio
import gc
import json
import os
import time
from collections import Counter
from dataclasses import dataclass, field
from functools import partial
from typing import Any

import numpy as np

from harness.audio.clip import CALL_RATE_HZ, MonoFloat32
from harness.audio.fixtures import find_fixture
from harness.bench.processes import file_handles, memory_bytes, require_proc
from harness.engines.simulated.server import SimulatedServer
from harness.errors import PeerError
from harness.realtime.ids import Ids
from harness.realtime.server.assistants.script import Script
from harness.realtime.server.session import ServerSession
from harness.speech.cached import CachedRecogniser, CachedSynthesiser
from harness.speech.moonshine import MoonshineRecogniser
from harness.speech.nanotts import NanoTtsSynthesiser
from harness.speech.quiet import SilenceSkippingDetector
from harness.speech.silero import SileroDetector
from harness.speech.store import SpeechStore
from harness.virtual_time import Agenda, in_virtual_time

TICK_S = 0.020
TICK_FRAMES = round(TICK_S * CALL_RATE_HZ)
SENTENCES = ("booking-table-for-two", "booking-tomorrow-at-seven", "booking-my-name", "yes-please")
TURN_S = 9.6
"""A sentence, its answer, and a pause; a multiple of 160 ms, so that windows repeat."""

ANSWER = "Of course. I have noted that for you. Anything else?"
SETTINGS = {"type": "realtime", "audio": {"input": {"transcription": {"model": "gpt-transcribe"}}}}


@dataclass(slots=True)
class Talk:
    """What the conversation has come to so far."""

    events: Counter[str] = field(default_factory=Counter)
    sessions: int = 0
    is_over: bool = False
    mistakes: list[str] = field(default_factory=list)

    def receive(self, text: str, _now_s: float) -> None:
        """An event of the server's."""
        event = json.loads(text)
        self.events[event["type"]] += 1
        if event["type"] == "error" and event["error"].get("code") != "session_expired":
            self.mistakes.append(event["error"]["message"])

    def close(self, _reason: str, _now_s: float) -> None:
        """The server ended the session."""
        self.is_over = True


class Engines:
    """Speech for session after session; what was heard or said before is remembered."""

    def __init__(self) -> None:
        store = SpeechStore()
        self.recogniser = CachedRecogniser(MoonshineRecogniser(), store)
        self.synthesiser = CachedSynthesiser(NanoTtsSynthesiser(), store)
        self.detector = SilenceSkippingDetector(SileroDetector())


async def measure(hours: float = 8.0) -> dict[str, Any]:
    """The figures of `harness bench soak --hours N`; an hour takes one to three minutes.

    Returns:
        hours, sessions, turns, answered, recognised, mistakes (their number) and first_mistakes;
        memory_bytes at the end of each session, memory_growth_per_hour_bytes (from the end of the
        first session on: the models are loaded by then), handle_growth, took_s, and speed: how
        much faster than real time it went.

    Raises:
        UsageError: no /proc to read.
    """
    require_proc()
    started_s = time.monotonic()
    talk, memory = Talk(), list[int]()
    engines, handles_before, left_s = Engines(), 0, hours * 3600
    while left_s > 0:
        left_s -= await in_virtual_time(partial(_session, talk, engines, left_s))
        gc.collect()
        memory.append(memory_bytes([os.getpid()]))
        handles_before = handles_before or file_handles(os.getpid())
    took_s = time.monotonic() - started_s
    return {
        "hours": hours,
        "sessions": talk.sessions,
        "turns": talk.events["input_audio_buffer.speech_stopped"],
        "recognised": talk.events["conversation.item.input_audio_transcription.completed"],
        "answered": talk.events["output_audio_buffer.stopped"],
        "mistakes": len(talk.mistakes),
        "first_mistakes": talk.mistakes[:5],
        "memory_bytes": memory,
        "memory_growth_per_hour_bytes": _growth(memory, hours),
        "handle_growth": file_handles(os.getpid()) - handles_before,
        "took_s": round(took_s, 1),
        "speed": round(hours * 3600 / took_s, 1),
    }


def _growth(memory: list[int], hours: float) -> int | None:
    """From the end of the first session to that of the last."""
    if len(memory) < 2:
        return None
    return round((memory[-1] - memory[0]) / (hours * (len(memory) - 1) / len(memory)))


async def _session(talk: Talk, engines: Engines, rest_s: float) -> float:
    """One session, until it expires or the time is up; gives the seconds that passed."""
    broken: list[Exception] = []
    agenda = Agenda(broken.append)
    engines.detector.reset()
    talk.sessions += 1
    talk.is_over = False
    session = ServerSession(
        settings=SETTINGS,
        assistant=Script.model_validate({"rules": [{"say": ANSWER}]}),
        detector=engines.detector,
        ids=Ids(talk.sessions),
        unix_time_s=0.0,
    )
    server = SimulatedServer(
        session, engines.recogniser, engines.synthesiser, agenda, talk.receive, talk.close
    )
    user = _user()
    loop = asyncio.get_running_loop()
    server.open(loop.time())
    ticks = 0
    try:
        while not talk.is_over and ticks * TICK_S < rest_s:
            now_s = loop.time()
            server.receive_audio(_tick(user, ticks), now_s)
            server.pull_playback(TICK_FRAMES, now_s)
            if broken:
                raise PeerError("The simulated session broke.") from broken[0]
            ticks += 1
            await asyncio.sleep(ticks * TICK_S - loop.time())
    finally:
        agenda.close()
    return ticks * TICK_S


def _user() -> MonoFloat32:
    """Everything the user says, once; 48 kHz."""
    turn_frames = round(TURN_S * CALL_RATE_HZ)
    said = np.zeros(turn_frames * len(SENTENCES), np.float32)
    for number, name in enumerate(SENTENCES):
        samples = find_fixture(name).load().clip.samples
        said[number * turn_frames : number * turn_frames + len(samples)] = samples
    return said


def _tick(user: MonoFloat32, ticks: int) -> MonoFloat32:
    start = ticks * TICK_FRAMES % len(user)
    return user[start : start + TICK_FRAMES]
