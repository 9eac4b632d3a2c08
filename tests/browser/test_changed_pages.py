"""Pages that change the language or its clocks: survived, or named as what they are."""

from __future__ import annotations

import asyncio
import time

import pytest
from playwright.async_api import Route

from harness.browser.launch import Chromium
from harness.browser.voice_page import VoicePage, open_voice_page
from harness.errors import (
    ClockError,
    ProbeBroken,
)
from tests.support.page_calls import call, chirp, place_of, wait_broken
from tests.support.page_server import PageServer

pytestmark = [pytest.mark.realtime, pytest.mark.alone]

FAKE_CLOCKS = """
Date.now = () => 42;
window.Date = class { static now() { return 42; } };
performance.now = () => 1;
window.setTimeout = window.setInterval = window.queueMicrotask = () => 0;
const asked = navigator.mediaDevices.getUserMedia({ audio: true });
for (const name of ["Promise", "Map", "Int16Array", "Float32Array", "Reflect", "JSON", "atob"])
  delete window[name];
"""


@pytest.mark.parametrize("fake", ["frozen by the page", "page.clock, before", "page.clock, after"])
async def test_a_page_s_own_clock_changes_no_time(chromium: Chromium, fake: str) -> None:
    """What was sent, and when, is the same to us; and to Python's clock."""
    context = await chromium.browser.new_context()
    if fake == "page.clock, before":
        await context.clock.install(time=0)
    async with open_voice_page(chromium, context=context) as page:
        if fake == "page.clock, after":
            await page.page.clock.install(time=0)
            await page.page.clock.pause_at(3_600_000)
        clocks = FAKE_CLOCKS if fake == "frozen by the page" else ""
        body = f"<script>{clocks} navigator.mediaDevices.getUserMedia({{ audio: true }})</script>"
        await page.page.route(
            "**/*", lambda route: route.fulfill(content_type="text/html", body=body)
        )
        await page.goto("http://localhost/")
        await page.microphone.ready()
        before_s = page.timeline.python_to_s(time.monotonic())
        played = await page.microphone.play(chirp())
        async with asyncio.timeout(20):
            async for frames in page.sent.reader():
                if frames.end_s >= played.end_s + 0.5:
                    break
        after_s = page.timeline.python_to_s(time.monotonic())
        assert before_s - 0.03 < played.start_s < before_s + 0.5
        assert played.end_s + 0.5 - 0.03 < after_s < played.end_s + 1.5
        # For how long the audio of a busy machine stood still is in this number, and rightly: a
        # stricter bound would judge the machine (0.19 s was seen).
        assert page.uncertainty_s < 0.5
        assert page.broken is None
    await context.close()


OLD_LIBRARIES = """
for (const { prototype } of [Object, Array, String, Number])
  Object.defineProperty(prototype, "toJSON", { value: () => "x" });
const fail = () => { throw new Error("the page's own"); };
for (const [owner, names] of [
  [JSON, ["stringify", "parse"]],
  [Object, ["keys", "entries", "assign", "fromEntries", "defineProperty"]],
  [Reflect, ["apply", "construct", "get", "set"]],
  [Math, ["round", "max", "min", "abs", "ceil", "floor", "log10"]],
  [Performance.prototype, ["now"]],
]) for (const name of names) owner[name] = fail;
"""


async def serve_before(page: VoicePage, script: str) -> None:
    """Let the page that calls itself begin with a script."""

    async def serve(route: Route) -> None:
        answer = await route.fetch()
        body = f"<script>{script}</script>" + await answer.text()
        await route.fulfill(response=answer, body=body)

    await page.page.route("**/loopback.html*", serve)


async def test_functions_that_a_page_replaced_are_none_of_the_probe_s(
    voice_page: VoicePage, page_server: PageServer
) -> None:
    """With `toJSON` on every prototype, and natives that only throw, a call is heard as ever."""
    await serve_before(voice_page, OLD_LIBRARIES)
    await call(voice_page, page_server.url("loopback.html?call"))
    clip = chirp()
    played = await voice_page.microphone.play(clip)
    heard_s = await place_of(clip, voice_page, played.end_s + 1.0)
    assert 0.01 < heard_s - played.start_s < 0.6
    assert voice_page.broken is None


OWN_BLOBS = """
const fail = () => { throw new Error("the page's own"); };
window.Blob = window.File = class { constructor() { fail(); } };
URL.createObjectURL = URL.revokeObjectURL = () => "nothing:";
window.URL = class {};
window.AudioWorkletNode = class { constructor() { fail(); } };
"""


async def test_a_page_with_blobs_and_addresses_of_its_own_is_heard(
    voice_page: VoicePage, page_server: PageServer
) -> None:
    """What our worklets are loaded from was taken before the page's first script."""
    await serve_before(voice_page, OWN_BLOBS)
    await call(voice_page, page_server.url("loopback.html?call"))
    clip = chirp()
    played = await voice_page.microphone.play(clip)
    heard_s = await place_of(clip, voice_page, played.end_s + 1.0)
    assert 0.01 < heard_s - played.start_s < 0.6
    assert "fallback" not in [envelope.type for envelope in voice_page.envelopes.snapshot()]


async def test_a_page_that_leaves_nothing_to_hear_with_is_no_failure_of_the_page(
    voice_page: VoicePage, page_server: PageServer
) -> None:
    """The harness is deaf, and says so at once: never a verdict on what it did not hear."""
    deaf = 'AudioContext.prototype.createMediaStreamSource = () => { throw new Error("mine"); };'
    await serve_before(voice_page, deaf)
    await voice_page.goto(page_server.url("loopback.html?call"))
    broken = await wait_broken(voice_page)
    assert isinstance(broken, ProbeBroken)
    assert "cannot hear" in str(broken)
    assert broken.found == "Error: mine"


