from __future__ import annotations

import pytest

from harness.realtime.client.history import History, LeftOut
from tests.support.client_driver import (
    ClientDriver,
    JoinedDriver,
    response,
    spoken_message,
    user_message,
)
from tests.support.session_driver import SessionDriver

ITEMS = tuple(user_message(item_id) for item_id in ("a", "b", "c", "d"))


def restoring(history: History | None = None) -> ClientDriver:
    call = ClientDriver()
    call.session.restore(History(ITEMS) if history is None else history)
    return call.open()


def created(call: ClientDriver) -> list[tuple[str | None, str]]:
    """What was created, behind what."""
    return [
        (event.get("previous_item_id"), event["item"]["id"])
        for event in call.sent
        if event["type"] == "conversation.item.create"
    ]


def test_a_history_goes_to_the_front_each_item_behind_the_one_before() -> None:
    call = restoring()
    assert created(call) == [("root", "a"), ("a", "b"), ("b", "c"), ("c", "d")]
    assert not call.news("resumed")
    call.accept_items()
    assert call.item_ids() == ["a", "b", "c", "d"]
    assert call.news("resumed") == [{"items": 4, "left_out": []}]


def test_the_settings_come_before_the_history_and_commands_after_it() -> None:
    call = ClientDriver()
    call.session.restore(History(ITEMS))
    call.session.send_text("now")
    call.session.respond()
    call.open()
    kinds = call.types()
    assert (kinds[0], kinds[-1]) == ("session.update", "response.create")
    assert created(call)[-1][0] is None


def test_what_the_user_says_meanwhile_stays_behind_the_history() -> None:
    call = restoring()
    call.add(user_message("new"))
    call.accept_items()
    assert call.item_ids() == ["a", "b", "c", "d", "new"]


def test_items_that_are_there_are_not_put_in_again() -> None:
    call = restoring()
    call.accept_items()
    call.sent.clear()
    call.do(call.session.restore, History((*ITEMS, user_message("e"))))
    assert created(call) == [("d", "e")]
    call.do(call.session.restore, History(ITEMS))
    assert call.news("resumed")[-1] == {"items": 0, "left_out": []}


def event_ids(call: ClientDriver) -> dict[str, str]:
    return {
        event["item"]["id"]: event["event_id"]
        for event in call.sent
        if event["type"] == "conversation.item.create"
    }


def test_a_refused_item_is_left_out_and_those_behind_it_follow_anyway() -> None:
    call = restoring()
    first = event_ids(call)
    call.add(ITEMS[0])
    call.refuse(first["b"], "invalid_value", "item.content")
    call.refuse(first["c"], "item_not_found", "previous_item_id")
    call.refuse(first["d"], "item_not_found", "previous_item_id")
    assert created(call)[-2:] == [("a", "c"), ("c", "d")]
    call.accept_items()
    assert call.news("resumed") == [
        {"items": 3, "left_out": [{"item_id": "b", "why": "invalid_value"}]}
    ]


def test_an_item_that_the_server_has_already_is_no_problem() -> None:
    call = restoring()
    call.refuse(event_ids(call)["a"], "item_already_exists", "item.id")
    call.accept_items()
    assert call.news("resumed")[0]["left_out"] == []


def test_a_server_that_refuses_everything_is_not_asked_for_ever() -> None:
    call = restoring()
    for _ in range(40):
        for event_id in event_ids(call).values():
            call.refuse(event_id, "item_not_found", "previous_item_id")
    assert call.news("resumed")[0]["items"] == 0
    assert len(call.sent) < 40


def test_what_a_history_had_to_leave_out_is_told() -> None:
    call = restoring(History((), (LeftOut("x", "why"),)))
    assert call.news("resumed") == [{"items": 0, "left_out": [{"item_id": "x", "why": "why"}]}]


def test_a_lost_session_comes_back_with_settings_and_conversation() -> None:
    call = ClientDriver(voice="cedar").open()
    call.do(call.session.update, {"audio": {"output": {"speed": 1.2}}})
    call.receive("session.updated", session={"id": "sess_1"})
    call.add(user_message("a"))
    call.add(spoken_message("b", "Hello there."), "a")
    call.do(call.session.lose, "network", call.now_s)
    call.sent.clear()
    call.open()
    sound = call.sent[0]["session"]["audio"]["output"]
    assert (sound["voice"], sound["speed"]) == ("cedar", 1.2)
    assert created(call) == [("root", "a"), ("a", "b")]
    assert call.sent[2]["item"]["content"] == [{"type": "output_text", "text": "Hello there."}]
    assert [data["resumed"] for data in call.news("opened")] == [False, True]


def test_without_auto_resume_it_comes_back_empty_and_by_hand() -> None:
    call = ClientDriver(auto_resume=False).open()
    call.add(user_message("a"))
    call.do(call.session.lose, "network", call.now_s)
    history = call.session.history()
    call.sent.clear()
    call.open()
    assert created(call) == []
    call.do(call.session.restore, history)
    assert created(call) == [("root", "a")]


def test_a_second_loss_before_all_is_back_loses_nothing() -> None:
    call = restoring()
    call.add(ITEMS[0])
    call.do(call.session.lose, "network", call.now_s)
    call.sent.clear()
    call.open()
    assert [item_id for _, item_id in created(call)] == ["a", "b", "c", "d"]


@pytest.mark.parametrize(
    ("played_s", "text"), [(1.0, "one two"), (0.1, None), (60.0, "one two six")]
)
def test_an_answer_that_was_cut_by_the_loss_comes_back_as_it_was_heard(
    played_s: float, text: str | None
) -> None:
    call = ClientDriver().open()
    call.answer()
    item = spoken_message("b", "one two six", "in_progress")
    call.receive("response.output_item.added", response_id="resp_1", item=item)
    call.add(item)
    call.receive("output_audio_buffer.started", response_id="resp_1")
    usage = {"output_token_details": {"audio_tokens": 30}}
    whole = spoken_message("b", "one two six")
    done = response("resp_1", "completed", output=[whole], usage=usage)
    call.receive("response.done", response=done)
    call.wait(played_s)
    call.do(call.session.lose, "network", call.now_s)
    call.sent.clear()
    call.open()
    items = [event["item"] for event in call.sent if "item" in event]
    assert [item["content"][0]["text"] for item in items] == ([text] if text else [])


def test_a_real_conversation_is_resumed_on_another_server() -> None:
    rules = [{"say": "one two three four five six seven eight nine ten"}]
    call = JoinedDriver(SessionDriver(rules), turn_detection={"type": "server_vad"}).connect()
    call.do(call.session.send_text, "count")
    call.do(call.session.respond)
    call.run_until_over()
    call.run(1.0, speak=True)
    call.run(1.5)
    call.run(0.5, speak=True)  # interrupts the second answer
    call.run_until_over()
    before = call.session.history()
    assert len(before) >= 4
    call.session.lose("network", call.now_s)
    call.connect(SessionDriver(rules, words=["again"]))
    assert call.session.history().items == before.items
    there = [item["id"] for item in call.server.session.items]
    assert there == [item["id"] for item in before.items]
    call.do(call.session.respond)
    call.run_until_over()
    assert len(call.item_ids()) == len(before) + 1
    assert not call.errors()
    assert call.news("answer_over")[-1]["text"].endswith("ten")
