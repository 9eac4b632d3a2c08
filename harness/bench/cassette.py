"""Sameness of replays: a session is recorded once and replayed often; events and latencies.

Recording and replays run in memory in virtual time; the cassette is read from the disk, and each
replay has identifiers of its own. A few replays more go over real WebRTC, in real time.
"""

from __future__ import annotations

import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import mean, pstdev
from typing import Any

from harness.bench.progress import told
from harness.call.call import Call
from harness.call.opening import CallOptions
from harness.cassette.check import EventLine, order_of
from harness.cassette.shelf import CassetteOptions, Shelf
from harness.cassette.wire_log import wire_events
from harness.engines.native.open import open_native_call
from harness.engines.simulated.open import open_simulated_call
from harness.engines.simulated.speech import SimulatedSpeech
from harness.realtime.server.assistants.script import Script
from harness.score.call_record import load_call
from harness.score.exchanges import exchanges_of
from harness.server.assistants.choice import Parts
from harness.server.process.launch import start_server
from harness.trace import read_trace
from harness.virtual_time import in_virtual_time

REPLAYS = 50
NATIVE_REPLAYS = 5
CLIPS = ("goforward", "booking-table-for-two", "goforward")
SCRIPT = Script.model_validate(
    {
        "rules": [
            {"when": {"turn": 1}, "say": "Going forward ten meters.", "delay_ms": 700},
            {"when": {"turn": 2}, "say": "A table for two, with pleasure.", "delay_ms": 500},
            {"say": "All right, I go on.", "delay_ms": 900},
        ]
    }
)
SESSION = {"audio": {"input": {"transcription": {"model": "gpt-transcribe"}}}}
ANSWER_WITHIN_S = 20.0


@dataclass(frozen=True, slots=True)
class _Wait:
    """One turn's, seconds from the user's last sound on."""

    begun_s: float
    """Until the server says that it plays the answer."""

    heard_s: float
    """Until its first sound is heard: voice to voice."""

    @property
    def way_s(self) -> float:
        """What of it lies between the two."""
        return self.heard_s - self.begun_s


async def measure(replays: int = REPLAYS, native_replays: int = NATIVE_REPLAYS) -> dict[str, Any]:
    """The figures of `harness bench cassette`; takes about two minutes.

    Returns:
        simulated and native, each with: replays; same_order (those whose events, runs of deltas as
        one, come in the order of most); latency_sd_ms_max (of the turns, the largest standard
        deviation of voice to voice over the replays); begun_sd_ms_max and way_sd_ms_max (the same
        of its two parts: until the server says that it plays, which is the replay's, and from there
        to the ear, which is the receiver's jitter buffer); latency_shift_ms_max (the largest
        distance of a turn's mean from the recording's, in simulated time alone).

    Raises:
        ExpectationFailed, PeerError, ServerError: a call could not be held.
    """
    speech = SimulatedSpeech()
    with tempfile.TemporaryDirectory() as home:
        folder = Path(home)
        cassette = folder / "cassette"
        options = CallOptions(session=SESSION, record=cassette)
        await _simulated(speech, folder / "recorded", options, SCRIPT)
        shelf = Shelf(CassetteOptions(cassette))
        simulated = [folder / f"simulated-{number}" for number in range(replays)]
        for number, out in told(enumerate(simulated), replays, lambda _: "simulated"):
            answering = shelf.assistant_for("", Script())
            await _simulated(
                speech, out, CallOptions(session=SESSION), Script(), answering, number + 1
            )
        native = [folder / f"native-{number}" for number in range(native_replays)]
        async with start_server(parts=Parts(cassette=str(cassette))) as server:
            for out in told(native, native_replays, lambda _: "native"):
                async with open_native_call(
                    server, out=out, options=CallOptions(session=SESSION)
                ) as call:
                    await _converse(call)
        recorded = _waits(folder / "recorded")
        return {"simulated": _figures(simulated, recorded), "native": _figures(native)}


async def _simulated(
    speech: SimulatedSpeech,
    out: Path,
    options: CallOptions,
    script: Script,
    assistant: Any = None,
    seed: int = 0,
) -> None:
    async def conversation() -> None:
        async with open_simulated_call(
            script, speech, assistant=assistant, seed=seed, out=out, options=options
        ) as call:
            await _converse(call)

    await in_virtual_time(conversation)


async def _converse(call: Call) -> None:
    for clip in CLIPS:
        await call.say(clip)
        await call.answer(within_s=ANSWER_WITHIN_S)


def _figures(folders: Sequence[Path], recorded: Sequence[_Wait] | None = None) -> dict[str, Any]:
    orders = [_order(folder) for folder in folders]
    usual = max(orders, key=orders.count) if orders else []
    waits = [_waits(folder) for folder in folders]
    figures: dict[str, Any] = {
        "replays": len(folders),
        "same_order": orders.count(usual),
        "latency_sd_ms_max": _sd_ms_max([[one.heard_s for one in turns] for turns in waits]),
        "begun_sd_ms_max": _sd_ms_max([[one.begun_s for one in turns] for turns in waits]),
        "way_sd_ms_max": _sd_ms_max([[one.way_s for one in turns] for turns in waits]),
    }
    if recorded is not None:
        by_turn = zip(*waits, strict=True)
        shifts = [
            abs(mean(one.heard_s for one in turn) - before.heard_s)
            for turn, before in zip(by_turn, recorded, strict=True)
        ]
        figures["latency_shift_ms_max"] = round(1000 * max(shifts), 1)
    return figures


def _order(folder: Path) -> list[str]:
    events = wire_events(read_trace(folder / "trace.jsonl"))
    return order_of([EventLine(n, one.sender, one.event) for n, one in enumerate(events)])


def _sd_ms_max(replays: Sequence[Sequence[float]]) -> float | None:
    """The largest standard deviation of a turn over the replays; None without any."""
    turns = zip(*replays, strict=True)
    return max((round(1000 * pstdev(turn), 2) for turn in turns), default=None)


def _waits(folder: Path) -> list[_Wait]:
    """The wait of each turn that was answered."""
    waits = []
    for exchange in exchanges_of(load_call(folder)):
        said_s, heard_s = exchange.said_end_s, exchange.heard_start_s
        begun_s = next((a.audio_started_s for a in exchange.answers if a.audio_started_s), None)
        if said_s is not None and heard_s is not None and begun_s is not None:
            waits.append(_Wait(begun_s - said_s, heard_s - said_s))
    return waits
