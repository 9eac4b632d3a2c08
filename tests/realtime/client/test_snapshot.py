from __future__ import annotations

from tests.support.client_driver import ClientDriver, spoken_message, user_message


def test_a_snapshot_is_a_copy() -> None:
    call = ClientDriver().open()
    call.add(user_message("a"))
    snapshot = call.session.snapshot()
    snapshot.items[0]["content"].clear()
    assert snapshot.effective is not None
    snapshot.effective.clear()
    again = call.session.snapshot()
    assert again.items[0]["content"]
    assert again.effective


def test_a_snapshot_follows_the_session() -> None:
    call = ClientDriver(volume=0.5)
    assert (call.session.snapshot().state, call.session.snapshot().volume) == ("new", 0.5)
    call.open()
    call.answer()
    call.receive("output_audio_buffer.started", response_id="resp_1")
    snapshot = call.session.snapshot()
    assert (snapshot.state, snapshot.active_response_id) == ("open", "resp_1")
    assert snapshot.playing_response_id == "resp_1"
    assert not snapshot.is_turn_over
    call.do(call.session.lose, "network", call.now_s)
    assert call.session.snapshot().state == "lost"
    assert call.session.snapshot().is_turn_over


def test_texts_keep_what_a_truncation_took() -> None:
    call = ClientDriver().open()
    call.add(spoken_message("a", "one two"))
    call.receive("conversation.item.truncated", item_id="a", audio_end_ms=10)
    assert call.session.snapshot().texts == {"a": "one two"}
    assert call.session.snapshot().items[0]["content"][0]["transcript"] == ""
