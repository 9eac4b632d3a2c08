"""Late results on their way: none is lost, none is kept twice."""

from __future__ import annotations

from harness.context.delivery import LateResult
from harness.context.work.late_results import LateResults
from harness.facts.contexts import ContextFact, ThinkingDelivered
from tests.support.contexts import NOW, context


def result(job: str, tool: str = "research") -> LateResult:
    return LateResult(job, f"fc_{job}", f"fco_{job}", tool, '{"day": "Sunday"}', "It rains.")


def test_what_the_thread_lacks_is_kept_when_the_call_is_over() -> None:
    notes: list[ContextFact] = []
    late = LateResults(notes.append, lambda: 3.0)
    for job in ("job_1", "job_2", "job_3"):
        late.came(result(job))
    late.put_in([result("job_1"), result("job_2")])
    rows = late.rows(context(), lambda item_id: item_id == "fc_job_1", NOW)
    assert [row["call_id"] for row in rows] == ["fc_job_2", "fc_job_3"]
    assert [(row["name"], row["output"]) for row in rows] == [("research", "It rains.")] * 2
    assert notes == [
        ThinkingDelivered("job_1", "session", 0.0),
        ThinkingDelivered("job_2", "session", 0.0),
        ThinkingDelivered("job_2", "thread", 0.0),
        ThinkingDelivered("job_3", "thread", 0.0),
    ]


def test_what_was_replaced_is_not_kept() -> None:
    late = LateResults(print, lambda: 3.0)
    late.came(result("job_1"))
    late.came(result("job_2", "other"))
    late.drop("research")
    assert [row["name"] for row in late.rows(context(), lambda _: False, NOW)] == ["other"]
