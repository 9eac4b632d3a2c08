"""The Realtime page in real Chromium, against a fake endpoint that a test scripts."""

from __future__ import annotations

import asyncio
import re
from typing import Any

import pytest
from playwright.async_api import Browser, Locator, Page, expect
from playwright.async_api import Error as PlaywrightError

from tests.support.fake_realtime import SECRET, FakeCall, FakeRealtime
from tests.web.conversation_events import answer_begins, answer_ends, interrupted, user_speaks

# Measures the assistant's voice before and behind everything that the page does to it.
LISTEN_TO_LOUDSPEAKER = """
window.loudspeakers = [];
const connect = AudioNode.prototype.connect;
const listen = (node) => {
  const analyser = node.context.createAnalyser();
  connect.call(node, analyser);
  return analyser;
};
AudioNode.prototype.connect = function (to, ...more) {
  if (to instanceof AudioDestinationNode) window.loudspeakers.push(listen(this));
  else if (to instanceof GainNode) window.arriving = listen(this);
  return connect.call(this, to, ...more);
};
const rms = (analyser) => {
  const samples = new Float32Array(analyser.fftSize);
  analyser.getFloatTimeDomainData(samples);
  return Math.sqrt(samples.reduce((sum, sample) => sum + sample * sample, 0) / samples.length);
};
window.amplification = () => {
  const arriving = window.arriving ? rms(window.arriving) : 0;
  return arriving > 0.1 ? rms(window.loudspeakers[0]) / arriving : null;
};
"""

# Keeps what getUserMedia gave, so that a test sees the track as the page left it.
KEEP_MICROPHONE = """
const devices = navigator.mediaDevices;
const getUserMedia = devices.getUserMedia.bind(devices);
devices.getUserMedia = async (...asked) => (window.microphone = await getUserMedia(...asked));
"""


async def start(page: Page, endpoint: FakeRealtime) -> FakeCall:
    """Start a call as a person would, and wait until it is there."""
    number = len(endpoint.calls)
    await page.get_by_role("button", name="Start the call").click()
    call = await endpoint.call(number)
    await expect(status(page)).to_have_text("Connected")
    return call


def status(page: Page) -> Locator:
    return page.locator("#status")


def turns(page: Page) -> Locator:
    return page.get_by_role("log", name="Transcript").get_by_role("listitem")


async def rt(page: Page, expression: str) -> Any:
    """The value of an expression on window.RT."""
    return await page.evaluate(f"() => window.RT.{expression}")


async def rt_error(page: Page, expression: str) -> dict[str, str]:
    """What a call on window.RT rejects with."""
    return await page.evaluate(  # type: ignore[no-any-return]
        f"() => window.RT.{expression}.then(() => null, ({{code, message, hint}}) => "
        "({code, message, hint}))"
    )


async def test_a_click_connects_and_the_microphone_is_heard(
    page: Page, endpoint: FakeRealtime
) -> None:
    call = await start(page, endpoint)
    assert call.authorization == f"Bearer {SECRET}"
    assert "webrtc-datachannel" in call.offer
    assert await call.hear(frames=75) > 1_000  # the fake device beeps once a second
    assert (await rt(page, "state()"))["callId"] == "rtc_fake_1"


async def test_autostart_connects_without_a_click(page: Page, endpoint: FakeRealtime) -> None:
    await page.goto(f"{endpoint.url}?autostart=1")
    await expect(status(page)).to_have_text("Connected")


async def test_the_transcript_shows_both_sides_in_order(page: Page, endpoint: FakeRealtime) -> None:
    call = await start(page, endpoint)
    user_speaks(call, "u1", "Go forward ten meters.")
    answer_begins(call, "r1", "a1", "Driving ten", previous="u1")
    await expect(turns(page)).to_have_text([r"YouGo forward ten meters.", "AssistantDriving ten "])
    await expect(turns(page).nth(1)).to_have_attribute("aria-busy", "true")
    await expect(page.get_by_text("The assistant is speaking")).to_be_visible()
    answer_ends(call, "r1", "a1", "Driving ten meters.")
    call.send("output_audio_buffer.stopped", response_id="r1")
    await expect(turns(page).nth(1)).to_have_text("AssistantDriving ten meters.")
    await expect(turns(page).nth(1)).to_have_attribute("aria-busy", "false")
    await expect(page.get_by_text("Listening")).to_be_visible()


