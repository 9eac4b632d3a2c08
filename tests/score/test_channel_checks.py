import numpy as np
import numpy.typing as npt
import pytest

from harness.audio.clip import CALL_RATE_HZ
from harness.score.channel_checks import ChannelChecks, swapped
from harness.speech.spans import Span

RATE_HZ = 8_000


def talk(seconds: int, seed: int) -> npt.NDArray[np.float32]:
    """Noise whose level wanders as speech does."""
    random = np.random.default_rng(seed)
    shape = np.repeat(random.uniform(0, 1, seconds * 10), RATE_HZ // 10)
    return (random.normal(0, 0.1, seconds * RATE_HZ) * shape).astype(np.float32)


def checked(left: npt.NDArray[np.float32], right: npt.NDArray[np.float32]) -> ChannelChecks:
    checks = ChannelChecks(RATE_HZ)
    both = np.stack([left, right], axis=1)
    for first in range(0, len(both), 777):
        checks.process(both[first : first + 777])
    return checks


def test_two_parties_are_two() -> None:
    checks = checked(talk(5, 1), talk(5, 2))
    assert not checks.are_one()
    assert checks.silent() == []
    assert checks.clipped() == []


def test_one_sound_in_both_channels_is_seen_at_any_level() -> None:
    assert checked(talk(5, 1), -0.2 * talk(5, 1)).are_one()


@pytest.mark.parametrize("lag_frames", [-1_500, -80, 100, 160, 2_000])
def test_one_sound_that_comes_later_in_one_channel_is_one(lag_frames: int) -> None:
    """By up to 0.3 s, as after another codec or a room: no sample is alike, but the levels are."""
    both = talk(10, 1) + talk(10, 2)
    later = (0.4 * np.roll(both, lag_frames)).astype(np.float32)
    assert checked(both, later).are_one()


def test_parties_that_leak_into_each_other_are_two() -> None:
    """Half as loud as themselves, and 20 ms late."""
    left, right = talk(10, 1), talk(10, 2)
    leaky = (left + 0.5 * np.roll(right, 160), right + 0.5 * np.roll(left, 160))
    assert not checked(*(each.astype(np.float32) for each in leaky)).are_one()


def test_a_constant_offset_is_no_sound() -> None:
    """Cheap converters add one, the same on both channels."""
    checks = checked(talk(5, 1) + np.float32(0.2), talk(5, 2) - np.float32(0.15))
    assert not checks.are_one()
    assert checked(talk(5, 1) + np.float32(0.2), talk(5, 1) * np.float32(0.5)).are_one()
    offset = np.full(5 * RATE_HZ, 0.2, np.float32)
    assert checked(talk(5, 1), offset).silent() == ["right"]
    assert not checked(offset, offset).are_one()


def test_a_silent_channel_is_named() -> None:
    assert checked(talk(5, 1), np.zeros(5 * RATE_HZ, np.float32)).silent() == ["right"]


def test_clipping_is_told_with_its_share() -> None:
    (note,) = checked(np.clip(talk(5, 1) * 20, -1, 1), talk(5, 2)).clipped()
    assert note.startswith("The left channel is clipped")


def test_a_voice_that_leaked_over_counts_where_it_is_louder() -> None:
    first, second = talk(6, 1), talk(6, 2)
    first[3 * RATE_HZ :] = 0
    second[: 3 * RATE_HZ] = 0
    delay = RATE_HZ // 20
    leak = 0.1 * np.pad(first, (delay, 0))[: len(first)]
    checks = checked(first, second + leak)
    found = checks.without_crosstalk([Span(0, 3)], [Span(0.05, 2.95), Span(3.1, 6)])
    assert found.removed == 1
    assert found.left == (Span(0, 3),)
    assert found.right == (Span(3.1, 6),)


def test_a_voice_begins_where_it_begins_and_not_with_what_leaked_over_before() -> None:
    """A turn leaks into the other channel, and the answer begins into its end: one stretch."""
    user, agent = talk(10, 1), talk(10, 2)
    user[4 * RATE_HZ : 6 * RATE_HZ] = 0
    user[9 * RATE_HZ :] = 0
    agent[: round(8.6 * RATE_HZ)] = 0
    checks = checked(user, (agent + 0.1 * user).astype(np.float32))
    found = checks.without_crosstalk([Span(0, 4), Span(6, 9)], [Span(0, 4), Span(6, 10)])
    assert found.removed == 1
    assert found.left == (Span(0, 4), Span(6, 9))
    (answer,) = found.right
    assert answer.start_uncertainty_s is not None
    assert answer.start_s == pytest.approx(8.6, abs=answer.start_uncertainty_s)
    assert (answer.end_s, answer.end_uncertainty_s) == (10, None)


@pytest.mark.parametrize("steady", [True, False])
def test_channels_look_swapped_where_only_the_user_is_steady(steady: bool) -> None:
    """The one called agent takes 0.3 to 3 s; the one called user always 0.7 s, or not."""
    user, agent, at_s = [], [], 0.0
    for number in range(12):
        user.append(Span(at_s, at_s + 2))
        start_s = at_s + 2 + 0.3 + 2.7 * ((number * 5) % 12) / 11
        agent.append(Span(start_s, start_s + 2))
        at_s = start_s + 2 + (0.7 if steady else 0.3 + 0.2 * number)
    found = swapped(user, agent, ("left", "right"))
    assert (found is not None) is steady
    if found:
        assert "--user right" in found


def test_the_size_of_blocks_changes_nothing() -> None:
    left, right = talk(4, 1), 0.1 * talk(4, 1) + talk(4, 3)
    whole = ChannelChecks(RATE_HZ)
    whole.process(np.stack([left, right], axis=1))
    spans = [Span(0, 4)]
    assert whole.without_crosstalk(spans, spans) == checked(left, right).without_crosstalk(
        spans, spans
    )
    assert CALL_RATE_HZ > RATE_HZ
