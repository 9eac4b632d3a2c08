"""Calls without a browser: the same `Call`, on a WebRTC engine in this process."""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import replace
from pathlib import Path

from harness.call.call import Call
from harness.call.opening import CallInfo, CallOptions, open_on_line
from harness.client.server_api import ServerAddress
from harness.clock import Clock, MonotonicClock
from harness.context.threads.choice import AnyContext
from harness.engines.native.line import open_native_line
from harness.network.wish import read_wish
from harness.paths import StrPath
from harness.peer.backends import DEFAULT_ENGINE, peer_factory
from harness.peer.interface import PeerFactory
from harness.speech.interface import Ear, Recogniser, Synthesiser
from harness.speech.silero import SileroDetector
from harness.speech.tools import NiceThread, SpeechTools, real_tools


@asynccontextmanager
async def open_native_call(
    server: ServerAddress,
    *,
    implementation: str = DEFAULT_ENGINE,
    make_peer: PeerFactory | None = None,
    out: StrPath | None = None,
    options: CallOptions | None = None,
    context: AnyContext | None = None,
    recogniser: Recogniser | None = None,
    ears: Sequence[Ear] = (),
    synthesiser: Synthesiser | None = None,
    clock: Clock | None = None,
) -> AsyncIterator[Call]:
    """Call a Realtime server and wait until the call is up.

    Args:
        server: whom to call; its key stays in this process, the call has an ephemeral secret.
        implementation: "wrtc" or "aiortc".
        make_peer: another engine's connections instead, see `harness.peer.interface`.
        out: folder for ``trace.jsonl`` and ``call.wav``; a temporary one where absent.
        options: the session's settings, and how long to wait.
        context: as ``options.conversation``, which it replaces.
        recogniser: writes down what is heard; the default one where absent. One that is given
            without ears judges, too.
        ears: judge what an answer said; the shipped ones where neither is given.
        synthesiser: speaks texts; the default voice where absent.
        clock: what the timeline is paired with; the machine's where absent.

    Yields:
        The call; leaving the block hangs up and closes all that was opened for it.

    Raises:
        UsageError: no such implementation.
        NegotiationFailed, ServerError: the call did not come up; the trace up to that point is
            in ``out``.
    """
    options, clock = options or CallOptions(), clock or MonotonicClock()
    if context is not None:
        options = replace(options, conversation=context)
    line = open_native_line(
        make_peer or peer_factory(implementation),
        server,
        options.session,
        clock,
        None if options.network is None else read_wish(options.network),
        None if out is None else Path(out),
    )
    info = CallInfo(
        engine="native",
        server=server.url,
        secrets=[server.api_key],
        facts={"native": "given" if make_peer else implementation},
    )
    with NiceThread() as offload:
        tools = await _loaded(replace(real_tools(recogniser, synthesiser, ears), offload=offload))
        async with open_on_line(
            Call, line, info, tools, out=out, options=options, clock=clock
        ) as call:
            yield call


async def _loaded(tools: SpeechTools) -> SpeechTools:
    """With its detector's model loaded: that would hold up the microphone in mid-call."""
    await tools.offload(SileroDetector().load)
    return tools
