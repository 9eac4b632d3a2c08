"""Delegated work in a Live session: the application's, and a backend's."""

from __future__ import annotations

from tests.support.live_driver import BACKEND, LiveDriver
from tests.support.live_types import check_types


def test_a_client_delegation_tells_no_task_and_its_result_is_said() -> None:
    call = {"say": "One moment.", "call": {"name": "delegate", "arguments": {"task": "book"}}}
    driver = LiveDriver([call])
    driver.say(1.0)
    driver.wait(2.0)
    created = driver.last("session.delegation.created")
    delegation = created["delegation"]
    assert set(delegation) == {"id", "type", "target"}
    assert delegation["target"] == "client"
    assert 0 < created["offset_ms"] < 2_500
    driver.send("session.thinking.append", content="working", delegation_id=delegation["id"])
    driver.send(
        "session.commentary.append", content="It is booked.", delegation_id=delegation["id"]
    )
    driver.wait(3.0)
    assert driver.said() == "One moment. It is booked."
    driver.send("session.commentary.append", content="?", delegation_id="item_nobody")
    driver.create()
    assert [code for code, _ in driver.errors()] == [
        "harness_unknown_delegation",
        "harness_no_backend",
    ]


def test_a_backend_calls_a_function_and_goes_on_with_its_result() -> None:
    rules = [
        {"when": {"tool": "find_table"}, "say": "There is one at seven."},
        {"call": {"name": "find_table", "arguments": {"persons": 2}}},
    ]
    driver = LiveDriver(rules, {"delegation": BACKEND})
    driver.say(1.0)
    delegation = driver.last("session.delegation.created")["delegation"]
    first = driver.nested()[0]["response"]
    assert delegation["response_id"] == first["id"]
    assert [event["type"] for event in driver.nested()] == [
        "response.created",
        "response.in_progress",
        "response.output_item.added",
        "response.function_call_arguments.delta",
        "response.function_call_arguments.done",
        "response.output_item.done",
        "response.completed",
    ]
    driver.create()
    assert driver.errors() == [("harness_outputs_missing", None)]
    driver.create('{"free": true}')
    driver.wait(3.0)
    last = driver.nested("response.completed")[-1]["response"]
    assert last["id"] != first["id"]
    assert (last["output"], last["tools"], last["instructions"]) == ([], [], None)
    assert driver.said() == "There is one at seven."
    assert {event["delegation_id"] for event in driver.of_type("response.event")} == {
        delegation["id"]
    }
    assert not [e for e in driver.events if "item.create" in e["type"]], "no ack"
    check_types(driver)


def test_two_delegations_at_once_are_both_gone_on_with() -> None:
    rules = [
        {"when": {"tool": "find_table"}, "say": "Done."},
        {"call": {"name": "find_table"}},
    ]
    driver = LiveDriver(rules, {"delegation": BACKEND})
    driver.say(1.0)
    driver.say(1.0)
    calls = [event["item"]["call_id"] for event in driver.nested("response.output_item.done")]
    for call_id in calls:
        item = {"type": "function_call_output", "call_id": call_id, "output": "{}"}
        driver.send("response.item.create", item=item)
    driver.create()
    driver.wait(3.0)
    assert (len(calls), driver.said(), driver.errors()) == (2, "Done. Done.", [])
    check_types(driver)


def test_what_is_typed_goes_to_the_backend() -> None:
    driver = LiveDriver([{"when": {"words": ["seven"]}, "say": "Noted."}], {"delegation": BACKEND})
    content = [{"type": "input_text", "text": "At seven."}]
    item = {"type": "message", "role": "user", "content": content}
    driver.send("response.item.create", item=item)
    driver.create()
    driver.wait(2.0)
    assert driver.said() == "Noted."
    assert driver.nested("response.output_text.done")[-1]["text"] == "Noted."
    check_types(driver)


def test_talking_over_the_voice_does_not_end_delegated_work() -> None:
    rules = [
        {"when": {"tool": "find_table"}, "say": "Done.", "delay_ms": 2_000},
        {"when": {"turn": 1}, "call": {"name": "find_table"}},
        {"silent": True},
    ]
    driver = LiveDriver(rules, {"delegation": BACKEND})
    driver.say(1.0)
    driver.create("{}")
    driver.say(1.0)
    driver.wait(3.0)
    assert driver.said() == "Done."
