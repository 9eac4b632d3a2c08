"""Comparisons as a comment: words of others are text, what is fine is folded away."""

from harness.regression.compare import Comparison
from harness.regression.findings import Finding
from harness.regression.markdown import as_markdown


def test_what_is_worse_is_seen_and_the_rest_is_folded() -> None:
    findings = (
        Finding("worse", "words", "“<b>x</b> | @kim” is gone", "was *x*", "booking", 2),
        Finding("better", "latency", "endpointing is 90 ms faster"),
        Finding("same", "latency", "voice to voice is the same"),
    )
    text = as_markdown(Comparison("a", "b", findings, 1, 2, 1, ("model: one → two",)))
    assert text.startswith("### ❌ Voice regressions: 1 worse, 1 better; 2 turns of 1 scenario\n")
    assert "- not alike: model: one → two" in text
    first, _, folded = text.partition("<details><summary>1 changed, better or the same</summary>")
    assert "booking, turn 2" in first
    assert "\\<b\\>x\\</b\\> \\| @\u200bkim" in first
    assert "endpointing is 90 ms faster" in folded
    assert "is the same" not in text


def test_what_stayed_the_same_is_told_where_nothing_else_is() -> None:
    same = Finding("same", "latency", "endpointing is the same")
    text = as_markdown(Comparison("a", "b", (same,), 1, 2, 1))
    assert text.startswith("### ✅ Voice regressions: 1 same; 2 turns of 1 scenario\n")
    assert "endpointing is the same" in text


def test_a_comment_has_its_bounds() -> None:
    findings = tuple(Finding("worse", "words", "gone", "", f"s{n}") for n in range(60))
    assert "… and 10 more" in as_markdown(Comparison("a", "b", findings, 60, 60, 0))


def test_long_answers_leave_room_for_the_first_of_them() -> None:
    long = "*word* " * 200
    findings = [Finding("worse", "words", long, long, f"s{n}") for n in range(60)]
    findings += [Finding("changed", "words", long, long, f"t{n}") for n in range(60)]
    text = as_markdown(Comparison("a", "b", tuple(findings), 60, 60, 0))
    assert 20_000 < len(text) < 65_536
    assert "| s0 |" in text
    assert "… and 35 more" in text


def test_what_is_not_alike_has_its_bounds_too() -> None:
    unlike = tuple(f"s{n}: engine browser → native" for n in range(2000))
    text = as_markdown(Comparison("a", "b", (), 2000, 1, 0, unlike))
    assert "- … and 1950 more that are not alike" in text
    assert len(text) < 65_536


def test_no_line_of_others_ends_a_row() -> None:
    findings = (Finding("worse", "words", "a\r\nb\u2028c\x0bd", "", "s"),)
    (row,) = (
        line
        for line in as_markdown(Comparison("a", "b", findings, 1, 1, 0)).splitlines()
        if "❌ worse" in line
    )
    assert "a b c d" in row


def test_nothing_worse_has_no_table_of_worse() -> None:
    text = as_markdown(Comparison("a", "b", (), 1, 1, 0))
    assert text == "### ✅ Voice regressions: nothing is different; 1 turn of 1 scenario\n"
