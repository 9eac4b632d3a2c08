"""Reports of getStats as differences: whatever came is told again, exactly."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from harness.kept_stats import (
    LOST,
    MOST_CHAINS,
    SINCE,
    WHOLE_EVERY,
    StatsKeeper,
    WholeReports,
    is_difference,
)

JSON = st.recursive(
    st.none() | st.booleans() | st.sampled_from([0, 1, -1, 1.0, 0.0, -0.0, 1e300]) | st.text("ab"),
    lambda inner: st.lists(inner, max_size=2) | st.dictionaries(st.text("ab"), inner, max_size=2),
    max_leaves=3,
)
"""Few values, so that neighbours often have the same ones, or nearly."""

FIELDS = st.dictionaries(st.sampled_from(["a", "b", "c"]), JSON, max_size=3)
STAMPS = st.sampled_from([{}, {"timestamp": 1}, {"timestamp": 1.0}, {"timestamp": True},
                          {"timestamp": 2.5}, {"timestamp": "1"}, {"timestamp": [1]}])  # fmt: skip
IDS = st.sampled_from(["x", "y", "z", "timestamp", "changed"])
ENTRIES = st.tuples(STAMPS, FIELDS).map(lambda parts: {**parts[0], **parts[1]})
WITH_IDS = st.tuples(IDS, ENTRIES).map(lambda parts: {"id": parts[0], **parts[1]})
LISTS = st.lists(WITH_IDS, max_size=5, unique_by=lambda entry: str(entry["id"]))
MAPS = st.dictionaries(IDS, ENTRIES, max_size=5)
ODD = (
    st.lists(WITH_IDS | ENTRIES | JSON, max_size=4) | st.dictionaries(IDS, JSON, max_size=3) | JSON
)
OTHERS = st.sampled_from([{}, {"frame": 1}, {"frame": True}, {"since": 0}, {"changed": {}},
                          {"gone": 1}, {LOST: 3}])  # fmt: skip
DATA = st.tuples(
    st.sampled_from([{"connection": "a"}, {"connection": "a"}, {"connection": "b"}, {}]),
    st.sampled_from([{}, {}, {}]) | OTHERS,
    (LISTS | LISTS | MAPS | ODD).map(lambda report: {"report": report}) | st.just({}),
).map(lambda parts: {**parts[0], **parts[1], **parts[2]})


def line(seq: int, data: Any, source: str = "page") -> dict[str, Any]:
    return {"seq": seq, "t_s": seq / 10, "source": source, "type": "stats", "data": data}


def kept(lines: Sequence[dict[str, Any]]) -> list[dict[str, Any]]:
    keeper = StatsKeeper()
    return [keeper.kept(each) for each in lines]


def told(lines: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """What readers get of them."""
    reports = WholeReports()
    return [reports.data_of(json.loads(json.dumps(each))) for each in lines]


def exact(value: Any) -> str:
    """Tells 1 from 1.0 and True, and one order from another."""
    return json.dumps(value)


def report(number: int, **more: Any) -> list[dict[str, Any]]:
    """What a page tells each second, as far as it matters: little of it is new."""
    known = {f"n{i}": f"a value that stays what it is, {i}" for i in range(10)}
    stamp = {"timestamp": 1000.5 + number}
    return [
        {"id": "in", **stamp, "type": "inbound-rtp", **known, "packets": number, **more},
        {"id": "pair", **stamp, "type": "candidate-pair", **known},
        {"id": "far", "timestamp": 7, "type": "remote-inbound-rtp", **known},
    ]


def of(number: int, connection: str = "c", **more: Any) -> dict[str, Any]:
    return line(number, {"connection": connection, "report": report(number, **more)})


@given(st.lists(DATA, max_size=8))
def test_whatever_came_is_told_again_exactly(given_data: list[dict[str, Any]]) -> None:
    lines = [line(seq, data) for seq, data in enumerate(given_data)]
    written = kept(lines)
    for was, short, data in zip(lines, written, told(written), strict=True):
        assert exact(data.get("report")) == exact(was["data"].get("report"))
        assert exact(sorted(data.items())) == exact(sorted(was["data"].items()))
        assert len(json.dumps(short)) <= len(json.dumps(was))
        assert {k: v for k, v in short.items() if k not in (SINCE, "data")} == {
            k: v for k, v in was.items() if k != "data"
        }


@given(st.lists(LISTS | MAPS, min_size=2, max_size=6), st.integers(0, 4))
def test_whatever_is_lost_nothing_false_is_told(reports: list[Any], missing: int) -> None:
    """A line that is not there makes those unknown that follow it, until the next whole one."""
    lines = [line(n, {"connection": "c", "report": each}) for n, each in enumerate(reports)]
    left = [each for each in kept(lines) if each["seq"] != missing]
    for each, data in zip(left, told(left), strict=True):
        if LOST in data:
            assert data == {"connection": "c", "report": [], LOST: each[SINCE]}
        else:
            assert exact(data) == exact(lines[each["seq"]]["data"])


def test_a_difference_tells_what_changed_and_the_time_once() -> None:
    short = kept([of(0), of(1)])[1]
    assert short == {
        **{name: of(1)[name] for name in ("seq", "t_s", "source", "type")},
        "since": 0,
        "data": {
            "connection": "c",
            "timestamp": 1001.5,
            "changed": {"in": {"packets": 1}, "far": {"timestamp": 7}},
        },
    }


def test_entries_and_fields_that_are_gone_are_named() -> None:
    first, second, third = of(0, extra=1), of(1), of(2)
    del third["data"]["report"][1]
    written = kept([first, second, third])
    assert written[1]["data"]["gone"] == {"in": ["extra"]}
    assert written[2]["data"]["gone"] == {"pair": True}
    assert exact(told(written)) == exact([each["data"] for each in (first, second, third)])


def test_entries_and_fields_in_another_order_are_told_so() -> None:
    first, second, third = of(0), of(1), of(2)
    second["data"]["report"].insert(0, {"id": "new", "timestamp": 1001.5})
    third["data"]["report"].insert(0, {"id": "new", "timestamp": 1001.5})
    third["data"]["report"][2] = {"late": 5, **third["data"]["report"][2]}
    written = kept([first, second, third])
    assert written[1]["data"]["order"] == ["new", "in", "pair", "far"]
    assert written[2]["data"]["gone"] == {"pair": True}
    assert written[2]["data"]["changed"]["pair"]["late"] == 5
    assert exact(told(written)) == exact([each["data"] for each in (first, second, third)])


def test_one_in_so_many_is_whole_and_each_follows_the_last_of_its_connection() -> None:
    lines = [of(2 * n + k, "ab"[k]) for n in range(2 * WHOLE_EVERY + 1) for k in (0, 1)]
    written = kept(lines)
    whole = [each["seq"] for each in written if not is_difference(each)]
    assert whole == [0, 1, 60, 61, 120, 121]
    assert all(each["seq"] - each[SINCE] == 2 for each in written if is_difference(each))
    assert told(written) == [each["data"] for each in lines]


def test_of_too_many_connections_the_longest_silent_is_whole_again() -> None:
    lines = [of(number, f"c{number}") for number in range(MOST_CHAINS + 1)]
    lines += [of(MOST_CHAINS + 1, f"c{MOST_CHAINS}"), of(MOST_CHAINS + 2, "c0")]
    written = kept(lines)
    assert [is_difference(each) for each in written[-2:]] == [True, False]
    assert told(written) == [each["data"] for each in lines]


def test_two_frames_with_connections_of_one_name_are_two() -> None:
    lines = [line(n, {"connection": "c", "frame": n % 2, "report": report(n)}) for n in range(4)]
    written = kept(lines)
    assert [each.get(SINCE) for each in written] == [None, None, 0, 1]
    assert told(written) == [each["data"] for each in lines]


def test_entries_in_which_nothing_changed_are_not_copied() -> None:
    lines = [of(0), of(1)]
    for each in lines:
        del each["data"]["report"][2]["timestamp"]
    first, second = told(kept(lines))
    assert second["report"][2] is first["report"][2]


@pytest.mark.parametrize(
    "data",
    [
        {"connection": "c"},
        {"connection": "c", "changed": 5},
        {"connection": "c", "changed": {"in": 5}},
        {"connection": "c", "changed": {}, "gone": {"in": ["nothing"]}},
        {"connection": "c", "changed": {}, "gone": 7},
        {"connection": "c", "changed": {}, "order": ["nobody"]},
        {"connection": "another", "changed": {}},
        "no object",
    ],
)
def test_a_difference_that_somebody_edited_is_lost_and_the_next_whole_one_is_not(data: Any) -> None:
    lines = [of(0), {**line(1, data), SINCE: 0}, {**line(2, {"connection": "c", "changed": {}})}]
    lines[2][SINCE] = 1
    first, second, third, fourth = told([*lines, of(3)])
    assert first == of(0)["data"]
    assert (second["report"], second[LOST]) == ([], 0)
    assert third == {"connection": "c", "report": [], LOST: 1}
    assert fourth == of(3)["data"]


def test_a_line_of_another_type_is_what_it_is() -> None:
    note = {**line(0, {"changed": 1}), "type": "note", SINCE: 3}
    assert WholeReports().data_of(note) == {"changed": 1}
