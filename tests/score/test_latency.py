"""Soon enough, too late, or no latency at all."""

import pytest

from harness.score.latency import judge_latency


@pytest.mark.parametrize(
    ("latency_s", "at_s", "outcome", "evidence"),
    [
        (0.4, 3.0, "held", "it started 0.400 s after"),
        (1.0, 3.0, "held", "it started 1.000 s after"),
        (1.2, 3.0, "failed", "it started 1.200 s after"),
        (-1.6, 3.0, "failed", "the answer began 1.600 s before the user had ended"),
        (None, 0.4, "failed", "the answer was a greeting: it was heard at 0.400 s"),
        (None, None, "failed", "no sound of an answer to measure: it was silent"),
    ],
)
def test_a_latency_is_judged(
    latency_s: float | None, at_s: float | None, outcome: str, evidence: str
) -> None:
    found = judge_latency(1.0, latency_s, at_s, "" if at_s else "it was silent")
    assert found[0] == outcome
    assert found[1].startswith(evidence)


def test_the_evidence_says_how_wrong_it_may_be() -> None:
    assert judge_latency(1.0, 0.8, 5.0, uncertainty_s=0.0204) == (
        "held",
        "it started 0.800 s after (± 0.020 s)",
    )


def test_a_limit_inside_the_doubt_is_not_told() -> None:
    """0.99 s ± 0.02 s may be 0.97 s, and may be 1.01 s."""
    assert judge_latency(1.0, 0.99, 5.0, uncertainty_s=0.02) == (
        "cannot_tell",
        "it started 0.990 s after (± 0.020 s): the bound of 1 s lies inside of that",
    )
    assert judge_latency(1.0, 1.03, 5.0, uncertainty_s=0.02)[0] == "failed"
