from harness.realtime import items


def test_an_announced_item_has_the_wires_key_order_and_no_object() -> None:
    given = {
        "object": "realtime.item",
        "content": [{"type": "input_text", "text": "hi"}],
        "role": "user",
        "type": "message",
    }
    echo = items.announced(given, "item_1")
    assert list(echo) == ["id", "type", "status", "role", "content"]
    assert echo["status"] == "completed"


def test_audio_is_not_echoed_and_its_transcript_key_is_there() -> None:
    part = {"type": "input_audio", "audio": "AAAA"}
    given = {"type": "message", "role": "user", "content": [part]}
    echo = items.announced(given, "item_1")
    assert echo["content"] == [{"type": "input_audio", "transcript": None}]


def test_a_function_output_has_no_status() -> None:
    given = {"type": "function_call_output", "call_id": "c", "output": "1", "status": "completed"}
    assert items.announced(given, "i") == {
        "id": "i",
        "type": "function_call_output",
        "call_id": "c",
        "output": "1",
    }


def test_text_of_joins_written_and_spoken_words() -> None:
    content = [{"type": "output_audio", "transcript": "a"}, {"type": "output_text", "text": "b"}]
    assert items.text_of(items.message("i", "assistant", content, "completed")) == "a b"
    assert items.text_of({"id": "i", "type": "function_call"}) == ""


def test_parts_are_joined_by_one_space_and_empty_ones_leave_none() -> None:
    content: list[dict[str, object]] = [
        {"text": "Hello. "},
        {"transcript": " "},
        {"transcript": None},
        {"text": " Hi."},
    ]
    assert items.text_of(items.message("i", "user", content, "completed")) == "Hello. Hi."
    assert items.text_of({"id": "i", "type": "message", "content": None}) == ""


def test_words_that_are_no_text_are_none() -> None:
    content = [{"text": 3}, {"transcript": {}}, "odd", {"text": "hello"}]
    assert (
        items.text_of({"id": "a", "type": "message", "role": "user", "content": content}) == "hello"
    )