async def test_an_interrupted_answer_is_marked_and_cut(page: Page, endpoint: FakeRealtime) -> None:
    text = "one two three four five six seven eight nine ten eleven twelve"
    call = await start(page, endpoint)
    answer_begins(call, "r1", "a1", text)
    answer_ends(call, "r1", "a1", text)
    interrupted(call, "r1", "a1", heard_ms=1_000)
    turn = turns(page).first
    await expect(turn.locator(".turn-note")).to_have_text("Interrupted after 1.0 s")
    await expect(turn.locator(".turn-heard")).to_have_text("one two three")
    await expect(turn.locator(".turn-unheard")).to_have_text(
        " four five six seven eight nine ten eleven twelve"
    )
    await expect(page.get_by_text("You are speaking")).to_be_visible()


async def test_text_of_the_server_is_never_markup(page: Page, endpoint: FakeRealtime) -> None:
    hostile = "<img src=x onerror=alert(1)><b>bold</b>"
    call = await start(page, endpoint)
    user_speaks(call, "u1", hostile)
    call.error(hostile, "odd")
    await expect(turns(page).first).to_contain_text(hostile)
    await expect(page.get_by_role("alert")).to_contain_text(hostile)
    assert await page.locator("main img, main b, #toasts img, #toasts b").count() == 0


async def test_mute_silences_the_track_and_keeps_it(page: Page, endpoint: FakeRealtime) -> None:
    await page.add_init_script(KEEP_MICROPHONE)
    await page.reload()
    call = await start(page, endpoint)
    await page.get_by_role("button", name="Mute microphone").click()
    await expect(page.get_by_role("button", name="Mute microphone", pressed=True)).to_be_visible()
    track = "window.microphone.getAudioTracks()[0]"
    assert await page.evaluate(f"[{track}.enabled, {track}.readyState]") == [False, "live"]
    async with asyncio.timeout(30):  # what was on its way comes first
        while await call.hear(frames=75) >= 100:
            pass
    await expect(page.get_by_text("Your microphone is off")).to_be_visible()
    await rt(page, "micOn()")
    assert await page.evaluate(f"{track}.enabled") is True
    assert await call.hear(frames=75) > 1_000


async def test_volume_reaches_twice_and_zero_through_one_player(
    page: Page, endpoint: FakeRealtime
) -> None:
    await page.add_init_script(LISTEN_TO_LOUDSPEAKER)
    await page.reload()
    call = await start(page, endpoint)
    call.voice.is_speaking = True
    await expect_amplification(page, 1)
    await page.get_by_label("Volume").fill("2")
    await expect_amplification(page, 2)
    await rt(page, "setVolume(0)")
    await expect_amplification(page, 0)
    assert await page.evaluate("window.loudspeakers.length") == 1
    assert await page.evaluate("document.querySelector('audio').muted") is True
    await expect(page.get_by_label("Volume")).to_have_attribute("aria-valuetext", "0 %")


async def expect_amplification(page: Page, factor: float) -> None:
    """Wait until the voice leaves the page this much louder than it came in."""
    await page.wait_for_function(
        "(factor) => { const now = window.amplification();"
        " return now !== null && Math.abs(now - factor) < 0.02; }",
        arg=factor,
    )


async def test_loudness_of_both_sides_is_drawn(page: Page, endpoint: FakeRealtime) -> None:
    call = await start(page, endpoint)
    call.voice.is_speaking = True
    await page.wait_for_function("""() => {
      const canvas = document.getElementById("levels");
      const { width, height } = canvas;
      const drawn = (y) => canvas.getContext("2d").getImageData(0, y, width, 8).data
        .some((value, index) => index % 4 === 3 && value > 100);
      return drawn(Math.round(height * 0.3)) && drawn(Math.round(height * 0.7));
    }""")


async def test_a_refused_call_tells_the_servers_message(page: Page, endpoint: FakeRealtime) -> None:
    endpoint.refuse_call = (401, "Your secret has expired.")
    await page.get_by_role("button", name="Start the call").click()
    await expect(page.get_by_role("alert")).to_contain_text("(401): Your secret has expired.")
    await expect(status(page)).to_have_text("Call ended")
    await expect(page.get_by_role("button", name="Start the call")).to_be_enabled()
    await page.get_by_role("button", name="Dismiss message").click()
    await expect(page.get_by_role("alert")).to_have_count(0)


async def test_a_refused_secret_and_a_nonsense_answer_are_told(
    page: Page, endpoint: FakeRealtime
) -> None:
    endpoint.refuse_secret = (429, "Too many calls.")
    assert "Too many calls." in (await rt_error(page, "connect()"))["message"]
    endpoint.refuse_secret = None
    endpoint.answer_sdp = "this is no SDP"
    error = await rt_error(page, "connect()")
    assert error["code"] == "bad_answer"
    assert "SDP" in error["message"]


