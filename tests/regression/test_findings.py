"""Findings: the worst and the most telling come first, and each says where."""

from harness.regression.findings import Finding, in_order


def test_the_worst_and_the_most_telling_come_first() -> None:
    given = [
        Finding("same", "latency", ""),
        Finding("worse", "latency", ""),
        Finding("changed", "words", ""),
        Finding("worse", "words", "", scenario="b"),
        Finding("worse", "words", "", scenario="a", turn=2),
        Finding("cannot_tell", "heard", ""),
    ]
    ordered = [(one.verdict, one.kind, one.place) for one in in_order(given)]
    assert ordered == [
        ("worse", "words", "a, turn 2"),
        ("worse", "words", "b"),
        ("worse", "latency", "all scenarios"),
        ("cannot_tell", "heard", "all scenarios"),
        ("changed", "words", "all scenarios"),
        ("same", "latency", "all scenarios"),
    ]


def test_what_is_not_known_is_left_out_of_the_data() -> None:
    found = Finding("worse", "words", "gone", scenario="a", change_ms=0.0)
    assert found.as_data() == {
        "verdict": "worse",
        "kind": "words",
        "text": "gone",
        "scenario": "a",
        "change_ms": 0.0,
    }
