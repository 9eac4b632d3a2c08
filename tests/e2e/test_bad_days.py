"""When things go wrong: a plain message, the right verdict, a trace up to that point."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from aiohttp import ClientSession, web

from harness.browser.launch import Chromium
from harness.engines.browser.open import open_call
from harness.errors import PeerLost, UsageError
from harness.scenario.run import run_scenarios
from harness.server.process.launch import RunningServer
from harness.trace import read_trace
from tests.support.small_server import CORS, html, preflight, serve

pytestmark = pytest.mark.browser

CALLS_ITSELF = """
    const [a, b] = [new RTCPeerConnection(), new RTCPeerConnection()];
    a.onicecandidate = (e) => b.addIceCandidate(e.candidate);
    b.onicecandidate = (e) => a.addIceCandidate(e.candidate);
    a.createDataChannel("x");
    await a.setLocalDescription();
    await b.setRemoteDescription(a.localDescription);
    await b.setLocalDescription();
    await a.setRemoteDescription(b.localDescription);
"""
ASKS = "await navigator.mediaDevices.getUserMedia({audio: true});"


def scenario(folder: Path, steps: str = "[{say: goforward}, {expect: {words: [x]}}]") -> Path:
    path = folder / "bad.yaml"
    path.write_text(
        "name: bad\ndefaults: {connect_s: 4, answer_s: 4, event_s: 4}\n"
        f"steps: {steps}\nassistant: {{rules: [{{say: y}}]}}\n"
    )
    return path


async def run_on_page(folder: Path, page: str) -> Any:
    """Run a scenario on a page of these words; the one result."""
    async with serve({("GET", "/"): html(page)}) as url:
        results = await run_scenarios([scenario(folder)], out=folder / "out", page_url=url)
    (result,) = results.scenarios
    assert result.verdict == "error"
    trace = read_trace(folder / "out" / "bad" / "trace.jsonl")
    assert trace.of_type("error")
    assert (folder / "out" / "report.html").exists()
    assert (folder / "out" / "junit.xml").exists()
    return result


async def test_a_page_that_never_asks_for_the_microphone(tmp_path: Path) -> None:
    result = await run_on_page(tmp_path, "<p>nothing happens here</p>")
    assert result.error.kind == "NoMicrophoneRequest"
    assert "within 4 s" in result.error.message


async def test_a_page_that_never_connects(tmp_path: Path) -> None:
    result = await run_on_page(tmp_path, f"<script type=module>{ASKS}</script>")
    assert result.error.kind == "NegotiationFailed"


DEAF = """
    AudioContext.prototype.createMediaStreamSource = () => { throw new Error("mine"); };
    const stream = await navigator.mediaDevices.getUserMedia({audio: true});
    const [a, b] = [new RTCPeerConnection(), new RTCPeerConnection()];
    a.onicecandidate = (e) => b.addIceCandidate(e.candidate);
    b.onicecandidate = (e) => a.addIceCandidate(e.candidate);
    a.addTrack(stream.getTracks()[0], stream);
    await a.setLocalDescription();
    await b.setRemoteDescription(a.localDescription);
    b.addTrack(stream.getTracks()[0], stream);
    await b.setLocalDescription();
    await a.setRemoteDescription(b.localDescription);