REFUSED = """async () => {
  const ask = (constraints) =>
    navigator.mediaDevices.getUserMedia(constraints).then(() => "", ({ name }) => name);
  return [await ask(["audio"]), await ask("audio"), await ask(7), await ask()];
}"""


async def test_constraints_that_are_none_are_the_page_s_own_mistake(
    voice_page: VoicePage, page_server: PageServer
) -> None:
    """The page gets what the browser says to them, and its call goes on."""
    await call(voice_page, page_server.url("loopback.html?call"))
    assert await voice_page.page.evaluate(REFUSED) == ["TypeError"] * 4
    await voice_page.microphone.play(chirp())
    assert voice_page.broken is None


COPY = """async () => {
  const [sender] = left.getSenders();
  const third = new RTCPeerConnection(), fourth = new RTCPeerConnection();
  third.onicecandidate = ({ candidate }) => candidate && fourth.addIceCandidate(candidate);
  fourth.onicecandidate = ({ candidate }) => candidate && third.addIceCandidate(candidate);
  third.addTrack(sender.track, stream);
  await third.setLocalDescription();
  await fourth.setRemoteDescription(third.localDescription);
  await fourth.setLocalDescription();
  await third.setRemoteDescription(fourth.localDescription);
  const ids = [right, fourth].map((peer) => peer.getReceivers()[0].track.id);
  Object.assign(window, { third, fourth });
  return ids;
}"""


async def test_two_receivers_of_one_track_are_two_sources(
    voice_page: VoicePage, page_server: PageServer
) -> None:
    """Both have the sender's id; told as one, their sound would be mixed up."""
    await call(voice_page, page_server.url("loopback.html?call"))
    first, second = await voice_page.page.evaluate(COPY)
    assert first == second
    sources: set[str] = set()
    async with asyncio.timeout(20):
        async for frames in voice_page.received.reader():
            sources.add(frames.source.partition("/")[2])
            if len(sources) == 2:
                break
    assert sources == {first, f"{first}.connection-3.2"}


@pytest.mark.parametrize(
    ("script", "what"),
    [
        ("Array.prototype.map = () => 7;", "Array.prototype.map"),
        ("Array.prototype[Symbol.iterator] = () => 7;", "Array.prototype[Symbol.iterator]"),
        ("Promise.prototype.then = () => 7;", "Promise.prototype.then"),
    ],
)
async def test_a_page_that_breaks_the_probe_is_told_so(
    voice_page: VoicePage, script: str, what: str
) -> None:
    """It is an error of its own that names the function, and no silence on the page's part."""
    body = f"<script>{script} navigator.mediaDevices.getUserMedia({{ audio: true }})</script>"
    await voice_page.page.route(
        "**/*", lambda route: route.fulfill(content_type="text/html", body=body)
    )
    await voice_page.goto("http://localhost/")
    broken = await wait_broken(voice_page)
    assert isinstance(broken, ProbeBroken)
    assert str(broken.expected).startswith(f"{what} to do")
    assert broken.exit_code == 3


SAME_AGAIN = """
const { map, push } = Array.prototype;
Array.prototype.map = function (...args) { return map.apply(this, args); };
Array.prototype.push = function (...args) { return push.apply(this, args); };
const { then } = Promise.prototype;
Promise.prototype.then = function (...args) { return then.apply(this, args); };
const { addEventListener } = EventTarget.prototype;
EventTarget.prototype.addEventListener = function (...args) {
  return addEventListener.apply(this, args);
};
const { bind } = Function.prototype;
Function.prototype.bind = function (...args) { return bind.apply(this, args); };
"""


async def test_a_library_that_does_what_the_natives_did_breaks_nothing(
    voice_page: VoicePage,
) -> None:
    """Zones, polyfills and monitors wrap the natives: the microphone opens and plays as ever."""
    body = f"<script>{SAME_AGAIN} navigator.mediaDevices.getUserMedia({{ audio: true }})</script>"
    await voice_page.page.route(
        "**/*", lambda route: route.fulfill(content_type="text/html", body=body)
    )
    await voice_page.goto("http://localhost/")
    await voice_page.microphone.ready()
    await voice_page.microphone.play(chirp())
    async with asyncio.timeout(20):
        async for frames in voice_page.sent.reader():
            if frames.start_s > 0.6 and voice_page.broken is None:
                break
    assert voice_page.broken is None


WRONG_CLOCK = """
const native = performance.now.bind(performance);
const off = () => native() + OFF_MS;
performance.now = off;
window.PerformanceMark = class { get startTime() { return off(); } };
"""


@pytest.mark.parametrize(
    ("off_ms", "found"),
    [(500, "0.5 s ahead"), (3_600_000, "3600 s ahead"), (-3_000, "3 s behind")],
)
async def test_a_clock_replaced_before_the_probe_is_an_error_of_the_clock(
    chromium: Chromium, off_ms: int, found: str
) -> None:
    """Where no native is left to read the time from, nothing that was measured is believed."""
    context = await chromium.browser.new_context()
    await context.add_init_script(WRONG_CLOCK.replace("OFF_MS", str(off_ms)))
    async with open_voice_page(chromium, context=context) as page:
        body = "<script>navigator.mediaDevices.getUserMedia({ audio: true })</script>"
        await page.page.route(
            "**/*", lambda route: route.fulfill(content_type="text/html", body=body)
        )
        await page.goto("http://localhost/")
        broken = await wait_broken(page)
    await context.close()
    assert isinstance(broken, ClockError)
    assert broken.exit_code == 3
    off_s, where = str(broken.found).removeprefix("it is ").split(" s ")
    expected_s, expected_where = found.split(" s ")
    assert where == expected_where
    assert abs(float(off_s) - float(expected_s)) < 0.1
