"""The end of a suite on a terminal."""

from __future__ import annotations

import io
from pathlib import Path

from rich.console import Console

from harness.cli.suite_verdict import MAX_FAILURES_SHOWN, print_suite
from tests.support.make_suite import make_suite


def printed(tmp_path: Path, verdicts: dict[str, object], repeat: int = 1) -> str:
    out = io.StringIO()
    console = Console(file=out, width=120)
    print_suite(make_suite(tmp_path, verdicts, repeat), Path("out"), console)  # type: ignore[arg-type]
    return out.getvalue()


def test_the_table_ends_with_the_worst_and_why(tmp_path: Path) -> None:
    text = printed(tmp_path, {"b": ["failed"], "a": ["passed"], "c": ["failed", "passed"]})
    rows = [line.split()[0] for line in text.splitlines() if "simulated" in line]
    assert rows == ["a", "c", "b"]
    assert "✗ FAILED  1 passed, 1 flaky, 1 failed" in text
    assert "report: b/report.html" in text
    assert text.rstrip().endswith("Index: out/index.html")


def test_flaky_is_explained_and_a_rate_has_its_interval(tmp_path: Path) -> None:
    text = printed(tmp_path, {"a": ["passed", "failed"]}, repeat=2)
    assert "50% (9% to 91%)" in text
    assert "↻ FLAKY  1 flaky" in text
    assert "--allow-flaky" in text


def test_of_many_failures_some_are_shown(tmp_path: Path) -> None:
    many = {f"s{n}": ["failed"] for n in range(MAX_FAILURES_SHOWN + 3)}
    assert "… and 3 more, in the page" in printed(tmp_path, dict(many))
