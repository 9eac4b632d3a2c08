"""What a page's recorder tells becomes steps; passwords become variables."""

from __future__ import annotations

from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from harness.codegen.acts import Acts, Seen, acts_of, read_seen

NAME = 'internal:label="Name"i'
PASSWORD = 'internal:label="Password"i'


def told(*events: dict[str, Any], prefix: str = "desk-1") -> Acts:
    """The acts of events that came one second after each other."""
    seen = [read_seen(each, float(at_s)) for at_s, each in enumerate(events)]
    return acts_of([one for one in seen if one is not None], prefix)


def typed(selector: str, value: str, **more: Any) -> dict[str, Any]:
    return {"kind": "fill", "selector": selector, "value": value, "field": "password", **more}


def test_letters_become_a_text_and_the_click_into_the_field_goes() -> None:
    click = {"kind": "click", "selector": NAME, "is_field": True}
    acts = told(click, typed(NAME, "K"), typed(NAME, "Ki"), typed(NAME, "Kim"))
    assert [act.step for act in acts.acts] == [{"fill": {"label": "Name", "value": "Kim"}}]
    assert acts.acts[0].at_s == 3


def test_a_click_into_a_field_that_is_left_as_it_is_stays() -> None:
    click = {"kind": "click", "selector": NAME, "is_field": True}
    assert [act.step for act in told(click).acts] == [{"click": {"label": "Name"}}]


def test_a_password_becomes_a_variable_and_is_shown_nowhere() -> None:
    acts = told(typed(PASSWORD, "window", is_secret=True), typed(PASSWORD, "window-seat"))
    (act,) = acts.acts
    assert act.step == {"fill": {"label": "Password", "value": "${DESK_1_PASSWORD}"}}
    assert acts.secrets == {"DESK_1_PASSWORD": "window-seat"}
    assert "window" not in repr(acts)


def test_seen_events_show_no_value() -> None:
    seen = read_seen(typed(PASSWORD, "window-seat", is_secret=True), 1.0)
    assert "window" not in repr(seen)


def test_two_passwords_have_two_variables_and_the_same_one_has_one() -> None:
    other = 'internal:label="Repeat"i'
    acts = told(
        typed(PASSWORD, "new", is_secret=True),
        typed(other, "new", is_secret=True),
        typed(PASSWORD, "newer", is_secret=True),
    )
    assert acts.secrets == {"DESK_1_PASSWORD": "new", "DESK_1_PASSWORD_2": "newer"}


def test_a_dollar_and_a_brace_mean_themselves() -> None:
    acts = told(typed(NAME, "${HOME}"), {"kind": "click", "selector": 'internal:text="${x}"i'})
    assert [act.step for act in acts.acts] == [
        {"fill": {"label": "Name", "value": "$${HOME}"}},
        {"click": {"text": "$${x}"}},
    ]


def test_lists_boxes_and_keys() -> None:
    acts = told(
        {"kind": "select", "selector": "#table", "values": ["w"]},
        {"kind": "select", "selector": "#days", "values": ["mo", "tu"]},
        {"kind": "check", "selector": "#agree"},
        {"kind": "press", "selector": NAME, "key": "Enter"},
        {"kind": "hold", "selector": "body", "key": "t", "held_s": 2.5},
    )
    assert [act.step for act in acts.acts] == [
        {"select": {"css": "#table", "value": "w"}},
        {"select": {"css": "#days", "value": ["mo", "tu"]}},
        {"check": {"css": "#agree"}},
        {"press": {"label": "Name", "key": "Enter"}},
        {"hold": {"key": "t"}},
    ]
    assert acts.acts[-1].held_s == 2.5


def test_files_that_are_chosen_are_a_note() -> None:
    acts = told({"kind": "upload", "selector": "#voucher", "values": ["voucher.txt"]})
    assert acts.acts == ()
    assert "voucher.txt" in acts.notes[0]


def test_frames_and_windows_stand_beside_the_element() -> None:
    click = {"kind": "click", "selector": "#book"}
    inner = read_seen(click, 0, frames=["#outer", 'internal:role=region[name="In"i]'], window=2)
    assert inner is not None
    assert inner.locator == {
        "css": "#book",
        "frame": [{"css": "#outer"}, {"role": "region", "name": "In"}],
        "page": 2,
    }
    (alone,) = acts_of([Seen(0, "click", {"css": "a", "frame": {"css": "#f"}})], "x").acts
    assert alone.content == {"css": "a", "frame": {"css": "#f"}}


@given(st.dictionaries(st.sampled_from(["kind", "selector", "value", "values", "key", "held_s"]),
                       st.none() | st.text() | st.integers() | st.lists(st.text())))  # fmt: skip
def test_a_page_may_tell_anything(data: dict[str, Any]) -> None:
    seen = read_seen(data, 0.0)
    acts_of([] if seen is None else [seen], "any")
