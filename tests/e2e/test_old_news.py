"""What came before is no news: whole conversations, in memory."""

from __future__ import annotations

from pathlib import Path

import pytest

from harness.report.results import ScenarioResult
from harness.scenario.run import run_scenarios

pytestmark = pytest.mark.usefixtures("fresh_speech")

HEARS = "session: {audio: {input: {transcription: {model: whisper-1}}}}"
ANSWERS = "assistant: {rules: [{say: The weather on the hill is nice today.}]}"
LONG = """We opened forty years ago as a small bakery by the harbour. Then my grandmother added
        six tables, and people began to come for dinner. Today we serve fish from our own boats"""


async def run(folder: Path, *parts: str) -> ScenarioResult:
    path = folder / "s.yaml"
    path.write_text("\n".join(["name: s", *parts]), encoding="utf-8")
    (result,) = (await run_scenarios([path], out=folder / "out", engine="simulated")).scenarios
    assert result.error is None
    return result


async def test_an_event_of_the_first_turn_does_not_hold_in_the_second(tmp_path: Path) -> None:
    """The user is muted there: nothing can be noticed."""
    result = await run(
        tmp_path,
        ANSWERS,
        """
steps:
  - say: goforward
  - wait: {answer: true}
  - expect: {event: input_audio_buffer.speech_started}
  - mute: true
  - say: goforward
  - expect: {event: input_audio_buffer.speech_started, from: start}
  - expect: {event: input_audio_buffer.speech_started, within_s: 2}
  - hang_up""",
    )
    early, from_start, late = result.expectations
    assert (early.verdict, from_start.verdict, late.verdict) == ("passed", "passed", "failed")
    assert "old news" in (late.evidence or "")


async def test_what_one_step_took_is_not_given_to_the_next(tmp_path: Path) -> None:
    result = await run(
        tmp_path,
        ANSWERS,
        """
steps:
  - say: goforward
  - wait: {event: output_audio_buffer.stopped, within_s: 15}
  - say: goforward
  - wait: {event: output_audio_buffer.stopped, within_s: 15}
  - expect: {event: output_audio_buffer.stopped, within_s: 3}
  - hang_up""",
    )
    assert result.verdict == "failed"
    assert len(result.turns) == 2
    first, second = result.turns
    assert first.heard is not None
    assert second.said is not None
    assert second.heard is not None
    assert first.heard.end_s < second.said.start_s, "the second sentence waited"


@pytest.mark.parametrize(
    ("second", "words", "verdict"),
    [
        ("- say: booking-table-for-two", "table", "passed"),
        ("- say: booking-table-for-two", "forward", "failed"),
        ("- mute: true\n  - say: goforward", "forward", "failed"),
    ],
    ids=["the sentence of this turn", "that of the turn before", "nothing was sent"],
)
async def test_the_users_words_are_those_of_this_turn(
    second: str, words: str, verdict: str, tmp_path: Path
) -> None:
    result = await run(
        tmp_path,
        HEARS,
        ANSWERS,
        f"""
steps:
  - say: goforward
  - expect: {{words: [weather], user_words: [forward]}}
  {second}
  - expect: {{user_words: [{words}], within_s: 8}}
  - hang_up""",
    )
    assert result.expectations[-1].verdict == verdict
    if "mute" in second:
        assert result.expectations[-1].evidence == "no transcript of this turn came in 8 s"


async def test_a_transcript_is_waited_for(tmp_path: Path) -> None:
    """Where nobody answers (dictation) it comes a second after the speech."""
    result = await run(
        tmp_path,
        HEARS,
        "assistant: {rules: [{silent: true}]}",
        """
steps:
  - say: goforward
  - expect: {user_words: [forward], within_s: 8}
  - hang_up""",
    )
    assert result.verdict == "passed"


@pytest.mark.parametrize("stops", [True, False])
async def test_an_answer_that_talks_on_through_stop_is_an_answer(
    stops: bool, tmp_path: Path
) -> None:
    turns = f"{{type: server_vad, interrupt_response: {str(stops).lower()}}}"
    result = await run(
        tmp_path,
        f"session: {{audio: {{input: {{turn_detection: {turns}}}}}}}",
        f"""
assistant:
  rules:
    - when: {{words: [restaurant]}}
      say: "{LONG}."
    - when: {{words: [stop]}}
      silent: true
steps:
  - say: interruption-tell-me
  - wait: {{event: heard.voice_started, within_s: 15}}
  - silence: 1.5
  - say: interruption-stop
  - expect: {{no_answer: true, within_s: 3}}
  - hang_up""",
    )
    (judged,) = result.expectations
    assert judged.verdict == ("passed" if stops else "failed")
    if not stops:
        assert (judged.evidence or "").startswith("the rest of an older answer was heard")