async def test_an_api_key_never_leaves_the_page(page: Page, endpoint: FakeRealtime) -> None:
    endpoint.secret = "sk-live-123"
    error = await rt_error(page, "connect()")
    assert error["code"] == "api_key_refused"
    assert "123" not in str(error)
    assert (await rt_error(page, "init({clientSecret: 'sk-1'})"))["code"] == "api_key_refused"
    assert endpoint.calls == []


async def test_a_denied_microphone_says_what_to_do(
    page_browser: Browser, endpoint: FakeRealtime
) -> None:
    context = await page_browser.new_context()
    page = await context.new_page()
    await page.add_init_script("""
      navigator.mediaDevices.getUserMedia = async () => {
        throw new DOMException("Permission denied", "NotAllowedError");
      };""")
    await page.goto(endpoint.url)
    await page.get_by_role("button", name="Start the call").click()
    await expect(page.get_by_role("alert")).to_contain_text("did not allow the microphone")
    await expect(page.get_by_role("alert")).to_contain_text("Allow it at the microphone")
    assert endpoint.secrets_given == 0
    await context.close()


async def test_a_server_that_goes_away_ends_the_call(page: Page, endpoint: FakeRealtime) -> None:
    call = await start(page, endpoint)
    call.channel.close()
    await expect(page.get_by_role("alert")).to_contain_text("The server ended the call.")
    state = await rt(page, "state()")
    assert state["status"] == "ended"
    assert state["error"]["code"] == "server_lost"


async def test_a_server_event_error_is_a_toast_and_the_call_goes_on(
    page: Page, endpoint: FakeRealtime
) -> None:
    endpoint.refused["session.update"] = {
        "code": "unknown_parameter",
        "message": "Unknown parameter: 'session.foo'.",
    }
    await start(page, endpoint)
    error = await rt_error(page, "updateSession({foo: 1})")
    assert error["code"] == "unknown_parameter"
    await expect(page.get_by_role("alert")).to_contain_text("Unknown parameter: 'session.foo'.")
    await expect(status(page)).to_have_text("Connected")


async def test_the_keyboard_alone_is_enough(page: Page, endpoint: FakeRealtime) -> None:
    await page.keyboard.press("s")
    await endpoint.call()
    await expect(status(page)).to_have_text("Connected")
    await page.keyboard.press("m")
    assert (await rt(page, "state()"))["muted"] is True
    await page.keyboard.press("+")
    assert (await rt(page, "state()"))["volume"] == 1.1
    await page.keyboard.press("?")
    await expect(page.get_by_role("heading", name="Keyboard shortcuts")).to_be_visible()
    await page.keyboard.press("Escape")
    await expect(page.get_by_role("heading", name="Keyboard shortcuts")).to_be_hidden()
    await page.keyboard.press("h")
    await expect(status(page)).to_have_text("Call ended")


async def test_focus_can_be_seen_and_follows_the_exchanged_button(
    page: Page, endpoint: FakeRealtime
) -> None:
    await page.get_by_role("button", name="Start the call").focus()
    await page.keyboard.press("Enter")
    await endpoint.call()
    await expect(page.get_by_role("button", name="Hang up")).to_be_focused()
    await page.keyboard.press("Tab")
    focused = "getComputedStyle(document.activeElement).outlineStyle"
    assert await page.evaluate(focused) == "solid"


async def test_shortcuts_can_be_switched_off(page: Page, endpoint: FakeRealtime) -> None:
    await page.get_by_role("button", name="Keyboard shortcuts").click()
    await page.get_by_label("Use these shortcuts").uncheck()
    await page.keyboard.press("m")
    assert (await rt(page, "state()"))["muted"] is False


async def test_names_for_a_screen_reader(page: Page, endpoint: FakeRealtime) -> None:
    await expect(page.get_by_role("log", name="Transcript")).to_have_attribute(
        "aria-live", "polite"
    )
    await expect(page.get_by_role("status")).to_have_text("Not connected")
    await expect(page.get_by_role("slider", name="Volume")).to_have_attribute(
        "aria-valuetext", "100 %"
    )
    await expect(
        page.get_by_role("img", name=re.compile("Loudness of both voices"))
    ).to_be_visible()
    await expect(page.get_by_role("group", name="Call controls")).to_be_visible()
    for name in ("Mute microphone", "Start the call", "Interrupt the assistant"):
        await expect(page.get_by_role("button", name=name, exact=True)).to_be_visible()
    unnamed = await page.evaluate(
        "[...document.querySelectorAll('button, input')].filter((control) => !control.ariaLabel"
        " && !control.textContent.trim() && !control.labels?.length).length"
    )
    assert unnamed == 0


