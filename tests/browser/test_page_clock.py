"""Audio frames of several page realms on one timeline."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from harness.browser.page_clock import PageClock
from harness.timeline import Timeline

RATE_HZ = 48_000


def anchored(clock: PageClock, realm: str, frame: int, page_ms: float) -> None:
    clock.anchor(realm, frame, page_ms, RATE_HZ, uncertainty_s=0.005)


def test_a_second_realm_is_placed_by_page_time() -> None:
    """Its audio clock started a second later, so its frame 0 is a second later."""
    timeline = Timeline()
    timeline.start(10_000)
    clock = PageClock(timeline)
    anchored(clock, "top", 0, 11_000)
    anchored(clock, "frame", 0, 12_000)
    assert clock.frame_to_s("top", 0) == pytest.approx(1.0)
    assert clock.frame_to_s("frame", 0) == pytest.approx(2.0)
    assert clock.s_to_frame("frame", 2.5) == RATE_HZ // 2


def test_a_realm_is_exact_within_itself() -> None:
    """Later anchors of a realm that is not the master do not move its frames."""
    clock = PageClock(Timeline())
    anchored(clock, "top", 0, 1_000)
    anchored(clock, "frame", 0, 1_500)
    before_s = clock.frame_to_s("frame", 4_800)
    anchored(clock, "frame", 48_000, 2_517)  # the machine was busy
    assert clock.frame_to_s("frame", 4_800) == before_s


def test_the_next_realm_takes_over_when_the_master_goes() -> None:
    """After a reload the timeline goes on, driven by the new audio clock."""
    timeline = Timeline()
    clock = PageClock(timeline)
    anchored(clock, "first", 0, 1_000)
    anchored(clock, "first", 48_000, 2_000)
    clock.forget("first")
    anchored(clock, "second", 0, 5_000)
    anchored(clock, "second", 48_000, 6_000)
    assert clock.frame_to_s("second", 0) == pytest.approx(4.0)
    assert timeline.page_to_s(6_000) == pytest.approx(5.0)
    assert clock.knows("second")
    assert not clock.knows("third")


@given(st.integers(0, 10**9), st.integers(0, 10**8), st.floats(0, 1e6))
def test_there_and_back_is_the_same_frame(anchor: int, frame: int, page_ms: float) -> None:
    """Frame to seconds to frame loses nothing."""
    clock = PageClock(Timeline())
    anchored(clock, "top", anchor, page_ms)
    assert clock.s_to_frame("top", clock.frame_to_s("top", frame)) == frame


def test_the_uncertainty_is_that_of_the_anchors() -> None:
    """As measured on the page, in seconds; the master's alone."""
    timeline = Timeline()
    clock = PageClock(timeline)
    anchored(clock, "top", 0, 1_000)
    clock.anchor("frame", 0, 1_000, RATE_HZ, uncertainty_s=0.5)
    assert timeline.audio_uncertainty_s == 0.005


def test_a_realm_known_already_drives_the_line_when_the_first_is_gone() -> None:
    """Else its events would follow the wall, and its frames its audio."""
    timeline = Timeline()
    clock = PageClock(timeline)
    anchored(clock, "frame", 0, 1_000)
    anchored(clock, "top", 0, 1_000)
    clock.forget("frame")
    anchored(clock, "top", RATE_HZ, 2_500)  # its audio thread was starved for half a second
    assert timeline.page_to_s(2_500) == pytest.approx(clock.frame_to_s("top", RATE_HZ))
