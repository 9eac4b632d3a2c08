"""The report in a real Chromium, opened from disk, as a person would use it."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import pytest_asyncio
from playwright.async_api import Page, expect

from harness.browser.launch import Chromium
from harness.report.results import Results

LATER = re.compile(r"0:(0[1-9]|00\.[4-9])")
"""The player's clock after 0.4 s or more."""

NOTE_LABELS = """(button) => {
  const labels = [];
  const note = () => {
    if (labels.at(-1) !== button.ariaLabel) labels.push(button.ariaLabel);
    button.dataset.labels = labels;
  };
  new MutationObserver(note).observe(button, { attributeFilter: ["aria-label"] });
}"""
"""What plays for less than a second is over before a busy machine has looked twice."""


@pytest.fixture
def troubles() -> list[str]:
    """What the page logged as an error, threw, or asked the network for."""
    return []


@pytest_asyncio.fixture(loop_scope="session")
async def report(
    chromium: Chromium, runs: Path, results: Results, troubles: list[str]
) -> AsyncIterator[Page]:
    """The report of the three runs; every test ends with a look at what went wrong in it."""
    page = await chromium.browser.new_page(viewport={"width": 1280, "height": 900})
    page.on(
        "console", lambda m: troubles.append(m.text) if m.type in ("error", "warning") else None
    )
    page.on("pageerror", lambda error: troubles.append(str(error)))
    page.on("request", lambda r: troubles.append(r.url) if r.url.startswith("http") else None)
    await page.goto((runs / "report.html").as_uri())
    await expect(page.locator("#s1 .wave.sent canvas").first).to_be_visible()
    yield page
    await page.close()
    assert troubles == []


async def now_s(page: Page) -> float:
    return float(await page.locator(".seek:visible").input_value())


async def test_the_verdicts_can_be_read_at_a_glance(report: Page) -> None:
    await expect(report.locator("h1")).to_have_text("1 of 3 conversations passed")
    rows = report.locator(".overview tbody tr")
    assert [" ".join(t.split()) for t in await rows.locator(".badge").all_inner_texts()] == [
        "✓ passed",
        "✗ failed",
        "! error",
    ]


async def test_both_waveforms_and_the_words_share_one_axis(report: Page) -> None:
    sent = await report.locator("#s1 .wave.sent .canvas").bounding_box()
    heard = await report.locator("#s1 .wave.heard .canvas").bounding_box()
    assert sent is not None
    assert heard is not None
    assert (sent["x"], sent["width"]) == (heard["x"], heard["width"])
    await expect(report.locator("#s1 .wave.sent .word").first).to_have_text(
        "Go forward ten meters."
    )
    await expect(report.locator("#s1 .lane.latency .bar.reaction")).to_have_count(1)


async def test_the_audio_plays_and_the_cursor_follows(report: Page) -> None:
    """Space plays; the audio element of this call moves, and the cursor with it."""
    await report.keyboard.press(" ")
    await expect(report.locator("#s1 .play")).to_have_attribute("aria-label", "Pause")
    await expect(report.locator("#s1 .now")).to_have_text(LATER)
    await report.keyboard.press(" ")
    await expect(report.locator("#s1 .play")).to_have_attribute("aria-label", "Play")
    audio_s = await report.evaluate("document.querySelector('#s1 audio').currentTime")
    assert audio_s > 0.3
    assert await now_s(report) == pytest.approx(audio_s, abs=0.2)


async def test_times_and_code_have_signs_of_one_width(report: Page) -> None:
    """A clock that runs would jump about, and SDP is read in columns."""
    for selector in ("code", "pre", ".player .now", ".player .total"):
        found = await report.locator(selector).first.evaluate("e => getComputedStyle(e).fontFamily")
        assert "monospace" in found, selector


async def test_a_picture_of_the_whole_page_has_all_of_a_short_call(report: Page) -> None:
    """Nothing is left out because it is below the window."""
    left_out = await report.evaluate(
        "[...document.querySelectorAll('main *')].filter((e) => e.checkVisibility()"
        " && !e.checkVisibility({contentVisibilityAuto: true})).length"
    )
    assert left_out == 0


async def test_one_side_can_be_listened_to_alone(report: Page) -> None:
    await report.locator("#s1 [data-do=listen]").select_option("heard")
    await report.locator("#s1 .play").click()
    await expect(report.locator("#s1 .now")).to_have_text(LATER)
    await expect(report.locator("#s1 .play")).to_have_attribute("aria-label", "Pause")


