"""The running call's own numbers, read back."""

from hypothesis import given
from hypothesis import strategies as st

from harness.score.judged import as_judged, judged_spans
from harness.speech.spans import Span
from tests.support.call_events import event

times = st.floats(0, 20)
spans = st.lists(st.tuples(times, st.floats(0.1, 3)), max_size=5).map(
    lambda pairs: [Span(a, a + b) for a, b in sorted(pairs)]
)


def test_they_are_where_the_trace_says() -> None:
    events = [
        event("answer.judged", 9.0, "harness", answer_id="b", spans=[[6.0, 7.0]]),
        event("answer.judged", 5.0, "harness", answer_id="a", spans=[[1.0, 2.0], [2.5, 3]]),
        event("answer.judged", 9.5, "harness", answer_id="c"),
    ]
    assert judged_spans(events) == [Span(1.0, 2.0), Span(2.5, 3.0), Span(6.0, 7.0)]


def test_each_edge_has_the_doubt_that_the_trace_says() -> None:
    data = {"spans": [[1.0, 2.0], [3.0, 4.0]], "uncertainties": [[0.01, 0.02], [None, 0.03]]}
    first, second = judged_spans([event("answer.judged", 5.0, "harness", **data)])
    assert (first.start_uncertainty_s, first.end_uncertainty_s) == (0.01, 0.02)
    assert (second.start_uncertainty_s, second.end_uncertainty_s) == (None, 0.03)


def test_what_was_judged_stands_in_the_place_of_what_is_detected() -> None:
    detected = [Span(0.98, 2.05), Span(6.0, 7.0)]
    assert as_judged(detected, [Span(1.0, 2.0)]) == [Span(1.0, 2.0), Span(6.0, 7.0)]


def test_the_voice_of_another_answer_beside_it_stays() -> None:
    assert as_judged([Span(1.0, 9.0)], [Span(5.0, 9.0)]) == [Span(1.0, 5.0), Span(5.0, 9.0)]


@given(spans, spans)
def test_every_judged_span_is_there(detected: list[Span], judged: list[Span]) -> None:
    found = as_judged(detected, judged)
    assert all(each in found for each in judged)
    assert found == sorted(found, key=lambda span: span.start_s)
