"""Simulated calls: the same `Call`, in memory and in virtual time."""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import replace
from typing import Any

from harness.call.call import Call
from harness.call.fault_log_reader import LocalFaultLog
from harness.call.opening import CallInfo, CallOptions, open_on_line
from harness.clock import MonotonicClock
from harness.context.threads.choice import AnyContext
from harness.engines.simulated.line import open_simulated_line
from harness.engines.simulated.speech import SimulatedSpeech
from harness.errors import ProtocolError, ServerRefused
from harness.paths import StrPath
from harness.realtime.faults.call import CallFaults
from harness.realtime.faults.log import FaultLog
from harness.realtime.faults.parse import refuse_in_memory
from harness.realtime.ids import Ids
from harness.realtime.server.assistants.assistant import Assistant
from harness.realtime.server.assistants.script import Script
from harness.realtime.server.session import ServerSession
from harness.server.assistants.plugins import SessionVoices
from harness.speech.interface import SpeechDetector
from harness.virtual_time import LoopClock

STARTS_AT_UNIX_S = 1_767_225_600.0
"""When every simulated session starts: 1 January 2026. Only its ``expires_at`` shows it."""


@asynccontextmanager
async def open_simulated_call(
    script: Script,
    speech: SimulatedSpeech,
    *,
    assistant: Assistant | None = None,
    seed: int = 0,
    out: StrPath | None = None,
    options: CallOptions | None = None,
    context: AnyContext | None = None,
) -> AsyncIterator[Call]:
    """A call in memory; only inside `run_in_virtual_time` or `in_virtual_time`.

    Args:
        script: what the assistant says, and the faults.
        assistant: who answers in place of the script.
        speech: the engines of both sides.
        seed: for all identifiers; the same seed repeats the run.
        out: folder for ``trace.jsonl`` and ``call.wav``; a temporary one where absent.
        options: the session's settings, and how long to wait.
        context: as ``options.conversation``, which it replaces.

    Yields:
        The call; its seconds are virtual, and pass as fast as the work is done.

    Raises:
        UsageError: the script has faults that need a network.
        ServerRefused: the session's settings are not valid.
    """
    refuse_in_memory(script.all_faults)
    options, log = options or CallOptions(), FaultLog()
    if context is not None:
        options = replace(options, conversation=context)
    note = log.note_for(None)
    faults = CallFaults(script.faults, note) if script.all_faults else None
    if faults is not None:
        options = replace(options, witness=LocalFaultLog(log))
    info = CallInfo(engine="simulated", server="simulated", facts={"seed": seed})
    with speech.tools() as tools:

        def make_session() -> ServerSession:
            who = assistant or script
            return _session(options.session, script, who, tools.make_detector(), seed)

        voices = SessionVoices(speech.synthesiser)  # knows the protocol's voices
        line = open_simulated_line(make_session, speech.recogniser, voices, faults, note)
        async with open_on_line(
            Call,
            line,
            info,
            tools,
            out=out,
            options=options,
            clock=LoopClock(),
            wall=MonotonicClock(),
        ) as call:
            yield call


def _session(
    settings: Mapping[str, Any],
    script: Script,
    assistant: Assistant,
    detector: SpeechDetector,
    seed: int,
) -> ServerSession:
    try:
        return ServerSession(
            settings={"type": "realtime", **settings},
            assistant=assistant,
            detector=detector,
            ids=Ids(seed),
            unix_time_s=STARTS_AT_UNIX_S,
            faults=script.faults,
        )
    except ProtocolError as error:
        raise ServerRefused(
            "The simulated server refused to start a session.",
            expected="valid session settings",
            found=f"{error.message} ({error.code})",
            hint="check the scenario's session settings",
        ) from error
