"""Which answer answers: whole conversations, in memory."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
import soundfile

from harness.audio.clip import joined, silence
from harness.audio.fixtures import find_fixture
from harness.report.results import ScenarioResult
from harness.scenario.run import run_scenarios

pytestmark = pytest.mark.usefixtures("fresh_speech")

ONE_AFTER_THE_OTHER = "{type: server_vad, interrupt_response: false}"
LONG = """We opened forty years ago as a small bakery by the harbour. Then my grandmother added six
    tables, and people began to come for dinner. Today we serve fish from our own boats."""


async def run(
    folder: Path, rules: str, steps: str, turns: str = "{type: server_vad}"
) -> ScenarioResult:
    path = folder / "s.yaml"
    path.write_text(
        f"name: s\nsession:\n  audio: {{input: {{turn_detection: {turns}}}}}\n"
        "  tools: [{type: function, name: look, parameters: {type: object, properties: {}}}]\n"
        f"assistant:\n  rules:\n{rules}\nsteps:\n{steps}\n  - hang_up\n",
        encoding="utf-8",
    )
    (result,) = (await run_scenarios([path], out=folder / "out", engine="simulated")).scenarios
    assert result.error is None
    return result


def paused(folder: Path) -> Path:
    """One turn with a pause for thought in it."""
    one, other = (
        find_fixture(name).load().clip
        for name in ("booking-table-for-two", "booking-tomorrow-at-seven")
    )
    clip = joined(one, silence(1.2), other)
    soundfile.write(folder / "pause.wav", np.asarray(clip.samples), clip.sample_rate_hz)
    return folder / "pause.wav"


def evidence(result: ScenarioResult) -> list[str]:
    return [each.evidence or "" for each in result.expectations if each.verdict == "failed"]


async def test_an_answer_that_waits_behind_another_is_judged_by_its_own_sound(
    tmp_path: Path,
) -> None:
    """The user adds a word before a slow answer is heard: the second answer comes much later."""
    result = await run(
        tmp_path,
        """
    - when: {turn: 1}
      say: "Of course. How many people are you, and at what time would you like to come?"
      delay_ms: 2500
    - say: "All right." """,
        """
  - say: booking-table-for-two
  - silence: 2.6
  - say: {text: "And a quiet table please, near the window."}
  - expect: {words: [right], voice_to_voice_s: 1.0}""",
        ONE_AFTER_THE_OTHER,
    )
    words, latency = result.expectations
    assert (words.verdict, latency.verdict) == ("passed", "failed")
    second = result.turns[1]
    assert second.latencies.voice_to_voice_s is not None
    assert second.latencies.voice_to_voice_s > 3
    told = f"it started {second.latencies.voice_to_voice_s:.3f} s after"
    told += f" (± {second.latencies.voice_to_voice_uncertainty_s:.3f} s)"
    assert latency.evidence == told, "the verdict and the report say the same"


async def test_words_a_tool_call_and_the_answer_come_in_their_order(tmp_path: Path) -> None:
    result = await run(
        tmp_path,
        """
    - when: {words: [table]}
      say: "One moment please, I will look that up in the big green book for you right now."
      call: {name: look}
    - when: {tool: look}
      say: "Yes, a table is ready by the window." """,
        """
  - say: booking-table-for-two
  - expect: {tool: {name: look}}
  - tool_result: {name: look, output: ok}
  - expect: {words: [moment], not_words: [window]}
  - expect: {words: [window], not_words: [moment]}""",
    )
    assert result.verdict == "passed", evidence(result)


async def test_an_answer_to_the_turn_before_answers_nothing_now(tmp_path: Path) -> None:
    result = await run(
        tmp_path,
        """
    - when: {turn: 1}
      say: The weather on the hill is nice today.
    - silent: true""",
        """
  - say: goforward
  - silence: 5
  - say: booking-table-for-two
  - expect: {words: [weather], within_s: 4}""",
    )
    (found,) = evidence(result)
    assert "an answer to the turn before came: “The weather" in found


async def test_an_answer_that_begins_in_a_pause_cuts_the_user_off(tmp_path: Path) -> None:
    result = await run(
        tmp_path,
        "    - say: Of course. How many people are you?",
        f"""
  - say: {{file: {paused(tmp_path)}}}
  - expect: {{voice_to_voice_s: 1}}""",
    )
    (found,) = evidence(result)
    assert found.endswith("s before the user had ended: it cut the user off")
    assert any("cut the user off" in note for note in result.notes)


async def test_a_long_answer_is_told_as_one_that_goes_on(tmp_path: Path) -> None:
    result = await run(
        tmp_path,
        f'    - say: "{LONG}"',
        """
  - say: goforward
  - expect: {words: [grandmother], within_s: 6}""",
    )
    (found,) = evidence(result)
    assert "after the user's last sound and was not over after 6 s: “We opened" in found


async def test_an_answer_of_which_nothing_is_heard_is_not_waited_for_in_vain(
    tmp_path: Path,
) -> None:
    result = await run(
        tmp_path,
        "    - {say: The weather on the hill is nice today., faults: [audio_silence]}",
        "  - say: goforward\n  - wait: {answer: true}",
    )
    (found,) = evidence(result)
    assert found.startswith("an answer came, and nobody heard it: it was silent")


async def test_a_short_answer_that_has_ended_cannot_be_interrupted(tmp_path: Path) -> None:
    result = await run(
        tmp_path,
        """
    - when: {turn: 1}
      say: All right.
    - silent: true""",
        "  - say: goforward\n  - interrupt: {after_ms: 1500, say: interruption-stop}",
    )
    (found,) = evidence(result)
    assert "before the user cut in: nothing was left" in found


@pytest.mark.parametrize(
    ("more", "is_told"), [("", True), ("\n  - expect: {words: [course]}", False)]
)
async def test_two_answers_to_one_turn_are_told_unless_steps_ask_for_both(
    more: str, is_told: bool, tmp_path: Path
) -> None:
    result = await run(
        tmp_path,
        "    - say: Of course. How many people are you?",
        f"""
  - say: {{file: {paused(tmp_path)}}}
  - expect: {{words: [course]}}{more}""",
        ONE_AFTER_THE_OTHER,
    )
    found = evidence(result)
    assert result.verdict == ("failed" if is_told else "passed"), found
    if is_told:
        assert found[0].startswith("two answers to what the user said from 0.")
