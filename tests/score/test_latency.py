"""Soon enough, too late, or no latency at all."""

import pytest

from harness.score.latency import judge_latency


@pytest.mark.parametrize(
    ("latency_s", "at_s", "holds", "evidence"),
    [
        (0.4, 3.0, True, "it started 0.400 s after"),
        (1.0, 3.0, True, "it started 1.000 s after"),
        (1.2, 3.0, False, "it started 1.200 s after"),
        (-1.6, 3.0, False, "the answer began 1.600 s before the user had ended"),
        (None, 0.4, False, "the answer was a greeting: it was heard at 0.400 s"),
        (None, None, False, "no sound of an answer to measure: it was silent"),
    ],
)
def test_a_latency_is_judged(
    latency_s: float | None, at_s: float | None, holds: bool, evidence: str
) -> None:
    found = judge_latency(1.0, latency_s, at_s, "" if at_s else "it was silent")
    assert found[0] is holds
    assert found[1].startswith(evidence)


def test_the_evidence_says_how_wrong_it_may_be() -> None:
    assert judge_latency(1.0, 0.8, 5.0, uncertainty_s=0.0204) == (
        True,
        "it started 0.800 s after (± 0.020 s)",
    )
