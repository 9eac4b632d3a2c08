from __future__ import annotations

import ast
from pathlib import Path

import harness
from harness.realtime.client.events import EVENTS
from harness.realtime.client.outputs import SessionEvent
from tests.support.client_driver import ClientDriver

ROOT = Path(harness.__file__).parent


def made_in_the_code() -> set[str]:
    """The classes of events that some part of the client makes."""
    made: set[str] = set()
    for path in [*(ROOT / "realtime" / "client").glob("*.py"), *(ROOT / "client").glob("*.py")]:
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name):
                made.add(node.func.id)
    return made


def test_every_event_is_one_that_the_client_tells() -> None:
    assert {known.__name__ for known in EVENTS.values()} <= made_in_the_code()


def test_an_event_is_its_fact_with_a_time_and_as_data() -> None:
    call = ClientDriver().open()
    call.receive(
        "input_audio_buffer.speech_started", item_id="item_1", audio_start_ms=20, event_id="e"
    )
    (told,) = call.news("user_speech_started")
    assert told == {"item_id": "item_1", "audio_ms": 20}
    event = SessionEvent(EVENTS["user_speech_started"](**told), 1.5)
    assert (event.type, event.data, event.t_s) == ("user_speech_started", told, 1.5)
