"""Words stay words: YAML 1.2, not 1.1."""

import math
from typing import Any

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from harness.yaml12 import compose, dump, line_of, load


@pytest.mark.parametrize(
    "word", ["yes", "no", "Yes", "NO", "on", "off", "y", "12:30", "2026-01-31", "1_000"]
)
def test_what_people_say_is_text(word: str) -> None:
    assert load(f"say: {word}\n") == {"say": word}


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("true", True),
        ("False", False),
        ("null", None),
        ("~", None),
        ("", None),
        ("12", 12),
        ("-3", -3),
        ("010", 10),
        ("0o10", 8),
        ("0xff", 255),
        ("1.5", 1.5),
        (".5", 0.5),
        ("1e3", 1000.0),
        ("-.inf", -math.inf),
        ("'true'", "true"),
    ],
)
def test_the_core_schema(written: str, meant: Any) -> None:
    value = load(f"a: {written}\n")["a"]
    assert value == meant
    assert type(value) is type(meant)


def test_a_merge_key_still_merges() -> None:
    assert load("a: &a {x: 1}\nb: {<<: *a, y: 2}\n")["b"] == {"x": 1, "y": 2}


def test_nodes_know_their_lines() -> None:
    node = compose("a: yes\nb: no\n")
    assert node is not None
    assert [key.start_mark.line for key, _ in node.value] == [0, 1]


@given(
    st.recursive(
        st.text(st.characters(exclude_categories=["Cs"])) | st.integers() | st.booleans(),
        lambda inner: st.lists(inner) | st.dictionaries(st.text("abc", min_size=1), inner),
        max_leaves=8,
    )
)
def test_what_is_written_is_read_again(value: object) -> None:
    assert load(dump(value)) == value


def test_nothing_is_written_as_a_reference() -> None:
    twice = {"b": 1}
    assert dump({"y": twice, "x": [twice]}) == "x:\n- b: 1\ny:\n  b: 1\n"
    assert dump({"b": [1, 2], "a": 1}, sort_keys=False, flow_style=None) == "b: [1, 2]\na: 1\n"


def test_a_place_has_its_line() -> None:
    node = compose("a:\n  - b: 1\n  - b: 2\nc: 3\n")
    assert node is not None
    places = [("a", 1, "b"), ("a", 1, "gone"), ("c",), ("gone",), ()]
    assert [line_of(node, place) for place in places] == [3, 3, 4, 1, 1]


def test_a_character_in_two_halves_as_json_writes_it_is_whole() -> None:
    assert load(r'say: "\ud83d\ude00 there"') == {"say": "\U0001f600 there"}


def test_half_a_character_is_refused_at_its_line() -> None:
    with pytest.raises(yaml.MarkedYAMLError, match="half of a character") as told:
        load('a: b\nsay: "\\ud83d there"\n')
    assert told.value.problem_mark is not None
    assert told.value.problem_mark.line == 1


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("{text: How much is it?}", {"text": "How much is it?"}),
        ("{text: Why? Because., x: [a?, b?c]}", {"text": "Why? Because.", "x": ["a?", "b?c"]}),
        ("{? key : value}", {"key": "value"}),
        ("say: Is it {open?}", {"say": "Is it {open?}"}),
    ],
)
def test_a_question_needs_no_quotes(written: str, meant: Any) -> None:
    assert load(written) == meant
