"""The page of `harness bench page-overhead`, and the public client that is put into it."""

from __future__ import annotations

import json
from pathlib import Path

RTCSTATS_HOME = Path(__file__).resolve().parents[2] / "web" / "node_modules" / "rtcstats"
"""Where the checks of the page's scripts install it; a package of ours has none."""

CALL = r"""
async (withinMs) => {
  const answer = await fetch("/session", { method: "POST" });
  if (!answer.ok) throw new Error(`no session: ${answer.status}`);
  const { client_secret: key, calls_url: url } = await answer.json();
  const began = performance.now();
  const microphone = await navigator.mediaDevices.getUserMedia({ audio: true });
  const pc = new RTCPeerConnection();
  for (const track of microphone.getTracks()) pc.addTrack(track, microphone);
  const speaker = new Audio();
  pc.ontrack = ({ streams }) => { speaker.srcObject = streams[0]; void speaker.play(); };
  const channel = pc.createDataChannel("oai-events");
  const opened = new Promise((resolve, reject) => {
    channel.onopen = () => resolve(performance.now() - began);
    setTimeout(() => reject(new Error("the data channel did not open")), withinMs);
  });
  const asked = new Map(), waitsMs = [];
  channel.onmessage = ({ data }) => {
    const id = JSON.parse(data).error?.event_id;
    if (!asked.has(id)) return;
    waitsMs.push(performance.now() - asked.get(id));
    asked.delete(id);
  };
  await pc.setLocalDescription();
  const call = await fetch(url, {
    method: "POST",
    headers: { Authorization: `Bearer ${key}`, "Content-Type": "application/sdp" },
    body: pc.localDescription.sdp,
  });
  if (!call.ok) throw new Error(`the call was refused: ${call.status} ${await call.text()}`);
  await pc.setRemoteDescription({ type: "answer", sdp: await call.text() });
  const connectMs = await opened;
  let count = 0;
  const asking = setInterval(() => {
    const id = `ask_${count++}`;
    asked.set(id, performance.now());
    const type = "conversation.item.retrieve";
    channel.send(JSON.stringify({ type, event_id: id, item_id: "none" }));
  }, 100);
  globalThis.overheadCall = {
    waitsMs,
    end() {
      clearInterval(asking);
      for (const track of microphone.getTracks()) track.stop();
      pc.close();
    },
  };
  return connectMs;
}
"""


def rtcstats_script(sink_url: str, every_s: float, home: Path = RTCSTATS_HOME) -> str | None:
    """The client as a page's first script, sending to this WebSocket; None where it is missing.

    Args:
        sink_url: ws://127.0.0.1:PORT, without a path.
        every_s: how often it reads the statistics.
    """
    try:
        trace, client = (
            (home / name).read_text("utf-8") for name in ("trace-ws.js", "rtcstats.js")
        )
    except OSError:
        return None
    return f"""(() => {{
  const load = (run) => {{
    const module = {{ exports: {{}} }};
    run(module);
    return module.exports;
  }};
  // With it, the client asks for statistics as Chromium had them in 2016.
  delete Navigator.prototype.webkitGetUserMedia;
  const trace = load((module) => {{ {trace} }})({json.dumps(sink_url)});
  load((module) => {{ {client} }})(trace, {round(every_s * 1000)}, [""]);
}})();"""
