from __future__ import annotations

from typing import Any

from harness.realtime.client.playback import Playback
from tests.support.client_driver import response, user_message


def played(*events: tuple[str, float], **fields: Any) -> Playback:
    """Playback of the answer "r" after these events at these times."""
    playback = Playback()
    for kind, now_s in events:
        whole = {"response": response("r", "completed", **fields), "response_id": "r"}
        playback.on_server_event({"type": kind, **whole, "item": user_message("a")}, now_s)
    return playback


BEGUN = ("response.created", 0.0)
STARTED = ("output_audio_buffer.started", 1.0)
STOPPED = ("output_audio_buffer.stopped", 3.0)
DONE = ("response.done", 2.0)


def test_what_was_played_to_its_end_is_not_cut() -> None:
    assert played(BEGUN, STARTED, DONE, STOPPED).cut_off(9.0) == {}


def test_what_is_playing_was_heard_from_its_begin_on() -> None:
    assert played(BEGUN, STARTED, DONE).cut_off(2.5) == {"r": 1500.0}


def test_what_never_played_was_not_heard() -> None:
    assert played(BEGUN).cut_off(2.5) == {"r": 0.0}


def test_written_answers_are_not_played() -> None:
    assert played(BEGUN, output_modalities=["text"]).cut_off(2.5) == {}


def test_where_nobody_tells_of_playback_a_done_answer_was_heard() -> None:
    assert played(BEGUN, DONE).cut_off(2.5) == {}


def test_the_items_of_an_answer_are_known() -> None:
    assert played(BEGUN, ("response.output_item.added", 0.5)).items_of("r") == ["a"]
    assert played().items_of("r") == []
