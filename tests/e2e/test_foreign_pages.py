"""Pages that know nothing of the harness: a click to start, and an iframe that makes the call."""

from pathlib import Path

import pytest
from aiohttp import ClientSession, web

from harness.client.server_api import set_script
from harness.scenario.run import run_scenarios
from harness.server.process.launch import RunningServer
from tests.support.small_server import html, serve

pytestmark = [pytest.mark.browser, pytest.mark.realtime]

CALL = """
<button id=start>Call</button><audio autoplay></audio>
<script>
document.getElementById("start").onclick = async () => {
  const { key, url } = await (await fetch("/key", { method: "POST" })).json();
  const peer = new RTCPeerConnection();
  peer.ontrack = (e) => { document.querySelector("audio").srcObject = e.streams[0]; };
  peer.createDataChannel("oai-events");
  const stream = await navigator.mediaDevices.getUserMedia({ audio: true });
  peer.addTrack(stream.getTracks()[0], stream);
  await peer.setLocalDescription();
  const answer = await fetch(url, {
    method: "POST", body: peer.localDescription.sdp,
    headers: { Authorization: "Bearer " + key, "Content-Type": "application/sdp" },
  });
  await peer.setRemoteDescription({ type: "answer", sdp: await answer.text() });
};
</script>
"""


def scenario(folder: Path, start: str) -> Path:
    path = folder / "own.yaml"
    path.write_text(
        f"name: own\npage: {{start: [{start}]}}\n"
        "steps:\n  - say: goforward\n  - expect: {words: [weather]}\n  - hang_up\n"
    )
    return path


@pytest.mark.parametrize("framed", [False, True], ids=["top", "iframe"])
async def test_a_page_of_somebody_else_passes(
    framed: bool, shared_server: RunningServer, tmp_path: Path
) -> None:
    await set_script(shared_server, {"rules": [{"say": "The weather on the hill is nice today."}]})

    async def key(_: web.Request) -> web.Response:
        url = f"{shared_server.url}/v1/realtime"
        headers = {"Authorization": f"Bearer {shared_server.api_key}"}
        async with ClientSession(headers=headers) as http:
            answer = await http.post(f"{url}/client_secrets", json={})
            minted = await answer.json()
        return web.json_response({"key": minted["value"], "url": f"{url}/calls"})

    frame = '<iframe src="/call" allow="microphone; autoplay"></iframe>'
    routes = {
        ("GET", "/"): html(frame if framed else CALL),
        ("GET", "/call"): html(CALL),
        ("POST", "/key"): key,
    }
    async with serve(routes) as url:
        path = scenario(tmp_path, "{click: '#start'}")
        results = await run_scenarios([path], out=tmp_path / "out", page_url=url)
    (result,) = results.scenarios
    assert result.verdict == "passed", (result.error, result.expectations)