"""


async def test_a_page_that_leaves_nothing_to_hear_with_gets_no_verdict(tmp_path: Path) -> None:
    """The harness is deaf there: an error of its own, within seconds, and no failed expectation."""
    result = await run_on_page(tmp_path, f"<script type=module>{DEAF}</script>")
    assert result.error.kind == "ProbeBroken"
    assert "cannot hear" in result.error.message
    assert "failed" not in [one.verdict for one in result.expectations]


async def test_a_page_that_navigates_away(tmp_path: Path) -> None:
    script = f"{ASKS}{CALLS_ITSELF} setTimeout(() => location.href = 'about:blank', 500);"
    result = await run_on_page(tmp_path, f"<script type=module>{script}</script>")
    assert result.error.kind == "PageClosed"
    assert "navigated away" in result.error.message


async def test_a_page_that_is_not_there(tmp_path: Path) -> None:
    results = await run_scenarios(
        [scenario(tmp_path)], out=tmp_path / "out", page_url="http://127.0.0.1:9/"
    )
    assert results.scenarios[0].error is not None
    assert results.scenarios[0].error.kind == "ServerUnreachable"


async def run_on_server(
    folder: Path,
    monkeypatch: pytest.MonkeyPatch,
    secrets: Callable[..., Any],
    calls: Callable[..., Any] | None = None,
) -> Any:
    """Run a scenario on our page with a server made of these two endpoints; the one result."""
    monkeypatch.setenv("OPENAI_API_KEY", "sk-test-0123456789abcdef")
    routes = {("POST", "/v1/realtime/client_secrets"): secrets}
    if calls is not None:
        routes |= {
            ("POST", "/v1/realtime/calls"): calls,
            ("OPTIONS", "/v1/realtime/calls"): preflight,
        }
    async with serve(routes) as url:
        results = await run_scenarios([scenario(folder)], out=folder / "out", server_url=url)
    everything = "".join(
        p.read_text(encoding="utf-8", errors="replace")
        for p in (folder / "out").rglob("*")
        if p.suffix in {".jsonl", ".json", ".html", ".xml"}
    )
    assert "sk-test" not in everything
    assert "ek_test" not in everything
    return results.scenarios[0]


async def minted(_: web.Request) -> web.Response:
    return web.json_response(
        {"value": "ek_test_0123456789abcdef", "expires_at": 9_999_999_999, "session": {}}
    )


async def test_a_server_that_refuses_the_key(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def refuses(_: web.Request) -> web.Response:
        error = {"message": "Incorrect API key", "code": "invalid_api_key"}
        return web.json_response({"error": error}, status=401)

    result = await run_on_server(tmp_path, monkeypatch, refuses)
    assert result.error.kind == "ServerRefused"
    assert "Incorrect API key" in result.error.message


async def test_a_server_that_is_not_there(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OPENAI_API_KEY", "sk-test-0123456789abcdef")
    """Each scenario is told to have met nobody, in results and in a trace of its own."""
    path = scenario(tmp_path)
    results = await run_scenarios(
        [path, path], out=tmp_path / "out", engine="native", server_url="http://127.0.0.1:9"
    )
    errors = [result.error and result.error.kind for result in results.scenarios]
    assert errors == ["ServerUnreachable", "ServerUnreachable"]
    for name in ("bad", "bad-2"):
        assert read_trace(tmp_path / "out" / name / "trace.jsonl").of_type("error")


async def test_a_server_that_answers_nonsense_sdp(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def nonsense(_: web.Request) -> web.Response:
        return web.Response(text="v=0 hello", status=201, headers=CORS)

    result = await run_on_server(tmp_path, monkeypatch, minted, nonsense)
    assert result.error.kind == "NegotiationFailed"


async def test_a_server_that_refuses_the_call(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def refuses(_: web.Request) -> web.Response:
        error = {"message": "quota", "code": "insufficient_quota"}
        return web.json_response({"error": error}, status=429, headers=CORS)

    result = await run_on_server(tmp_path, monkeypatch, minted, refuses)
    assert result.error.kind == "NegotiationFailed"
    assert "429" in result.error.message


async def test_without_a_key_nothing_is_run(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("OPENAI_API_KEY", raising=False)
    monkeypatch.delenv("HARNESS_API_KEY", raising=False)
    with pytest.raises(UsageError, match="no key"):
        await run_scenarios([scenario(tmp_path)], out=tmp_path / "out", server_url="openai")


async def test_an_unknown_audio_file_names_scenario_and_step(tmp_path: Path) -> None:
    path = scenario(tmp_path, "[{say: nobody.wav}]")
    with pytest.raises(UsageError, match=r"bad\.yaml:3: step 1") as failed:
        await run_scenarios([path], out=tmp_path / "out")
    assert "goforward" in str(failed.value)


async def test_a_wrong_assistant_names_the_rule(tmp_path: Path) -> None:
    path = tmp_path / "bad.yaml"
    path.write_text("name: bad\nassistant: {rules: [{when: {words: [a]}}]}\nsteps: [hang_up]\n")
    with pytest.raises(UsageError, match=r"assistant\.rules\.0"):
        await run_scenarios([path], out=tmp_path / "out")


async def test_a_call_that_is_lost_in_mid_answer(
    tmp_path: Path, shared_server: RunningServer, shared_chromium: Chromium
) -> None:
    """The server hangs up while it speaks: an error, not a failed expectation."""

    async def talk() -> None:
        async with open_call(server=shared_server, chromium=shared_chromium, out=tmp_path) as call:
            await call.say("goforward")
            await call.answer_voice(within_s=30)
            await hang_up_every_call(shared_server)
            await call.answer(within_s=30)

    with pytest.raises(PeerLost):
        await talk()
    events = read_trace(tmp_path / "trace.jsonl")
    assert events.of_type("heard.voice_started")
    assert next(e.data["kind"] for e in events.of_type("error")) == "PeerLost"


async def hang_up_every_call(server: RunningServer) -> None:
    headers = {"Authorization": f"Bearer {server.api_key}"}
    async with ClientSession(headers=headers) as http:
        async with http.get(f"{server.url}/harness/calls") as answer:
            calls = json.loads(await answer.text())["calls"]
        for call in calls:
            url = f"{server.url}/v1/realtime/calls/{call['call_id']}/hangup"
            async with http.post(url) as answer:
                assert answer.status == 200
