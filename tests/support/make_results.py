"""Results without a run, for what shows them."""

from __future__ import annotations

from collections.abc import Sequence

from harness.report.results import (
    Expectation,
    Failure,
    Latencies,
    ScenarioResult,
    TimeLine,
    Turn,
    Verdict,
)


def make_scenario(
    *,
    latencies_s: Sequence[float] = (0.8,),
    failed: str | None = None,
    evidence: str | None = None,
    error: str | None = None,
) -> ScenarioResult:
    """A scenario “booking” with one turn a latency, at most one failure and one error."""
    verdict: Verdict = "error" if error else "failed" if failed else "passed"
    expectation = Expectation(
        step=1, kind="words", text=failed or "", verdict="failed", evidence=evidence
    )
    return ScenarioResult(
        name="booking",
        engine="browser",
        verdict=verdict,
        conversation_s=12.5,
        wall_s=14.0,
        turns=[
            Turn(
                index=index,
                said=None,
                user_transcript=None,
                heard=None,
                interrupted=False,
                latencies=Latencies(voice_to_voice_s=latency_s),
            )
            for index, latency_s in enumerate(latencies_s, start=1)
        ],
        expectations=[expectation] if failed else [],
        artifacts={},
        error=Failure(kind="PageCrashed", message=error) if error else None,
        time_line=TimeLine(speech_edges="silero"),
    )
