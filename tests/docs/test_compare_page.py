"""What the page on comparing shows is so: the example's output, its comment, its baseline."""

from __future__ import annotations

import re
from pathlib import Path

import numpy as np

from harness.cli.choices import Benchmark
from harness.regression.baseline import read_baseline
from harness.regression.compare import Comparison, compare
from harness.regression.facts import Calls
from harness.regression.findings import KINDS
from harness.regression.markdown import as_markdown
from harness.regression.text import as_text
from tests.support.make_calls import make_calls, make_run, make_side, make_turn

PAGE = (Path(__file__).parents[2] / "harness" / "docs" / "compare.md").read_text(encoding="utf-8")
EXAMPLES = dict(re.findall(r"<!-- example: (\S+) -->\n```\w*\n(.*?)```", PAGE, re.DOTALL))
ANSWERS = (
    "Certainly, a table for two at seven.",
    "Your order of 42 dollars leaves on Monday.",
    "Is there anything else?",
)


def build(seed: int, slower_ms: float, dropped: bool, source: str) -> Calls:
    """Twelve calls of three turns."""
    usual, noise = np.random.default_rng(1), np.random.default_rng(seed)
    scenarios = []
    for call in range(1, 13):
        turns = []
        for index, answer in enumerate(ANSWERS):
            wait_ms = float(usual.uniform(600, 1000) + noise.normal(slower_ms, 40))
            text = answer
            if dropped and (call, index) == (7, 1):
                text = answer.replace(" Monday", "")
            times = {"voice_to_voice": round(wait_ms, 1)}
            turns.append(make_turn(f"question {index}", text, times_ms=times))
        scenarios.append(make_side(make_run(*turns), name=f"call-{call:02}"))
    return make_calls(*scenarios, source=source)


def example() -> Comparison:
    """That of the page."""
    base = build(2, 0.0, False, "baselines/voice.yaml")
    return compare(base, build(3, 400.0, True, "out/tuesday"))


def test_the_story_says_both_and_nothing_else() -> None:
    assert [one.kind for one in example().findings] == ["words", "latency"]
    assert EXAMPLES["comparison"] == as_text(example()) + "\n"


def test_the_comment_is_as_it_would_look() -> None:
    assert EXAMPLES["comment"] == as_markdown(example())


def test_the_baseline_is_one(tmp_path: Path) -> None:
    path = tmp_path / "voice.yaml"
    path.write_text(EXAMPLES["baseline"], encoding="utf-8")
    assert read_baseline(path).machine == "Linux x86_64, 2 cores"


def test_every_kind_of_finding_is_described() -> None:
    table = PAGE[PAGE.index("| kind |") : PAGE.index("| verdict |")]
    words = {word for kind in KINDS for word in kind.split()}
    assert [word for word in words if word not in table] == []
    assert Benchmark.compare.value in PAGE
