"""Variables: who goes before whom, what is secret, what is said of one that is not there."""

from __future__ import annotations

from collections.abc import Mapping

import pytest

from harness.scenario.references import NoValue
from harness.scenario.scope import Resolved, Scope, is_name

ENVIRON = {"PIN": "4711", "city": "Bern", "EMPTY": ""}


def scope(values: Mapping[str, object] | None = None, **options: object) -> Scope:
    return Scope(values, ENVIRON, **options)  # type: ignore[arg-type]


def test_the_environment_comes_last_and_is_a_secret() -> None:
    assert scope().text("${city}") == Resolved("Bern", {"city": "Bern"})
    assert scope({"city": "Rome"}).text("in ${city}") == Resolved("in Rome")


def test_a_secret_stays_one_in_what_is_made_of_it() -> None:
    values = {"code": "0-${PIN}", "say": "my ${code}"}
    assert scope(values).text("${say}!") == Resolved("my 0-4711!", {"PIN": "4711"})


@pytest.mark.parametrize("name", ["password", "API_KEY", "auth_token", "userPassword_2", "secret"])
def test_what_is_named_like_a_secret_is_one_unless_it_is_called_public(name: str) -> None:
    hidden = {} if name.startswith("user") else {name: "hunter2"}
    assert scope({name: "hunter2"}).text(f"${{{name}}}").secrets == hidden
    assert scope({name: "hunter2"}, public=[name]).text(f"${{{name}}}").secrets == {}
    assert scope({"x": "y"}, secret=["x"]).text("${x}").secrets == {"x": "y"}


def test_a_reference_alone_is_the_value_itself() -> None:
    values = {"words": ["a", "${city2}"], "city2": "Rome", "limit": 2.5, "on": True}
    assert scope(values).text("${words}").value == ["a", "Rome"]
    assert scope(values).text("${limit}").value == 2.5
    assert scope(values).text("${limit} s, ${on}").value == "2.5 s, true"
    with pytest.raises(NoValue, match="cannot stand within a text"):
        scope(values).text("say ${words}")


def test_the_command_line_is_taken_as_it_is() -> None:
    assert scope({"a": "${PIN}"}, literal=["a"]).text("${a}").value == "${PIN}"


def test_variables_in_a_circle_are_told_with_it() -> None:
    with pytest.raises(NoValue) as caught:
        scope({"a": "${b}", "b": "x ${c}", "c": "${b}"}).text("${a}")
    assert caught.value.found == "b → c → b"


def test_arguments_hide_what_is_around_them() -> None:
    outer = scope({"who": "Kim", "city": "Rome"})
    inner = outer.within({"who": Resolved("Lee")})
    assert inner.text("${who} in ${city}").value == "Lee in Rome"
    assert outer.text("${who}").value == "Kim"
    assert inner.within({}).text("${who}").value == "Kim", "not what the step around was given"
    assert outer.asked == {"who", "city"}


def test_what_is_not_there_is_told_with_the_nearest() -> None:
    with pytest.raises(NoValue, match="no variable citty") as caught:
        scope({"city": "Rome"}).text("${citty}")
    assert "did you mean ${city}?" in caught.value.hint
    assert scope({"city": "Rome"}).text("${EMPTY:-x}${none:-y}").value == "xy"


def test_names_are_those_of_variables() -> None:
    assert [is_name(one) for one in ("a", "_b1", "1a", "a-b", "", 3)] == [True] * 2 + [False] * 4


def test_each_value_of_a_secret_list_or_table_is_a_secret() -> None:
    values = {
        "codes": ["alphaxq123", "betazq456", None, ["${more}"]],
        "more": "gammawq789",
        "logins": {"kim": {"pin": 40_961}, "none": ""},
    }
    scope = Scope(values, {}, secret=["codes", "logins"])
    assert set(resolved(scope, "codes").values()) == {"alphaxq123", "betazq456", "gammawq789"}
    assert set(resolved(scope, "logins").values()) == {"40961"}
    assert resolved(Scope(values, {}), "codes") == {}


def resolved(scope: Scope, name: str) -> dict[str, str]:
    found = scope.resolve(name)
    assert found is not None
    return dict(found.secrets)
