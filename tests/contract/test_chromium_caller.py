"""A page in Chromium calls the server on each engine: the browser is the judge of our answers."""

from __future__ import annotations

import pytest

from harness.browser.launch import open_chromium
from harness.peer.backends import ENGINE_NAMES
from tests.support.local_server import local_server
from tests.support.waiting import until

pytestmark = [pytest.mark.realtime, pytest.mark.alone]

PLACE_A_CALL = """async () => {
  const minted = await (await fetch("/session", { method: "POST" })).json();
  const pc = (window.pc = new RTCPeerConnection());
  const microphone = await navigator.mediaDevices.getUserMedia({ audio: true });
  pc.addTrack(microphone.getAudioTracks()[0]);
  const channel = pc.createDataChannel("oai-events");
  const track = new Promise((resolve) => (pc.ontrack = resolve));
  const first = new Promise((resolve) => (channel.onmessage = ({ data }) => resolve(data)));
  await pc.setLocalDescription(await pc.createOffer());
  const answer = await fetch(minted.calls_url, {
    method: "POST",
    body: pc.localDescription.sdp,
    headers: {
      "Content-Type": "application/sdp",
      Authorization: `Bearer ${minted.client_secret}`,
    },
  });
  await pc.setRemoteDescription({ type: "answer", sdp: await answer.text() });
  const { streams } = await track;
  const player = Object.assign(new Audio(), { srcObject: streams[0] });
  await player.play();
  return {
    status: answer.status,
    location: answer.headers.get("Location"),
    streams: streams.length,
    first: JSON.parse(await first).type,
  };
}"""
HEARD_ENERGY = """async () => {
  for (const stats of (await window.pc.getStats()).values()) {
    if (stats.type === "inbound-rtp") return stats.totalAudioEnergy;
  }
  return 0;
}"""


@pytest.mark.browser
@pytest.mark.parametrize("engine", ENGINE_NAMES)
async def test_a_page_talks_with_the_server_and_leaves(engine: str) -> None:
    """Session first, the fake microphone's beeps there and back, and the call freed at the end."""
    async with local_server(engine) as server, open_chromium(device_mode=True) as chromium:
        page = await chromium.browser.new_page()
        await page.goto(str(server.client.make_url("/")))
        call = await page.evaluate(PLACE_A_CALL)
        assert call["status"] == 201
        assert call["location"].startswith("/v1/realtime/calls/rtc_")
        assert call["streams"] == 1
        assert call["first"] == "session.created"
        await page.wait_for_function(f"async () => await ({HEARD_ENERGY})() > 0.001")
        await page.close()
        await until(lambda: server.state.calls.running == [])
