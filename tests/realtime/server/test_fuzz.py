"""Events made from the server's own shapes, right and nearly right: always an answer, no crash."""

from __future__ import annotations

import json
from functools import partial
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from harness.realtime import vocabulary as v
from harness.realtime.server.validation.client_events import CLIENT_EVENTS
from harness.realtime.server.validation.shapes import REALTIME_SESSION, TRANSCRIPTION_SESSION
from tests.support.conversation_model import check_ladders
from tests.support.session_driver import SessionDriver

SOUND = "AAAAAAAA" * 600
TEXTS = st.sampled_from(["a", "item_a", "item_a", "item_b", "call_a", "look", "root", "", SOUND])
WRONG = st.sampled_from(
    [None, None, True, -1, 0.5, 10**30, "no", "x" * 600, [], {}, [None], {"type": "x"}]
)
OFTEN = ("conversation.item.create", "response.create", "session.update")
LONGEST = 3


def values(shape: v.Shape) -> st.SearchStrategy[Any]:
    """What fits a shape, and now and then what does not."""
    return st.integers(0, 24).flatmap(lambda chance: WRONG if chance == 24 else _fitting(shape))


def _fitting(shape: v.Shape) -> st.SearchStrategy[Any]:
    match shape:
        case v.Text():
            return TEXTS
        case v.Choice(known):
            return st.sampled_from(known)
        case v.Integer(least, most):
            ends = [end for end in (least, most) if end is not None]
            return st.sampled_from([*ends, 0, 1, 100, 6000])
        case v.Number():
            return st.sampled_from([0, 0.25, 0.5, 1, 1.5])
        case v.Boolean():
            return st.booleans()
        case v.Anything():
            return st.sampled_from([{}, {"a": [1, {"b": None}]}])
        case v.StringMap():
            return st.dictionaries(TEXTS, TEXTS, max_size=LONGEST)
        case v.Array(of):
            return st.lists(values(of), max_size=LONGEST)
        case v.Record():
            return _record(shape)
        case v.OneOf(key, cases):
            return st.sampled_from(sorted(cases)).flatmap(
                lambda tag: values(cases[tag]).map(
                    lambda made: {**made, key: tag} if isinstance(made, dict) else made
                )
            )
        case v.ByJsonType():
            each = (shape.text, shape.whole, shape.record, shape.many)
            return st.one_of([values(one) for one in each if one is not None])
        case v.Checked(inner):
            return values(inner)
    raise AssertionError(shape)


def _record(shape: v.Record) -> st.SearchStrategy[dict[str, Any]]:
    optional = sorted(set(shape.fields) - set(shape.required))
    chosen = st.lists(st.sampled_from(optional), max_size=LONGEST, unique=True) if optional else (
        st.just([])
    )  # fmt: skip
    return chosen.flatmap(
        lambda keys: st.fixed_dictionaries(
            {key: values(shape.fields[key]) for key in [*shape.required, *keys]}
        )
    )


def sessions(kind: str) -> st.SearchStrategy[Any]:
    shape = REALTIME_SESSION if kind == "realtime" else TRANSCRIPTION_SESSION
    return _record(shape).map(lambda made: {**made, "type": kind})


def _typed(name: str, made: dict[str, Any]) -> dict[str, Any]:
    return {**made, "type": name}


def events(kind: str) -> st.SearchStrategy[dict[str, Any]]:
    """Client events for a session of a kind."""
    each = []
    for name, shape in CLIENT_EVENTS.items():
        made = values(shape).filter(lambda value: isinstance(value, dict))
        if name == "session.update":
            made = st.builds(lambda session: {"session": session}, sessions(kind))
        each += [made.map(partial(_typed, name))] * (1 + 3 * (name in OFTEN))
    return st.one_of(each)


KINDS = st.sampled_from(["realtime", "realtime", "transcription"])
SCRIPTS = st.tuples(KINDS, st.sampled_from(["webrtc", "websocket"])).flatmap(
    lambda chosen: st.tuples(st.just(chosen), st.lists(events(chosen[0]), max_size=12))
)
ANSWERED_BY_NOTHING = {
    "input_audio_buffer.append", "output_audio_buffer.clear", "response.cancel",
}  # fmt: skip


@settings(max_examples=25, deadline=None, suppress_health_check=list(HealthCheck))
@given(SCRIPTS)
def test_every_event_is_answered_and_the_session_goes_on(
    script: tuple[tuple[str, Any], list[dict[str, Any]]],
) -> None:
    (kind, transport), sent = script
    call = SessionDriver([{"say": "Yes."}], {"type": kind}, transport=transport)
    for number, event in enumerate(sent):
        before = len(call.events)
        call.send_text(json.dumps({**event, "event_id": f"mine_{number}"}))
        answers = call.events[before:]
        assert answers or event["type"] in ANSWERED_BY_NOTHING, event
        refusals = [answer for answer in answers if answer["type"] == "error"]
        assert len([one for one in refusals if one["error"]["event_id"]]) <= 1
        call.wait(0.1)
    call.send("session.update", session={"type": kind})
    assert call.events[-1]["type"] == "session.updated"
    call.wait(3.0)
    check_ladders(call.events, transport)