async def test_the_interrupt_button_stops_making_and_playing(
    page: Page, endpoint: FakeRealtime
) -> None:
    call = await start(page, endpoint)
    button = page.get_by_role("button", name="Interrupt the assistant")
    await expect(button).to_be_disabled()
    answer_begins(call, "resp_1", "a1", "A long story")
    await button.click()
    await call.expect("response.cancel")
    await call.expect("output_audio_buffer.clear")
    await expect(turns(page).first.locator(".turn-note")).to_contain_text("Interrupted")


async def test_a_manual_turn_is_sent_by_hand(page: Page, endpoint: FakeRealtime) -> None:
    call = await start(page, endpoint)
    await expect(page.get_by_role("button", name="Send turn")).to_be_hidden()
    await rt(page, "updateSession({audio: {input: {turn_detection: null}}})")
    await page.get_by_role("button", name="Send turn").click()
    await call.expect("response.create")
    assert [event["type"] for event in call.received[-2:]] == [
        "input_audio_buffer.commit",
        "response.create",
    ]


async def test_the_surface_drives_a_whole_call(page: Page, endpoint: FakeRealtime) -> None:
    await rt(page, "init({session: {instructions: 'Sing.'}, volume: 0.5})")
    state = await rt(page, "connect()")
    assert state["status"] == "connected"
    assert state["session"]["instructions"] == "Sing."
    assert state["volume"] == 0.5
    call = await endpoint.call()
    assert call.received[0]["session"] == {"type": "realtime", "instructions": "Sing."}
    assert (await rt(page, "respond()"))["id"] == "resp_1"
    assert await rt(page, "commit()") == "item_u"
    assert await rt(page, "cancel()") is True
    await rt(page, "truncate('a1', 500)")
    assert (await call.expect("conversation.item.truncate"))["audio_end_ms"] == 500
    assert await rt(page, "clearOutputAudio()") is False
    event_id = await rt(page, "sendEvent({type: 'input_audio_buffer.clear'})")
    assert (await call.expect("input_audio_buffer.clear"))["event_id"] == event_id
    assert SECRET not in str(await rt(page, "state()"))
    assert (await rt(page, "close()"))["status"] == "ended"


async def test_two_connects_at_once_are_refused(page: Page, endpoint: FakeRealtime) -> None:
    outcome = await page.evaluate(
        "async () => (await Promise.allSettled([RT.connect(), RT.connect()]))"
        ".map(({status, reason}) => [status, reason?.code ?? null])"
    )
    assert outcome == [["fulfilled", None], ["rejected", "busy"]]
    assert len(endpoint.calls) == 1


async def test_close_during_connect_works(page: Page, endpoint: FakeRealtime) -> None:
    await page.add_init_script(KEEP_MICROPHONE)
    await page.reload()
    endpoint.hold_answers.clear()
    connecting = asyncio.ensure_future(rt_error(page, "connect()"))
    await page.wait_for_function("() => window.microphone")
    assert (await rt(page, "close()"))["status"] == "ended"
    assert (await connecting)["code"] == "closed"
    assert await page.evaluate("window.microphone.getTracks()[0].readyState") == "ended"
    await expect(page.get_by_role("alert")).to_have_count(0)
    endpoint.hold_answers.set()
    await rt(page, "connect()")


async def test_commands_outside_a_call_reject_plainly(page: Page) -> None:
    with pytest.raises(PlaywrightError, match="There is no call to send that to"):
        await rt(page, "respond()")


@pytest.mark.parametrize("width", [320, 390, 1200])
async def test_the_page_fits_its_window(page: Page, endpoint: FakeRealtime, width: int) -> None:
    await page.set_viewport_size({"width": width, "height": 700})
    call = await start(page, endpoint)
    user_speaks(call, "u1", "word " * 80)
    user_speaks(call, "u2", "x" * 300, previous="u1")
    await expect(turns(page)).to_have_count(2)
    root = "document.documentElement"
    assert await page.evaluate(f"{root}.scrollWidth <= {root}.clientWidth")
    assert await page.evaluate(f"{root}.scrollHeight <= {root}.clientHeight")
    await expect(turns(page).last).to_be_in_viewport()
    await expect(page.get_by_role("button", name="Hang up")).to_be_in_viewport(ratio=1)
