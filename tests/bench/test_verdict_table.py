"""The figures of verdicts as people read them."""

from __future__ import annotations

from typing import Any

from harness.bench.verdict_table import SHOWN_WRONG, as_text


def shares(failures: float | None, passes: float | None = 0.0) -> dict[str, Any]:
    return {
        "false_failures_share": failures,
        "false_passes_share": passes,
        "cannot_tell_share": failures,
        "judged": 200,
    }


WRONG = {
    "kind": "false_failure",
    "outcome": "cannot_tell",
    "voice": "heart",
    "condition": "opus",
    "sentence": "It is ten.",
    "expected": ["ten", "it"],
    "heard": "It is then.",
    "evidence": "heard “It is then.”",
}


def figures(*wrong: dict[str, Any]) -> dict[str, Any]:
    return {
        "sentences": 100,
        "overall": {"ours": shares(0.005)},
        "conditions": {"opus": {"ours": shares(0.005), "former": shares(0.25, 0.125)}},
        "by_voice": {"heart": shares(None)},
        "wrong": list(wrong),
        "voice_cpu_s_per_s": 0.35,
    }


def test_a_row_for_each_condition_and_judge_then_the_voices() -> None:
    lines = [" ".join(line.split()) for line in as_text(figures()).splitlines()]
    assert lines[0] == "judge false failures of these cannot tell false passes judged"
    assert lines[1] == "opus ours 0.50 % 0.50 % 0.00 % 200"
    assert lines[2] == "opus former 25.00 % 25.00 % 12.50 % 200"
    assert lines[3] == "overall ours 0.50 % 0.50 % 0.00 % 200"
    assert lines[4] == "heart ours - - 0.00 % 200"
    assert "voice_cpu_s_per_s 0.35" in lines
    assert "wrong" not in as_text(figures())


def test_the_first_wrong_verdicts_are_told_and_the_others_counted() -> None:
    text = as_text(figures(*[WRONG] * (SHOWN_WRONG + 2)))
    line = (
        "false failure (cannot tell), heart, opus: said “It is ten.”, expected ten, it: "
        "heard “It is then.”"
    )
    assert text.count(line) == SHOWN_WRONG
    assert text.endswith("and 2 more, with --json")
    assert "more, with" not in as_text(figures(WRONG))
    false_pass = WRONG | {"kind": "false_pass", "outcome": "held"}
    assert "\nfalse pass, heart" in as_text(figures(false_pass))
