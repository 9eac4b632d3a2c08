"""The simulated line: a client joined to the server's session in memory, under virtual time.

No socket, no codec, no sleep. The world moves in ticks of 50 ms: a tick of the microphone goes to
the session, a tick of its playback comes back. What a connection and the engines would cost in
time are constants here and in `simulated_server`, near to what a page on the same machine measures.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager

from harness.audio.clip import CALL_RATE_HZ, MonoFloat32
from harness.engines.simulated.server import SimulatedServer, SpeaksInParts
from harness.errors import HarnessError, PeerError, PeerLost
from harness.facts.connection import (
    ConnectionClosed,
    ConnectionFact,
    ConnectionState,
    DataChannelClosed,
    DataChannelCreated,
    DataChannelOpen,
)
from harness.line.connection_envelopes import CONNECTION
from harness.line.interface import LineCapabilities, LineReport
from harness.line.mixing_microphone import MixingMicrophone
from harness.line.without_page import LineWithoutPage
from harness.realtime.faults.call import CallFaults
from harness.realtime.faults.triggers import Note
from harness.realtime.server.session import ServerSession
from harness.realtime.wire import EVENTS_LABEL
from harness.speech.interface import Recogniser
from harness.timeline import Timeline
from harness.virtual_time import Agenda, LoopClock

TICK_S = 0.050
TICK_FRAMES = round(TICK_S * CALL_RATE_HZ)

CONNECT_S = 0.150
"""From the beginning of a call to its open data channel."""

MESSAGE_S = 0.005
"""A message's way on the data channel, in each direction."""

AUDIO_UP_S = 0.060
"""A sample's way from the microphone to the session: capture, packets, jitter buffer."""

AUDIO_DOWN_S = 0.080
"""A sample's way from the session's playback to the ear."""

MakeSession = Callable[[], ServerSession]


