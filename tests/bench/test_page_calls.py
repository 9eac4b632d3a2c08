"""Pages that talk; tests/bench/test_server.py opens a real one."""

from __future__ import annotations

from harness.bench.page_calls import heard_from

STOPPED = "input_audio_buffer.speech_stopped"
STARTED = "output_audio_buffer.started"


def test_a_turn_is_timed_from_the_users_end_to_the_first_audio() -> None:
    """Audio that no turn asked for is not timed."""
    heard = heard_from(
        {
            "state": "connected",
            "concealed": 10,
            "played": 1000,
            "echoes": [1.5],
            "unanswered": 0,
            "seen": [
                [STARTED, 50.0, None],
                [STOPPED, 100.0, None],
                ["conversation.item.input_audio_transcription.completed", 180.0, "For two."],
                [STARTED, 400.0, None],
                ["response.output_audio_transcript.done", 500.0, "Gladly. When?"],
                ["response.output_audio_transcript.done", 900.0, "I did not understand you."],
                [STOPPED, 1000.0, None],
            ],
        }
    )
    assert heard.first_audio_ms == [300.0]
    assert (heard.turns, heard.recognised, heard.answered) == (2, 1, 1)
    assert (heard.concealed, heard.played, heard.errors) == (10, 1000, [])


def test_a_lost_connection_and_a_foreign_error_are_errors() -> None:
    found = {"state": "failed", "echoes": [], "unanswered": 3, "seen": [["error", 1.0, None]]}
    assert len(heard_from(found).errors) == 2
