"""What is no answer, and sounds like one: whole conversations, in memory."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from harness.audio.clip import MonoFloat32
from harness.call.callers import Callers
from harness.call.utterance import from_file
from harness.engines.simulated.server import SimulatedServer
from harness.realtime.server.assistants.assistant import Say, Wait
from harness.score.call_record import load_call
from tests.support.sound_assistant import (
    Answers,
    fixture,
    over_each_other,
    played,
    run_against,
    tone,
)

pytestmark = pytest.mark.usefixtures("fresh_speech")

TABLE = "  - say: booking-table-for-two\n"
ECHO_TICKS = 90
"""4.5 s."""

LONG = """We opened forty years ago as a small bakery by the harbour. Then my grandmother added six
tables, and people began to come for dinner."""


@pytest.mark.parametrize("after_s", [0.0, 4.0])
async def test_the_users_own_recording_played_again_answers_nothing(
    after_s: float, tmp_path: Path
) -> None:
    """However late it comes, and whatever is expected of it."""
    judged = await run_against(
        [played(fixture("booking-table-for-two"), "A table for two.", after_s)],
        f"{TABLE}  - expect: {{words: [table], not_words: [sorry], voice_to_voice_s: 8}}",
        tmp_path,
    )
    assert [verdict for _, verdict, _ in judged.found] == ["failed"] * 3
    assert "nobody answered: its sound is what the user said at 0." in judged.found[0][2]


async def test_a_copy_is_taken_for_an_answer_where_the_scenario_allows_it(tmp_path: Path) -> None:
    judged = await run_against(
        [played(fixture("booking-table-for-two"), "A table for two.")],
        f"{TABLE}  - expect: {{words: [table]}}",
        tmp_path,
        more="allow_problems: [own_voice]",
    )
    assert judged.verdict == "passed", judged.found


async def test_what_was_said_turns_ago_is_no_answer_now(tmp_path: Path) -> None:
    judged = await run_against(
        [Say("For when?"), played(fixture("booking-table-for-two"), "A table for two.")],
        f"""{TABLE}  - expect: {{words: [when]}}
  - say: booking-tomorrow-at-seven
  - wait: {{answer: true}}""",
        tmp_path,
    )
    kind, verdict, found = judged.found[-1]
    assert (kind, verdict) == ("wait", "failed")
    assert "“I'd like to book a table for two, please.”" in found


async def test_what_another_caller_said_is_no_answer(tmp_path: Path) -> None:
    """The server mixes up its calls."""
    callers = Callers()
    callers.join("weather").said(from_file("manual-what-time"), 1.0)
    judged = await run_against(
        [played(fixture("manual-what-time"), "We open at eight.")],
        f"{TABLE}  - expect: {{words: [open]}}",
        tmp_path,
        callers=callers,
    )
    ((_, verdict, found),) = judged.found
    assert verdict == "failed"
    assert "what the user of another call (“weather”) said again" in found


@pytest.mark.parametrize("answer", ["booking-table-for-two-michael", "manual-what-time"])
async def test_the_users_words_in_another_voice_and_a_recording_nobody_said_are_answers(
    answer: str, tmp_path: Path
) -> None:
    callers = Callers()
    callers.join("other").said(from_file("manual-sunday"), 1.0)
    word = "table" if "table" in answer else "open"
    judged = await run_against(
        [played(fixture(answer), "")],
        f"{TABLE}  - expect: {{words: [{word}]}}",
        tmp_path,
        callers=callers,
    )
    assert judged.verdict == "passed", judged.found


@pytest.mark.parametrize("transcript", ["", "Your table is booked."])
@pytest.mark.parametrize("hz", [(440.0,), (261.6, 329.6, 392.0)], ids=["a tone", "music"])
async def test_a_sound_that_is_no_speech_is_named(
    hz: tuple[float, ...], transcript: str, tmp_path: Path
) -> None:
    judged = await run_against(
        [played(tone(2.0, hz), transcript)],
        f"""{TABLE}  - expect: {{not_words: [sorry], voice_to_voice_s: 5, within_s: 8}}""",
        tmp_path,
    )
    assert [verdict for _, verdict, _ in judged.found] == ["failed", "failed"]
    for _, _, found in judged.found:
        assert "a sound was heard, and no speech in it" in found


@pytest.mark.parametrize("transcript", ["", "Your table is booked."])
async def test_no_answer_tells_of_a_tone(transcript: str, tmp_path: Path) -> None:
    """A tone is no voice; an answer that claims words is one, whatever it sounds like."""
    steps = f"{TABLE}  - expect: {{no_answer: true, within_s: 4}}"
    judged = await run_against([played(tone(), transcript)], steps, tmp_path)
    ((_, verdict, found),) = judged.found
    assert verdict == ("failed" if transcript else "passed")
    assert "a sound was heard, and no speech in it" in found


@pytest.mark.parametrize("is_music", [False, True])
async def test_a_greeting_answers_nothing(is_music: bool, tmp_path: Path) -> None:
    """It is heard before the user has said anything, and the user is not answered."""
    hello = Say("Good evening! A table for how many?")
    judged = await run_against(
        [None],
        f"""  - send: {{type: response.create}}
  - wait: {{event: output_audio_buffer.stopped}}
{TABLE}  - expect: {{words: [table], voice_to_voice_s: 2, within_s: 5}}""",
        tmp_path,
        greeting=played(tone(), "Good evening! A table for how many?") if is_music else hello,
    )
    assert [verdict for _, verdict, _ in judged.found[:2]] == ["failed", "failed"]
    assert "that nobody had asked for (a greeting" in judged.found[0][2]
    assert "“Good evening!" in judged.found[0][2]


async def test_two_voices_at_once_are_never_a_pass_of_what_nobody_understands(
    tmp_path: Path,
) -> None:
    both = over_each_other(fixture("sense-0890"), fixture("sense-0920"))
    judged = await run_against(
        [played(both, "We are open on Sunday.")],
        f"{TABLE}  - expect: {{words: [sunday], not_words: [selfish], within_s: 20}}",
        tmp_path,
    )
    words, not_words = judged.found
    assert words[1] != "passed"
    assert not_words[1] != "passed", not_words


async def test_an_answer_that_was_cut_and_begins_again_is_named(tmp_path: Path) -> None:
    judged = await run_against(
        [Say(LONG), Say(LONG)],
        """  - say: interruption-tell-me
  - interrupt: {after_ms: 1500, say: interruption-stop}
  - expect: {no_answer: true, within_s: 6}""",
        tmp_path,
    )
    _, verdict, found = judged.found[-1]
    assert verdict == "failed"
    assert "that answer began again" in found


async def test_an_answer_that_began_again_holds_by_its_own_words_alone(tmp_path: Path) -> None:
    judged = await run_against(
        [Say(LONG), Say(LONG)],
        """  - say: interruption-tell-me
  - interrupt: {after_ms: 1500, say: interruption-stop}
  - expect: {words: [sorry], within_s: 20}""",
        tmp_path,
    )
    _, verdict, found = judged.found[-1]
    assert verdict == "failed"
    assert "that answer began again" in found


@pytest.mark.parametrize("answers", [[None], [(Wait(7.0), played(fixture("manual-what-time")))]])
async def test_an_echo_that_comes_seconds_later_is_not_waited_for_and_answers_nothing(
    answers: Answers, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """No event tells of it: a speaker in the next room, or a bridge that is slow."""
    sent: list[MonoFloat32] = [np.zeros(2_400, np.float32)] * ECHO_TICKS
    receive, pull = SimulatedServer.receive_audio, SimulatedServer.pull_playback

    def receive_audio(server: SimulatedServer, samples: MonoFloat32, now_s: float) -> None:
        sent.append(samples)
        receive(server, samples, now_s)

    def pull_playback(server: SimulatedServer, frames: int, now_s: float) -> MonoFloat32:
        return pull(server, frames, now_s) + sent.pop(0)

    monkeypatch.setattr(SimulatedServer, "receive_audio", receive_audio)
    monkeypatch.setattr(SimulatedServer, "pull_playback", pull_playback)
    word = "table" if answers == [None] else "time"
    judged = await run_against(
        answers, f"{TABLE}  - expect: {{words: [{word}], within_s: 15}}", tmp_path
    )
    ((_, verdict, found),) = judged.found
    assert verdict == ("failed" if answers == [None] else "passed"), found
    if answers == [None]:
        assert "its sound is what the user said at 0." in found
    (echo,) = judged.trace.of_type("heard.own_voice")
    record = load_call(tmp_path)
    assert all(span.start_s > echo.data["end_s"] for span in record.heard_spans), "nor is it there"
    assert any("what the user said at" in note for note in record.notes)