class SimulatedLine(LineWithoutPage):
    """A client end in memory. Made by `open_simulated_line`, in a loop of virtual time.

    Args:
        make_session: the remote peer; made when the call is connected.
    """

    capabilities = LineCapabilities(engine="simulated", has_page=False, is_real_time=False)
    uncertainty_s = 0.0
    address = "simulated"

    def __init__(
        self,
        make_session: MakeSession,
        recogniser: Recogniser,
        synthesiser: SpeaksInParts,
        faults: CallFaults | None = None,
        note: Note = lambda _: None,
    ) -> None:
        super().__init__("simulated", EVENTS_LABEL)
        self._clock = LoopClock()
        self._zero_s = self._clock.now_s()
        self.timeline = _even_timeline(self._zero_s)
        self.microphone = MixingMicrophone(self.timeline)
        self._make_session = make_session
        self._engines = (recogniser, synthesiser)
        self._faults = (faults, note)
        self._agenda = Agenda(self._broke)
        self._server: SimulatedServer | None = None
        self._is_up = False
        self._ticks = 0

    async def connect(self, within_s: float, report: LineReport) -> None:
        """Begin the call; `CONNECT_S` later it is up.

        Raises:
            ServerRefused: the session's settings are not valid.
        """
        session = self._make_session()
        recogniser, synthesiser = self._engines
        self._server = SimulatedServer(
            session,
            recogniser,
            synthesiser,
            self._agenda,
            self._send_down,
            self._end_from_there,
            *self._faults,
        )
        now_s = self._clock.now_s()
        self._state("connecting", now_s)
        self._tell(DataChannelCreated(*self._told.channel, "local"), now_s)
        self._agenda.at(now_s + CONNECT_S, self._open)

    async def send_text(self, label: str, text: str) -> None:
        """Send a message to the session.

        Raises:
            PeerError: the channel of that label is not open.
        """
        server = self._server
        if not self._is_up or server is None or label != EVENTS_LABEL:
            raise PeerError(
                f"The data channel “{label}” cannot send.",
                expected=f"an open channel “{EVENTS_LABEL}”",
                found="it is open" if self._is_up else "it is not open",
            )
        now_s = self._clock.now_s()
        self._told.message("sent", text, now_s * 1000)
        self._agenda.at(now_s + MESSAGE_S, lambda then_s: server.receive_text(text, then_s))

    async def hang_up(self) -> None:
        """End the call: nothing is exchanged any more; time and the microphone go on."""
        if self._is_up and self._server is not None:
            self._server.end()
            self._end(self._clock.now_s())

    def start(self) -> None:
        """The microphone and the ears run from now on."""
        self._agenda.at(self._zero_s + TICK_S, self._tick)

    def close(self) -> None:
        """Nothing moves any more; the streams end."""
        self._agenda.close()
        self._end_streams()

    # The world moves

    def _tick(self, now_s: float) -> None:
        """The microphone's last tick is complete; the session's next one is taken."""
        frame = self.microphone.next_frame
        samples = self.microphone.pull(TICK_FRAMES)
        self._sent.add(self.timeline.frame_to_s(frame), frame, samples)
        if self._is_up and self._server is not None:
            self._exchange(samples, self._server, now_s)
        self._ticks += 1
        self._agenda.at(self._zero_s + (self._ticks + 1) * TICK_S, self._tick)

    def _exchange(self, samples: MonoFloat32, server: SimulatedServer, now_s: float) -> None:
        self._agenda.at(now_s + AUDIO_UP_S, lambda then_s: server.receive_audio(samples, then_s))
        played = server.pull_playback(TICK_FRAMES, now_s)
        start_s = now_s - self._zero_s + AUDIO_DOWN_S
        frame = round(start_s * CALL_RATE_HZ)
        self._agenda.at(now_s + AUDIO_DOWN_S + TICK_S, lambda _: self._hear(played, frame))

    def _hear(self, played: MonoFloat32, frame: int) -> None:
        self._heard.add(frame / CALL_RATE_HZ, frame, played)
        self.microphone.hear(played, frame / CALL_RATE_HZ)

    def _open(self, now_s: float) -> None:
        assert self._server is not None
        self._is_up = True
        self._state("connected", now_s)
        self._tell(DataChannelOpen(*self._told.channel), now_s)
        self._server.open(now_s)

    def _send_down(self, text: str, now_s: float) -> None:
        self._agenda.at(now_s + MESSAGE_S, lambda then_s: self._receive(text, then_s))

    def _receive(self, text: str, now_s: float) -> None:
        if self._is_up:
            self._told.message("received", text, now_s * 1000)

    def _end_from_there(self, reason: str, now_s: float) -> None:
        self._agenda.at(now_s + 2 * MESSAGE_S, self._end)

    def _end(self, now_s: float) -> None:
        self._is_up = False
        self._heard.flush()
        self._tell(DataChannelClosed(*self._told.channel), now_s)
        self._state("closed", now_s)
        self._tell(ConnectionClosed(CONNECTION), now_s)

    def _state(self, state: str, now_s: float) -> None:
        self._tell(ConnectionState(CONNECTION, "connection", state), now_s)

    def _tell(self, fact: ConnectionFact, now_s: float) -> None:
        self._told.tell(fact, now_s * 1000)

    def _broke(self, error: Exception) -> None:
        if isinstance(error, HarnessError):
            self._end_streams(error)
            return
        lost = PeerLost("The simulated call broke.", found=f"{type(error).__name__}: {error}")
        lost.__cause__ = error
        self._end_streams(lost)


@asynccontextmanager
async def open_simulated_line(
    make_session: MakeSession,
    recogniser: Recogniser,
    synthesiser: SpeaksInParts,
    faults: CallFaults | None = None,
    note: Note = lambda _: None,
) -> AsyncIterator[SimulatedLine]:
    """A line in memory; only inside `run_in_virtual_time` or `in_virtual_time`.

    Args:
        make_session: makes the server's session, when the call begins.
        recogniser: hears the user for the server.
        synthesiser: speaks for the assistant.
        faults: that the server carries out; None for none.
        note: is told each fault that was applied.
    """
    line = SimulatedLine(make_session, recogniser, synthesiser, faults, note)
    line.start()
    try:
        yield line
    finally:
        line.close()


def _even_timeline(zero_s: float) -> Timeline:
    """Frame 0, the loop's time now and 0 s are one moment, exactly."""
    timeline = Timeline()
    timeline.start(zero_s * 1000)
    timeline.anchor(0, zero_s * 1000, CALL_RATE_HZ)
    timeline.pair_python(zero_s, zero_s * 1000, 0.0)
    return timeline
