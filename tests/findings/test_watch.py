"""The watch: findings show as soon as they can, in order, and from any trace."""

from __future__ import annotations

from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from harness.facts.connection import DataChannelSendFailed
from harness.facts.page import LongTask, PageFellBack
from harness.findings.watch import MOST_OF_A_KIND, FindingsWatch, findings_of, in_order
from harness.resources import fixtures_dir
from harness.trace import TraceEvent, read_trace
from tests.support.healthy_call import CHANNEL, HEALTHY, events_of, found_in, sent, ticking


def test_a_finding_shows_with_the_event_that_shows_it() -> None:
    failed = (1.0, DataChannelSendFailed(*CHANNEL, "connecting", "not open"))
    watch = FindingsWatch()
    shown = [[f.name for f in watch.take(event)] for event in events_of([*HEALTHY, failed])]
    assert shown[-1] == ["sent_before_open"]
    assert not any(shown[:-1])
    assert watch.end() == []


def test_time_passes_with_events() -> None:
    update = sent(2.0, {"type": "session.update", "session": {}})
    watch = FindingsWatch()
    for event in events_of([*HEALTHY, update, *ticking(6)]):
        assert watch.take(event) == []
    (late,) = events_of(ticking(7, from_s=7.5))
    assert [f.name for f in watch.take(late)] == ["session_update_unanswered"]


def test_the_gravest_come_first() -> None:
    beta = sent(2.0, {"type": "session.update", "session": {"voice": "x"}})
    found = found_in(HEALTHY, (1.0, LongTask(900.0)), beta)
    assert [one.severity for one in found] == ["error", "warning"]
    assert in_order(reversed(found)) == found


def test_the_same_again_and_again_is_told_so_often() -> None:
    busy = [(1.0 + number / 10, LongTask(900.0)) for number in range(100)]
    assert len(found_in(HEALTHY, busy)) == MOST_OF_A_KIND


def test_events_that_nobody_knows_are_passed_over() -> None:
    fallback = (0.5, PageFellBack("no worklet", "a policy"))
    strange = [
        TraceEvent(0, None, "page", "data_channel.message", {"text": 5}),
        TraceEvent(1, 1.0, "harness", "microphone.clip", {}),
        TraceEvent(2, 2.0, "elsewhere", "nothing", {}),
    ]
    assert findings_of([*strange, *events_of([*HEALTHY, fallback])]) == []


def test_the_kept_trace_of_a_healthy_call_has_no_finding() -> None:
    assert (
        findings_of(read_trace(fixtures_dir() / "traces" / "barge-in" / "trace.jsonl").events) == []
    )


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=12),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3)
    ),
    max_leaves=8,
)
WIRE = st.sampled_from(
    ["session.created", "session.update", "session.updated", "error", "response.create",
     "response.created", "response.done", "conversation.item.create", "conversation.item.truncate"]
)  # fmt: skip


PARTS = st.sampled_from(["session", "error", "response", "item", "audio_end_ms"])


@given(st.lists(st.tuples(WIRE, st.dictionaries(PARTS, JSON), st.booleans()), max_size=12))
def test_whatever_goes_over_the_channel_breaks_no_rule(
    messages: list[tuple[str, dict[str, Any], bool]],
) -> None:
    from tests.support.healthy_call import received

    facts = [
        (sent if is_sent else received)(1.0 + number, {**body, "type": kind})
        for number, (kind, body, is_sent) in enumerate(messages)
    ]
    for found in found_in(HEALTHY, facts, ticking(30)):
        assert found.cause.endswith(".")
