"""A page without a peer connection: its call is followed by its sound alone."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest

from harness.audio.fixtures import load_manifest
from harness.audio.resample import resample
from harness.resources import fixtures_dir
from harness.scenario.run import run_scenarios
from tests.support.sound_pages import AGENT_RATE_HZ, serve_sound_pages

pytestmark = [pytest.mark.browser, pytest.mark.realtime]

TALK = """
name: talk
page: {{url: "{url}/websocket-worklet/index.html?far=agent"}}
steps:
  - say: goforward
  - expect: {{words: [name], voice_to_voice_s: 2, within_s: 8}}
  - device: {{unplug: microphone}}
  - expect: {{no_answer: true, within_s: 1}}
  - hang_up
"""
REFUSED = """
name: refused
page: {{url: "{url}/refused/index.html", microphone: deny}}
steps:
  - expect: {{no_answer: true, within_s: 0.5}}
  - hang_up
"""


async def test_a_page_that_talks_over_a_websocket_is_judged_like_any_other(tmp_path: Path) -> None:
    clip = load_manifest(fixtures_dir() / "manifest.json")["booking-my-name"].load().clip
    sound = resample(clip.samples, clip.sample_rate_hz, AGENT_RATE_HZ)
    answer = (sound * 32_767).astype("<i2").tobytes()
    paths = [tmp_path / "talk.yaml", tmp_path / "refused.yaml"]
    async with serve_sound_pages(answer) as server:
        for path, text in zip(paths, (TALK, REFUSED), strict=True):
            path.write_text(text.format(url=server.url("").rstrip("/")))
        results = await run_scenarios(paths, out=tmp_path / "out")
    talk, refused = results.scenarios
    assert talk.verdict == "passed", (talk.error, talk.expectations)
    assert refused.verdict == "passed", (refused.error, refused.expectations)
    lines = (tmp_path / "out" / "talk" / "trace.jsonl").read_text().splitlines()
    trace = [json.loads(line) for line in lines[1:]]
    types = [line["type"] for line in trace]
    assert "peer_connection.created" not in types
    [told] = [line for line in trace if line["type"] == "microphone.access"]
    assert told["data"] == {"access": "none"}
    [judged] = [line["data"] for line in trace if line["type"] == "answer.judged"]
    assert 0.7 < judged["voice_to_voice_s"] < 2
    assert np.isfinite(judged["voice_to_voice_s"])
