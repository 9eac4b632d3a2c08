"""All facts: written to a trace and read back, and known by what the harness really writes."""

from __future__ import annotations

from collections import Counter
from dataclasses import fields
from pathlib import Path
from types import NoneType
from typing import Annotated, Any, Literal, get_args, get_origin, get_type_hints

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from typing_extensions import is_typeddict

from harness.facts.catalogue import CATALOGUE, fact_of
from harness.facts.fact import Fact, Unknown
from harness.resources import fixtures_dir
from harness.trace import TraceWriter, read_trace
from tests.support.shipped_runs import ShippedRuns

# What a trace holds is JSON: no numbers beyond it, no halves of characters.
PLAIN: dict[Any, st.SearchStrategy[Any]] = {
    str: st.text(st.characters(exclude_categories=["Cs"]), max_size=8),
    float: st.floats(allow_nan=False, allow_infinity=False),
    int: st.integers(),
    bool: st.booleans(),
    NoneType: st.none(),
}
PLAIN[Any] = st.one_of(*PLAIN.values())


def values(hint: Any) -> st.SearchStrategy[Any]:
    """Any value of a field of this type."""
    inside = get_args(hint)
    if hint in PLAIN:
        return PLAIN[hint]
    if get_origin(hint) is Annotated:
        return st.from_type(hint)
    if is_typeddict(hint):
        hints = {name: values(inner) for name, inner in get_type_hints(hint).items()}
        needed = {name: hints.pop(name) for name in hint.__required_keys__}
        return st.fixed_dictionaries(needed, optional=hints)
    if get_origin(hint) is Literal:
        return st.sampled_from(inside)
    if get_origin(hint) is list:
        return st.lists(values(inside[0]), max_size=2)
    if get_origin(hint) is dict:
        return st.dictionaries(values(inside[0]), values(inside[1]), max_size=2)
    return st.one_of([values(one) for one in inside])


def of_class(known: type[Fact]) -> st.SearchStrategy[Fact]:
    hints = get_type_hints(known, include_extras=True)
    return st.builds(known, **{field.name: values(hints[field.name]) for field in fields(known)})


FACTS = st.sampled_from(list(CATALOGUE.values())).flatmap(of_class)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(told=st.lists(FACTS, max_size=5))
def test_a_fact_comes_back_from_a_trace_as_it_was(told: list[Any], tmp_path: Path) -> None:
    path = tmp_path / "trace.jsonl"
    with TraceWriter(path, {}) as trace:
        for number, fact in enumerate(told):
            trace.add(fact, number / 10)
        written = [trace.masker.value(fact.to_data()) for fact in told]
    read = read_trace(path).events
    assert [type(event.fact) for event in read] == [type(fact) for fact in told]
    assert [event.fact.to_data() for event in read] == written
    assert [(event.source, event.type) for event in read] == [(f.source, f.type) for f in told]


def test_types_are_told_apart_within_their_source() -> None:
    twice = Counter(known.__name__ for known in CATALOGUE.values())
    assert max(twice.values()) == 1
    assert all(known.__doc__ for known in CATALOGUE.values())


@pytest.mark.parametrize(
    ("source", "type", "data"),
    [
        ("page", "hologram.started", {"depth_m": 2}),
        ("plugin", "note", {"text": "from elsewhere"}),
        ("harness", "note", {"text": "from a newer one", "colour": "red"}),
        ("harness", "note", {}),
        ("harness", "answer.over", {"answer_id": "a", "spoken": "true"}),
        ("dialogue", "user.committed", {"turn_id": None}),
    ],
)
def test_what_fits_no_class_is_kept_as_it_came(source: str, type: str, data: Any) -> None:
    assert fact_of(source, type, data) == Unknown(source, type, data)


@pytest.mark.timeout(600)  # whichever comes first runs them all
def test_everything_that_the_shipped_scenarios_write_is_known(
    shipped_in_memory: ShippedRuns,
) -> None:
    unknown, seen = set(), set()
    for result in shipped_in_memory.results.scenarios:
        for event in read_trace(shipped_in_memory.folder / result.name / "trace.jsonl").events:
            seen.add(event.type)
            if isinstance(event.fact, Unknown):
                unknown.add((event.source, event.type, tuple(event.data)))
    assert not unknown
    assert {"answer.judged", "expectation", "microphone.clip", "tool.called"} <= seen


def test_everything_in_the_recorded_trace_is_known() -> None:
    trace = read_trace(fixtures_dir() / "traces" / "barge-in" / "trace.jsonl")
    assert len(trace.events) > 100
    assert not [event for event in trace.events if isinstance(event.fact, Unknown)]


@given(fact=FACTS)
def test_a_fact_with_its_defaults_spelled_out_is_the_same(fact: Any) -> None:
    """So the probe tells them: its envelopes have every field."""
    whole = {field.name: getattr(fact, field.name) for field in fields(fact)}
    assert fact_of(fact.source, fact.type, whole) == fact_of(fact.source, fact.type, fact.to_data())


@pytest.mark.parametrize(
    ("type", "data"),
    [
        ("data_channel.created",
         {"connection": "c", "channel": "d", "label": "events", "side": "local",
          "negotiated": False, "id": None}),
        ("microphone.stopped", {"microphone": "m", "ended": False}),
    ],
)  # fmt: skip
def test_what_a_page_tells_is_known(type: str, data: Any) -> None:
    assert not isinstance(fact_of("page", type, data), Unknown)
