from typing import Any

from harness.realtime.session_object import default_session, merged


def test_defaults_follow_the_model() -> None:
    older, newer = default_session("gpt-realtime"), default_session("gpt-realtime-2.1-mini")
    assert older["audio"]["output"]["voice"] == "alloy"
    assert newer["audio"]["output"]["voice"] == "marin"
    assert older["audio"]["input"]["turn_detection"]["silence_duration_ms"] == 200
    assert newer["audio"]["input"]["turn_detection"]["silence_duration_ms"] == 500


def test_turn_detection_reads_back_with_all_knobs() -> None:
    update: dict[str, Any] = {"audio": {"input": {"turn_detection": {"type": "semantic_vad"}}}}
    assert merged(default_session(), update)["audio"]["input"]["turn_detection"] == {
        "type": "semantic_vad",
        "eagerness": "auto",
        "create_response": True,
        "interrupt_response": True,
    }
    update = {"audio": {"input": {"turn_detection": {"type": "server_vad", "threshold": 0.7}}}}
    assert list(merged(default_session(), update)["audio"]["input"]["turn_detection"]) == [
        "type", "threshold", "prefix_padding_ms", "silence_duration_ms", "idle_timeout_ms",
        "create_response", "interrupt_response",
    ]  # fmt: skip


def test_only_what_is_present_changes() -> None:
    session = default_session()
    update: dict[str, Any] = {
        "audio": {"input": {"turn_detection": None}, "output": {"speed": 1.2}}
    }
    result = merged(session, update)
    assert result["audio"]["input"]["turn_detection"] is None
    assert result["audio"]["input"]["format"] == session["audio"]["input"]["format"]
    assert result["audio"]["output"] == {**session["audio"]["output"], "speed": 1.2}
    assert session["audio"]["input"]["turn_detection"] is not None  # the old one is untouched


def test_transcription_and_tools_read_back_null_filled() -> None:
    update = {
        "tools": [{"type": "function", "name": "look"}],
        "audio": {"input": {"transcription": {"model": "whisper-1"}}},
    }
    result = merged(default_session(), update)
    assert result["audio"]["input"]["transcription"] == {
        "model": "whisper-1",
        "language": None,
        "prompt": None,
    }
    assert result["tools"][0]["description"] is None


def test_instructions_and_tools_are_cleared_by_empty_values() -> None:
    session = merged(default_session(), {"tools": [{"type": "function", "name": "look"}]})
    result = merged(session, {"tools": [], "instructions": ""})
    assert (result["tools"], result["instructions"]) == ([], "")