async def test_events_are_filtered_by_lane_and_by_words(report: Page) -> None:
    rows = report.locator("#s1 .row:visible")
    everything = await rows.count()
    await report.locator("#s1 .chip", has_text="Wire").click()
    without_wire = await rows.count()
    assert 0 < without_wire < everything
    await expect(report.locator("#s1 .marks.wire .mark:visible")).to_have_count(0)
    await report.keyboard.press("/")
    await report.keyboard.type("audio_cleared")
    await expect(rows).to_have_count(1)
    await expect(report.locator("#s1 .count")).to_contain_text(f"1 of {everything}")


async def test_an_event_shows_all_of_it_and_its_moment(report: Page) -> None:
    await report.locator("#s1 .row", has_text="answer.audio_cleared").click()
    await expect(report.locator("#s1 .details h4")).to_have_text("answer.audio_cleared")
    await expect(report.locator("#s1 .details pre")).to_contain_text('"answer_id": "resp_2"')
    first_s = await now_s(report)
    assert first_s > 10
    await report.keyboard.press("k")
    assert await now_s(report) <= first_s
    await report.keyboard.press("j")
    await expect(report.locator("#s1 .details h4")).to_have_text("answer.audio_cleared")


async def test_a_mark_on_a_lane_opens_its_event(report: Page) -> None:
    mark = report.locator("#s1 .marks.webrtc .mark").last
    await mark.dispatch_event("click", {"bubbles": True})
    await expect(report.locator("#s1 .details h4")).to_have_text("data_channel.closed")


async def test_failed_expectations_lead_to_their_moment(report: Page) -> None:
    await report.locator("[data-scenario-row=s2] a").click()
    await expect(report.locator("#s2")).to_be_visible()
    await expect(report.locator("#s1")).to_be_hidden()
    problem = report.locator("#s2 .problem").first
    await expect(problem).to_contain_text("“seven” is missing")
    await problem.locator(".jump").click()
    assert await now_s(report) > 9


async def test_what_nobody_could_tell_has_its_mark_and_plays_its_stretch(report: Page) -> None:
    await report.locator("[data-scenario-row=s2] a").click()
    problem = report.locator("#s2 .problem.cannot_tell")
    await expect(problem).to_contain_text("cannot tell whether the answer does not say “Sunday”")
    await expect(problem.locator(".ears li")).to_have_count(3)
    await expect(problem.locator(".ears")).to_contain_text(
        "could not listen: An ear does not answer."
    )
    button = problem.locator("button.stretch")
    from_s = float(str(await button.get_attribute("data-from")))
    to_s = float(str(await button.get_attribute("data-to")))
    assert to_s - from_s == pytest.approx(0.7, abs=0.002)
    await report.locator("#s2 .play").evaluate(NOTE_LABELS)
    await button.click()
    await expect(report.locator("#s2 .play")).to_have_attribute("data-labels", "Pause,Play")
    assert from_s + 0.3 < await now_s(report) < to_s + 0.3
    await expect(report.locator("#s2 [data-do=listen]")).to_have_value("stereo")


async def test_hostile_text_is_shown_and_does_nothing(report: Page) -> None:
    await report.evaluate("location.hash = 's2'")
    await report.locator("#s2 .row", has_text="problem").click()
    await expect(report.locator("#s2 .details pre")).to_contain_text("</script><script>")
    assert await report.evaluate("'hacked' in window") is False


async def test_a_run_without_audio_or_end_is_shown_too(report: Page) -> None:
    await report.evaluate("location.hash = 's3'")
    await expect(report.locator("#s3 .problem")).to_contain_text("PeerLost")
    await expect(report.locator("#s3 .play")).to_be_disabled()
    await report.keyboard.press("ArrowRight")
    assert await now_s(report) == pytest.approx(1.0)


async def test_zooming_keeps_the_moment_in_view(report: Page) -> None:
    await report.evaluate("location.hash = 's1@12.9'")
    width = "document.querySelector('#s1 .lanes').clientWidth"
    before = await report.evaluate(width)
    for _ in range(4):
        await report.keyboard.press("+")
    assert await report.evaluate(width) > 4 * before
    cursor = await report.locator("#s1 .lanes > .cursor").bounding_box()
    assert cursor is not None
    assert 100 < cursor["x"] < 1270
    await report.keyboard.press("0")
    assert await report.evaluate(width) == before


