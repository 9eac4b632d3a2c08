"""Listening: stereo, mono, swapped channels, and what is no call, with a real detector."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from harness.audio.clip import MonoFloat32
from harness.audio.signals import pink_noise
from harness.errors import FixtureError, UsageError
from harness.replay.listen import Ears, HeardCall, Listening, in_clock, listen
from harness.speech.spans import Span
from tests.support.recorded_calls import channel, fixtures_at, scribes, write_call

RATE_HZ, SECONDS = 8000, 17.0
CALLER = ["I'd like to book a table for two, please.", "Tomorrow at seven."]
AGENT = ["How can I help you?", "For when?"]
SAID = ((4.0, "booking-table-for-two"), (11.0, "booking-tomorrow-at-seven"))
ANSWERED = ((1.0, "greeting-hello-michael"), (7.5, "manual-what-time"))


def side(*placed: tuple[float, str]) -> MonoFloat32:
    return channel(fixtures_at(RATE_HZ, *placed), SECONDS, RATE_HZ)


def heard(
    folder: Path, *sides: MonoFloat32, how: Listening | None = None, ears: Ears | None = None
) -> HeardCall:
    path = write_call(folder / "call.wav", sides, RATE_HZ)
    return listen(path, how or Listening(), ears or scribes(CALLER, AGENT))


def test_a_call_on_two_channels(tmp_path: Path) -> None:
    ears = scribes([*CALLER, *AGENT, *CALLER], AGENT)
    call = heard(tmp_path, side(*SAID), side(*ANSWERED), ears=ears)
    assert call.channel == 0
    assert [turn.start for turn in call.plan.turns] == ["greeting", "answer"]
    assert call.said == tuple(CALLER)
    assert (call.greeting, call.answers) == (AGENT[0], (AGENT[1], ""))
    assert call.notes == ()
    for turn, (at_s, _) in zip(call.plan.turns, SAID, strict=True):
        assert turn.user.start_s == pytest.approx(at_s + 0.13, abs=0.03)


def test_what_is_being_done_is_told(tmp_path: Path) -> None:
    told: list[str] = []
    ears = scribes([*CALLER, *AGENT, *CALLER], AGENT)
    heard(tmp_path, side(*SAID), side(*ANSWERED), how=Listening(told=told.append), ears=ears)
    assert told[3] == "who speaks when: 0:00:17"
    assert told[-1] == "what is said: 2 of 2 on channel 2"


def test_a_time_is_written_as_a_clock_writes_it() -> None:
    assert (in_clock(0.4), in_clock(3723.2)) == ("0:00:00", "1:02:03")


def test_swapped_channels_are_set_right(tmp_path: Path) -> None:
    ears = scribes([*AGENT, *CALLER, *CALLER], AGENT)
    call = heard(tmp_path, side(*ANSWERED), side(*SAID), ears=ears)
    assert call.channel == 1
    assert call.said == tuple(CALLER)
    assert "swapped" in call.notes[0]


def test_a_channel_that_was_named_is_not_asked_about(tmp_path: Path) -> None:
    call = heard(tmp_path, side(*ANSWERED), side(*SAID), how=Listening(user="right"))
    assert call.channel == 1
    assert call.said == tuple(CALLER)


def test_where_nobody_can_tell_it_is_said(tmp_path: Path) -> None:
    call = heard(tmp_path, side(*SAID), side(*ANSWERED), ears=scribes(["Seven."], ["Eight."]))
    assert call.channel == 0
    assert "--user right" in call.notes[0]


def test_a_caller_alone(tmp_path: Path) -> None:
    call = heard(tmp_path, side(*SAID))
    assert not call.is_stereo
    assert call.said == tuple(CALLER)
    assert [turn.start for turn in call.plan.turns] == ["first", "answer"]


def test_one_silent_channel_leaves_a_caller_alone(tmp_path: Path) -> None:
    call = heard(tmp_path, 0 * side(*SAID), side(*SAID))
    assert (call.channel, call.is_stereo) == (1, False)
    assert "Only the right channel" in call.notes[0]


def test_a_caller_who_is_said_to_be_on_the_silent_channel_is_refused(tmp_path: Path) -> None:
    with pytest.raises(FixtureError, match="speech on the right channel alone, and --user left"):
        heard(tmp_path, 0 * side(*SAID), side(*SAID), how=Listening(user="left"))


def test_the_same_sound_twice_is_one_channel(tmp_path: Path) -> None:
    call = heard(tmp_path, side(*SAID), 0.7 * side(*SAID))
    assert not call.is_stereo
    assert "same sound" in call.notes[0]


def test_both_parties_on_one_channel_are_refused_unless_it_is_known_better(tmp_path: Path) -> None:
    mixed = side(*SAID) + side(*ANSWERED)
    ears = scribes([AGENT[0], CALLER[0], AGENT[1], CALLER[1]])
    with pytest.raises(FixtureError, match="both parties on one channel") as refused:
        heard(tmp_path, mixed, ears=ears)
    assert "--caller-alone" in (refused.value.hint or "")
    assert heard(tmp_path, mixed, how=Listening(caller_alone=True), ears=ears).said


def test_an_agent_alone_is_refused(tmp_path: Path) -> None:
    ears = scribes(["Thank you for calling, how can I help you?"])
    with pytest.raises(FixtureError, match="the agent on its one channel"):
        heard(tmp_path, side(*ANSWERED), ears=ears)


def test_an_agent_among_others_on_one_channel_is_refused(tmp_path: Path) -> None:
    """Also where the caller says nothing that only callers say."""
    ears = scribes(["Brook Plumbing, how can I help you?", "My kitchen tap is leaking."])
    with pytest.raises(FixtureError, match="its one channel, as it seems: “how can i help”"):
        heard(tmp_path, side(*SAID) + side(*ANSWERED), ears=ears)


@pytest.mark.parametrize("count", [1, 2])
def test_silence_is_refused(tmp_path: Path, count: int) -> None:
    with pytest.raises(FixtureError, match="nobody speaks"):
        heard(tmp_path, *[0 * side()] * count)


def test_noise_is_refused(tmp_path: Path) -> None:
    noise = pink_noise(SECONDS, 0.1, 3, RATE_HZ).samples
    with pytest.raises(FixtureError, match="nobody speaks"):
        heard(tmp_path, noise)


def test_sound_without_a_word_is_refused(tmp_path: Path) -> None:
    with pytest.raises(FixtureError, match="no word is understood"):
        heard(tmp_path, side(*SAID), ears=scribes([""]))


def test_a_few_words_that_one_recogniser_alone_hears_are_none(tmp_path: Path) -> None:
    """Of music one of them writes “You” and the other one nothing."""
    with pytest.raises(FixtureError, match="music"):
        heard(tmp_path, side(*SAID), ears=scribes(["You"], [""]))
    assert heard(tmp_path, side(*SAID), ears=scribes(["Yes."], ["Yes."])).said == ("Yes.", "Yes.")


def test_turns_without_a_word_are_kept_and_told(tmp_path: Path) -> None:
    call = heard(tmp_path, side(*SAID), ears=scribes([CALLER[0], ""]))
    assert call.said == (CALLER[0], "")
    assert "11.1" in call.notes[0]


@pytest.mark.parametrize("content", [b"", b"RIFF", b"no sound at all" * 100])
def test_a_broken_file_is_refused(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "call.wav"
    path.write_bytes(content)
    with pytest.raises(FixtureError, match="Cannot replay"):
        listen(path, Listening(), scribes(CALLER))


def test_four_channels_are_refused(tmp_path: Path) -> None:
    with pytest.raises(FixtureError, match="4 channels"):
        heard(tmp_path, *[side(*SAID)] * 4)


def test_what_is_redacted_is_no_turn_any_more(tmp_path: Path) -> None:
    ears = scribes([CALLER[0]], AGENT)
    how = Listening(user="left", redacted=(Span(10.5, 13.0),))
    call = heard(tmp_path, side(*SAID), side(*ANSWERED), how=how, ears=ears)
    assert len(call.plan.turns) == 1
    assert call.notes == ("1 turn is redacted from end to end, and left out.",)


def test_a_turn_that_is_cut_has_no_latency(tmp_path: Path) -> None:
    how = Listening(user="left", redacted=(Span(5.5, 7.0),))
    call = heard(tmp_path, side(*SAID), side(*ANSWERED), how=how)
    first = next(turn for turn in call.talk.turns if turn.user is not None)
    assert first.user is not None
    assert first.user.end_s == 5.5
    assert first.voice_to_voice_s is None


def test_what_is_redacted_within_a_turn_is_a_pause(tmp_path: Path) -> None:
    how = Listening(user="left", redacted=(Span(5.4, 6.0),))
    call = heard(tmp_path, side(*SAID), side(*ANSWERED), how=how)
    assert call.pause_s == pytest.approx(0.6, abs=0.1)
    assert len(call.plan.turns) == 2


def test_a_redaction_outside_of_the_recording_is_refused(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match=r"within its 17\.000 s"):
        heard(tmp_path, side(*SAID), how=Listening(redacted=(Span(16, 18),)))


def test_a_long_silence_behind_the_call_is_no_part_of_it(tmp_path: Path) -> None:
    quiet = np.zeros(RATE_HZ * 100, np.float32)
    quiet[: len(side())] = side(*SAID)
    call = heard(tmp_path, quiet)
    assert len(call.plan.turns) == 2
