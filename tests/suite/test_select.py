"""Selection: names, tags, shards, what failed last; and what is said where nothing is left."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from harness.errors import UsageError
from harness.scenario.load import LoadedScenario
from harness.suite.select import Selection, failed_last, read_shard, select
from tests.support.make_suite import make_scenarios, make_suite


@pytest.fixture
def scenarios(tmp_path: Path) -> list[LoadedScenario]:
    return [
        *make_scenarios(tmp_path, "booking-rome", "booking-oslo", tags=["booking", "smoke"]),
        *make_scenarios(tmp_path, "greeting", tags=["smoke"]),
        *make_scenarios(tmp_path, "long-talk", tags=["slow"]),
    ]


def names(scenarios: list[LoadedScenario], **wanted: object) -> list[str]:
    chosen = select(scenarios, Selection(**wanted))  # type: ignore[arg-type]
    return [loaded.scenario.name for loaded in chosen]


def test_by_name_by_tag_and_by_both(scenarios: list[LoadedScenario]) -> None:
    assert len(names(scenarios)) == 4
    assert names(scenarios, grep="OSLO|talk") == ["booking-oslo", "long-talk"]
    assert names(scenarios, tags=("slow", "booking"), grep="o$|k$") == ["booking-oslo", "long-talk"]
    assert names(scenarios, tags=("!booking",)) == ["greeting", "long-talk"]
    assert names(scenarios, tags=("smoke", "!booking")) == ["greeting"]
    assert names(scenarios, only=frozenset({"greeting", "gone"})) == ["greeting"]


@pytest.mark.parametrize(
    ("wanted", "said"),
    [
        ({"grep": "greetin9"}, "did you mean greeting?"),
        ({"grep": "("}, "regular expression"),
        ({"tags": ("smok",)}, "did you mean smoke?"),
        ({"tags": ("!smok",)}, "found:    --tag !smok"),
        ({"only": frozenset()}, "--last-failed"),
        ({"only": frozenset()}, "to do:    nothing of this failed in the last run"),
        ({"only": frozenset({"gone"}), "grep": "greet"}, "leave --last-failed out"),
    ],
)
def test_nothing_left_is_a_mistake(
    scenarios: list[LoadedScenario], wanted: dict[str, object], said: str
) -> None:
    with pytest.raises(UsageError) as caught:
        names(scenarios, **wanted)
    assert said in str(caught.value)


@given(st.integers(1, 9))
def test_the_shards_are_the_suite(count: int) -> None:
    whole = list(range(20))
    parts = [
        whole[i - 1 :: n] for i, n in (read_shard(f"{k}/{count}") for k in range(1, count + 1))
    ]
    assert sorted(one for part in parts for one in part) == whole
    assert max(map(len, parts)) - min(map(len, parts)) <= 1


def test_what_failed_in_a_shard_is_run_again_by_that_shard(
    scenarios: list[LoadedScenario],
) -> None:
    shards = {part: names(scenarios, shard=(part, 2)) for part in (1, 2)}
    for part, own in shards.items():
        assert names(scenarios, shard=(part, 2), only=frozenset(own)) == own
        other = frozenset(shards[3 - part])
        assert names(scenarios, shard=(part, 2), only=other) == [], "the other machine runs them"


@pytest.mark.parametrize("text", ["0/3", "4/3", "1", "a/b", "-1/3", "1/0"])
def test_what_is_no_shard_is_refused(text: str) -> None:
    with pytest.raises(UsageError, match="--shard 1/3"):
        read_shard(text)


def test_what_failed_last_is_known_from_its_results(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="No such file"):
        failed_last(tmp_path)
    results = make_suite(tmp_path, {"a": ["failed", "passed"], "b": ["passed"], "c": []})
    (tmp_path / "results.json").write_text(results.model_dump_json(), encoding="utf-8")
    assert failed_last(tmp_path) == {"a", "c"}
    alone = {"scenarios": [{"name": "x", "verdict": "error"}]}
    (tmp_path / "results.json").write_text(json.dumps(alone), encoding="utf-8")
    assert failed_last(tmp_path) == {"x"}
    (tmp_path / "results.json").write_text("[]", encoding="utf-8")
    with pytest.raises(UsageError, match="no such results"):
        failed_last(tmp_path)
