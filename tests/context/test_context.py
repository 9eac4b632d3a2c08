"""The life of a context, as values."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from harness.context import context as life
from harness.context.context import APPLICATION, Context
from harness.context.definition import ContextDefinition
from harness.context.errors import ContextDamaged, ContextEnded, ContextExpired, ContextLocked
from harness.errors import ContextError, UsageError
from tests.support.contexts import NOW, context


def test_it_is_the_applications_or_one_users() -> None:
    assert context().user == APPLICATION
    assert context("kim", owner="user").user == "kim"
    assert context("kim").user == APPLICATION
    ids = {context().id, context("kim", owner="user").id, context("eve", owner="user").id}
    assert len(ids) == 3
    for nobody in (None, "", APPLICATION):
        with pytest.raises(UsageError, match="belongs to a user"):
            context(nobody, owner="user")


def test_state_stays_is_changed_and_taken_out() -> None:
    one = context(state={"city": "Rome", "guests": 2})
    changed = life.with_state(one, {"guests": None, "name": "Kim"}, NOW + 5)
    assert changed.state == {"city": "Rome", "name": "Kim"}
    assert (one.state["guests"], changed.updated_unix_s) == (2, NOW + 5)


@pytest.mark.parametrize("value", [object(), float("nan"), {"since": {1, 2}}, [b"x"]])
def test_what_is_no_json_is_no_state(value: object) -> None:
    """A database, or the model, could not have it: it is told to whoever sets it."""
    with pytest.raises(UsageError, match="“size” cannot be kept"):
        life.with_state(context(), {"city": "Rome", "size": value}, NOW)
    with pytest.raises(UsageError, match="“size” cannot be kept"):
        context(state={"size": value})


def test_another_definition_keeps_the_state() -> None:
    one = context(state={"city": "Rome"})
    other = ContextDefinition(name="shop", instructions="Be brief.")
    changed = life.redefined(one, other, NOW + 1)
    assert (changed.definition, changed.state) == (other, {"city": "Rome"})
    assert life.redefined(changed, other, NOW + 2) is changed


def lock(one: Context) -> Context:
    return life.locked(one, "on holiday", NOW)


def close(one: Context) -> Context:
    return life.closed(one, None, NOW)


@pytest.mark.parametrize(
    ("end", "later_s", "error", "said"),
    [
        (lock, 0, ContextLocked, "on holiday"),
        (close, 0, ContextEnded, "closed"),
        (lambda one: one, 2 * life.DAY_S, ContextExpired, "use within 1 days"),
    ],
)
def test_nothing_is_added_to_what_is_locked_or_over(
    end: Callable[[Context], Context], later_s: float, error: type[ContextError], said: str
) -> None:
    one = end(context(expires_after_days=1))
    with pytest.raises(error, match=said):
        life.with_state(one, {}, NOW + later_s)
    with pytest.raises(error, match=said):
        life.with_call(one, NOW + later_s)


def test_what_is_locked_can_be_unlocked_and_what_is_closed_cannot() -> None:
    assert life.with_call(life.unlocked(lock(context()), NOW), NOW).calls == 1
    with pytest.raises(ContextEnded):
        life.unlocked(close(context()), NOW)


def test_use_puts_off_the_end() -> None:
    one = context(expires_after_days=1)
    used = life.with_call(one, NOW + life.DAY_S / 2)
    assert one.is_expired(NOW + life.DAY_S)
    assert not used.is_expired(NOW + life.DAY_S)
    assert not context().is_expired(NOW * 2)


def test_it_is_a_thread_and_comes_back_from_one() -> None:
    one = life.locked(context("kim", owner="user", state={"a": [1]}), "why", NOW + 1)
    row = life.to_row(one)
    assert (row["status"], row["title"]) == ({"type": "locked", "reason": "why"}, "shop")
    assert life.from_row(row) == one


@pytest.mark.parametrize(
    "spoil",
    [
        lambda row: row.pop("metadata"),
        lambda row: row["metadata"].pop("context"),
        lambda row: row["metadata"]["context"].pop("state"),
        lambda row: row["metadata"]["context"].update(definition={"name": "a b"}),
        lambda row: row["metadata"]["context"].update(calls="many"),
        lambda row: row["status"].update(type="asleep"),
    ],
)
def test_half_a_context_is_told(spoil: Callable[[dict[str, Any]], object]) -> None:
    row = life.to_row(context())
    spoil(row)
    with pytest.raises(ContextDamaged, match="cannot be read"):
        life.from_row(row)
