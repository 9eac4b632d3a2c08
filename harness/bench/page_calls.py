"""Pages in Chromium that hold calls with the local server and talk, over and over.

They are plain pages: a microphone from Web Audio, an audio element, a data channel; nothing of the
harness is in them, so that a machine's time goes to what a user's page costs and to the server.
"""

from __future__ import annotations

import base64
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

from playwright.async_api import BrowserContext, Page
from playwright.async_api import Error as PlaywrightError

from harness.audio.fixtures import find_fixture
from harness.browser.launch import Chromium
from harness.errors import PeerError

CYCLE_S = 10.0
"""One turn: the user's sentence, a silence, the answer, and a pause."""

FIXTURE = "booking-table-for-two"
SCRIPT = {
    "rules": [
        {"when": {"words": ["table"]}, "say": "Gladly. At what time would you like to come?"},
        {"say": "I did not understand you."},
    ]
}
CONNECT_WITHIN_MS = 20_000

_PAGE = r"""
async ({ wavBase64, cycleS, offsetS, withinMs }) => {
  const answer = await fetch("/session", { method: "POST" });
  if (!answer.ok) throw new Error(`no session: ${answer.status}`);
  const { client_secret: key, calls_url: url } = await answer.json();
  const context = new AudioContext({ sampleRate: 48000 });
  const bytes = Uint8Array.from(atob(wavBase64), (c) => c.charCodeAt(0));
  const clip = await context.decodeAudioData(bytes.buffer);
  const cycle = context.createBuffer(1, Math.round(cycleS * 48000), 48000);
  cycle.copyToChannel(clip.getChannelData(0), 0);
  const source = new AudioBufferSourceNode(context, { buffer: cycle, loop: true });
  const microphone = context.createMediaStreamDestination();
  source.connect(microphone);
  const pc = new RTCPeerConnection();
  pc.addTrack(microphone.stream.getAudioTracks()[0], microphone.stream);
  const speaker = new Audio();
  pc.ontrack = ({ streams }) => { speaker.srcObject = streams[0]; void speaker.play(); };
  const seen = [], asked = new Map(), echoes = [];
  const channel = pc.createDataChannel("oai-events");
  channel.onmessage = ({ data }) => {
    const now = performance.now(), event = JSON.parse(data);
    const id = event.error?.event_id;
    if (id && asked.has(id)) { echoes.push(now - asked.get(id)); asked.delete(id); }
    else seen.push([event.type, now, event.transcript ?? null]);
  };
  let count = 0;
  const ask = () => {
    if (channel.readyState !== "open") return;
    const id = `ask_${count++}`;
    asked.set(id, performance.now());
    const type = "conversation.item.retrieve";
    channel.send(JSON.stringify({ type, event_id: id, item_id: "none" }));
  };
  globalThis.benchCall = {
    async collect() {
      const found = { seen: seen.splice(0), echoes: echoes.splice(0), unanswered: asked.size };
      found.state = pc.connectionState;
      for (const stats of (await pc.getStats()).values()) {
        if (stats.type === "inbound-rtp" && stats.kind === "audio") {
          found.concealed = stats.concealedSamples ?? 0;
          found.played = stats.totalSamplesReceived ?? 0;
        }
      }
      return found;
    },
    async end() { pc.close(); await context.close(); },
  };
  await pc.setLocalDescription();
  const call = await fetch(url, {
    method: "POST",
    headers: { Authorization: `Bearer ${key}`, "Content-Type": "application/sdp" },
    body: pc.localDescription.sdp,
  });
  if (!call.ok) throw new Error(`the call was refused: ${call.status} ${await call.text()}`);
  const callId = call.headers.get("Location").split("/").pop();
  await pc.setRemoteDescription({ type: "answer", sdp: await call.text() });
  await new Promise((resolve, reject) => {
    if (channel.readyState === "open") return resolve();
    channel.onopen = resolve;
    setTimeout(() => reject(new Error("the data channel did not open")), withinMs);
  });
  channel.send(JSON.stringify({ type: "session.update", session: { type: "realtime",
    audio: { input: { transcription: { model: "gpt-transcribe" } } } } }));
  source.start(context.currentTime + offsetS);
  setInterval(ask, 500);
  return callId;
}
"""


@dataclass(slots=True)
class Heard:
    """What a page saw since the last look."""

    concealed: int
    """Samples the page's jitter buffer made up, of `played`; both count from the call's start."""
    played: int
    echoes_ms: list[float]
    """From an event sent to the server's answer to it."""
    unanswered: int
    first_audio_ms: list[float] = field(default_factory=list)
    """From `speech_stopped` to the answer's first audio, by the events' arrival in the page."""
    turns: int = 0
    recognised: int = 0
    answered: int = 0
    """Answers to what was recognised rightly."""
    errors: list[str] = field(default_factory=list)


def heard_from(found: dict[str, Any]) -> Heard:
    """A page's own words as figures."""
    heard = Heard(
        found.get("concealed", 0), found.get("played", 0), found["echoes"], found["unanswered"]
    )
    stopped_ms: float | None = None
    for kind, at_ms, transcript in found["seen"]:
        if kind == "input_audio_buffer.speech_stopped":
            heard.turns += 1
            stopped_ms = at_ms
        elif kind == "conversation.item.input_audio_transcription.completed":
            heard.recognised += 1
        elif kind == "output_audio_buffer.started" and stopped_ms is not None:
            heard.first_audio_ms.append(at_ms - stopped_ms)
            stopped_ms = None
        elif kind == "response.output_audio_transcript.done" and "Gladly" in (transcript or ""):
            heard.answered += 1
        elif kind == "error":
            heard.errors.append(kind)
    if found["state"] != "connected":
        heard.errors.append(f"connection {found['state']}")
    return heard


class TalkingPage:
    """One page with one call."""

    def __init__(self, page: Page, call_id: str) -> None:
        self._page = page
        self.call_id = call_id

    async def heard(self) -> Heard:
        """What it saw since it was last asked."""
        return heard_from(await self._page.evaluate("benchCall.collect()"))

    async def hang_up(self) -> None:
        await self._page.evaluate("benchCall.end()")
        await self._page.close()


class TalkingPages:
    """Opens pages that talk, in one browser; made by `talking_pages`."""

    def __init__(self, context: BrowserContext, page_url: str) -> None:
        self._context = context
        self._page_url = page_url
        self._wav = base64.b64encode(find_fixture(FIXTURE).path.read_bytes()).decode()
        self.pages: list[TalkingPage] = []

    async def add(self, offset_s: float = 0.5) -> TalkingPage:
        """One more call.

        Args:
            offset_s: when its user begins to speak; turns of several calls lie apart by it.

        Raises:
            PeerError: it did not get its call.
        """
        page = await self._context.new_page()
        try:
            # A small file of the server's: its page itself would begin a call of its own.
            await page.goto(f"{self._page_url}healthz")
            options = {
                "wavBase64": self._wav,
                "cycleS": CYCLE_S,
                "offsetS": offset_s,
                "withinMs": CONNECT_WITHIN_MS,
            }
            call_id = await page.evaluate(_PAGE, options)
        except PlaywrightError as error:
            raise PeerError("A page got no call.", found=str(error).splitlines()[0]) from error
        self.pages.append(TalkingPage(page, call_id))
        return self.pages[-1]


@asynccontextmanager
async def talking_pages(chromium: Chromium, page_url: str) -> AsyncIterator[TalkingPages]:
    """Pages of one context, closed at the end."""
    context = await chromium.browser.new_context()
    try:
        yield TalkingPages(context, page_url)
    finally:
        await context.close()
