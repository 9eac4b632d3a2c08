"""References to the environment: what is one, what it gives, and what is said where it cannot."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from harness.scenario.variables import Location, NoValue, fill_in

ENVIRON = {"PIN": "4711", "EMPTY": "", "DOLLARS": "$${PIN}"}


class Refused(Exception):
    pass


def refuse(error: NoValue, location: Location) -> Exception:
    return Refused(location, error.message, error.found, error.hint)


def filled(text: str) -> Any:
    return fill_in(text, ENVIRON, refuse=refuse).data


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("${PIN}", "4711"),
        ("It is ${PIN}, $5 and ${PIN}", "It is 4711, $5 and 4711"),
        ("costs $5, $$, {PIN}, $PIN, $(PIN), 5$", "costs $5, $$, {PIN}, $PIN, $(PIN), 5$"),
        ("$${PIN} $${not a name", "${PIN} ${not a name"),
        ("$$${PIN}", "$4711"),
        ("$$$${PIN}", "$${PIN}"),
        ("${DOLLARS}", "$${PIN}"),
        ("${NONE:-of $5}", "of $5"),
        ("${NONE:-}${EMPTY:-x}${PIN:-y}", "x4711"),
    ],
)
def test_only_a_dollar_sign_before_a_brace_is_more_than_one(text: str, expected: str) -> None:
    assert filled(text) == expected


@given(st.text().filter(lambda text: "${" not in text))
def test_any_other_text_stays_as_it_is(text: str) -> None:
    result = fill_in([text, {text: text}], ENVIRON, refuse=refuse)
    assert result.data == [text, {text: text}]
    assert not result.used
    assert not result.places


@given(st.text())
def test_what_is_escaped_comes_out_as_it_was_meant(text: str) -> None:
    assert "${" in text or filled(text) == text
    assert filled("$${" + text.replace("$", "")) == "${" + text.replace("$", "")


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("${NONE}", "NONE is not set"),
        ("${EMPTY}", "EMPTY is empty"),
        ("${MY-PIN}", r"no reference.*\$\{MY-PIN\}"),
        ("`${a.b}`", r"no reference.*\$\$\{"),
        ("${PIN", "no reference"),
        ("${}", "no reference"),
        ("${{ secrets.PIN }}", "env:"),
    ],
)
def test_what_gives_no_value_is_told_with_its_place_and_the_way(text: str, said: str) -> None:
    with pytest.raises(Refused, match=said) as caught:
        fill_in({"a": [1, text]}, ENVIRON, refuse=refuse)
    assert caught.value.args[0] == ("a", 1)


def test_it_is_known_what_was_used_where() -> None:
    result = fill_in({"a": ["x${PIN}", "b"], "c": {"${PIN}": 1}}, ENVIRON, refuse=refuse)
    assert result.data == {"a": ["x4711", "b"], "c": {"${PIN}": 1}}
    assert result.used == {"PIN": "4711"}
    assert result.places == {("a", 0): "x${PIN}"}
    assert result.made == {("a", 0): "x4711"}
    assert result.values_in(("a", 0)) == [("PIN", "4711")]
    assert result.values_in(("a", 1)) == []
    assert "4711" not in repr(result).replace(repr(result.data), "")


def test_aliases_and_what_holds_itself_are_filled_once() -> None:
    inner: list[Any] = ["${PIN}"]
    inner.append(inner)
    data = fill_in([inner, inner], ENVIRON, refuse=refuse).data
    assert data[0] is data[1]
    assert data[0][0] == "4711"
    assert data[0][1] is data[0]