async def test_a_stretch_is_measured_by_the_mouse_and_by_keys(report: Page) -> None:
    said = report.locator("#s1 .measure output")
    body = await report.locator("#s1 .wave.sent .body").bounding_box()
    assert body is not None
    await report.mouse.move(body["x"] + 100, body["y"] + 20)
    await report.mouse.down()
    await report.mouse.move(body["x"] + 300, body["y"] + 20)
    await report.mouse.up()
    await expect(said).to_have_text(re.compile(r"^0:0\d\.\d{3} to 0:0\d\.\d{3}: \d\.\d{3} s$"))
    await report.locator("#s1 [data-do=selection-copy]").click()
    await expect(report.locator("#s1 [data-do=selection-copy]")).to_have_text("Copied")
    await report.keyboard.press("Escape")
    await expect(report.locator("#s1 .selection")).to_be_hidden()
    await report.evaluate("location.hash = 's1@3'")
    await expect(report.locator("#s1 .player .now")).to_have_text("0:03.00")
    await report.keyboard.press("Shift+ArrowRight")
    await expect(said).to_have_text("0:03.000 to 0:03.100: 100 ms")


async def test_descriptions_are_compared_and_steps_lead_to_their_events(report: Page) -> None:
    """By keys alone; with everything unfolded nothing is wider than a telephone."""
    sdp = report.locator("#s1 .sdp").first
    await report.locator("#s1 [data-compare]").first.focus()
    await report.keyboard.press("Enter")
    changed = sdp.locator(".pair.changed code")
    await expect(changed).to_have_text(["a=setup:actpass", "a=setup:active"])
    await expect(sdp.locator(".tally")).to_contain_text("1 line differs")
    await sdp.locator("[data-only-changes]").focus()
    await report.keyboard.press(" ")
    await expect(sdp.locator(".pair.same", has_text="v=0")).to_be_hidden()
    await report.locator("#s1 .story button", has_text="event").first.press("Enter")
    await expect(report.locator("#s1 .details h4")).to_have_text("peer_connection.offer")
    await report.locator("#s1 .links button", has_text="peer_connection.answer").click()
    await expect(report.locator("#s1 .details h4")).to_have_text("peer_connection.answer")
    await report.locator("#s1 .ice summary").press("Enter")
    await report.set_viewport_size({"width": 390, "height": 800})
    assert await report.evaluate("document.documentElement.scrollWidth") <= 390


INKED = """() => [...document.querySelectorAll('#s2 .curve canvas')].map((canvas) => {
  const { data } = canvas.getContext('2d').getImageData(0, 0, canvas.width, canvas.height);
  return data.some((value) => value > 0);
})"""


async def test_statistics_are_curves_on_the_axis_of_the_waveforms(report: Page) -> None:
    """Drawn when zoomed too; a folded lane stays folded in the report that is opened next."""
    await report.evaluate("location.hash = 's2@3'")
    curve = report.locator("#s2 [data-curve=concealment]")
    await expect(curve.locator(".value")).to_have_text("0.7")
    await expect(curve.locator("canvas")).to_be_visible()
    for _ in range(3):
        await report.keyboard.press("+")
    # A function: where a page allows no eval, an expression is looked at once, and then an error.
    await report.wait_for_function(f"() => ({INKED})().every(Boolean)")
    axis = await report.locator("#s2 .axis .body").bounding_box()
    plot = await curve.locator(".plot").bounding_box()
    assert axis is not None
    assert plot is not None
    assert plot["width"] < axis["width"] / 3, "only what is in view is drawn"
    await curve.locator(".label").click()
    await expect(curve.locator(".plot")).to_be_hidden()
    await report.reload()
    await report.evaluate("location.hash = 's2'")
    await expect(curve.locator(".plot")).to_be_hidden()
    await report.locator("#s2 .lane-menu summary").click()
    await report.locator("#s2 [data-do=lanes-reset]").click()
    await expect(curve.locator(".plot")).to_be_visible()


async def test_the_keys_are_explained(report: Page) -> None:
    await report.keyboard.press("?")
    await expect(report.locator("dialog.help")).to_be_visible()
    await report.keyboard.press("Escape")
    await expect(report.locator("dialog.help")).to_be_hidden()


@pytest.mark.parametrize("width", [1440, 390])
async def test_the_page_itself_never_scrolls_sideways(report: Page, width: int) -> None:
    await report.set_viewport_size({"width": width, "height": 800})
    assert await report.evaluate("document.documentElement.scrollWidth") <= width


async def test_every_call_is_printed_with_its_waveforms(report: Page) -> None:
    await report.evaluate("dispatchEvent(new Event('beforeprint'))")
    await report.emulate_media(media="print")
    await expect(report.locator("#s2 .wave.heard canvas").first).to_be_visible()
    await expect(report.locator("#s2 .player")).to_be_hidden()
    await report.emulate_media(media="screen")
    await report.evaluate("dispatchEvent(new Event('afterprint'))")
    await expect(report.locator("#s2")).to_be_hidden()
