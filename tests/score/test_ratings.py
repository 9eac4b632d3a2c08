"""Ratings belong to the answer that was heard, and to the turn that was received."""

from harness.score.exchanges import exchanges_of
from harness.score.ratings import ratings_of
from tests.support.call_events import answer, clip, event, record


def test_each_turn_has_its_own() -> None:
    events = [
        clip(1.0, 2.0),
        *answer("a", 2.5, (2.7, 3.8)),
        clip(5.0, 6.0),
        *answer("b", 6.5, (6.7, 7.8)),
        event("speech.rated", 1.0, "harness", where="received", answer_id=None, pesq=4.0, stoi=0.9),
        event("speech.rated", 1.7, "harness", where="heard", answer_id="a", pesq=None, stoi=0.8),
    ]
    first, second = exchanges_of(record(events, heard=[(2.8, 3.9), (6.8, 7.9)]))
    assert ratings_of(first, events) == {"received_pesq": 4.0, "received_stoi": 0.9, "stoi": 0.8}
    assert ratings_of(second, events) == {}
