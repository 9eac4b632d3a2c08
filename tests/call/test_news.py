"""What is news: since the user's last action began, and not taken."""

from harness.call.events import CallEvent
from harness.call.news import News
from harness.streams.event_stream import EventStream


def call_with(*types: str) -> tuple[EventStream[CallEvent], News]:
    events: EventStream[CallEvent] = EventStream("events")
    for number, type in enumerate(types):
        events.push(CallEvent(float(number), "wire", type))
    return events, News(events)


def test_before_the_first_action_everything_is_news() -> None:
    _, news = call_with("session.created")
    assert (news.since, news.began_s) == (0, None)


def test_what_came_before_an_action_is_old() -> None:
    events, news = call_with("response.done")
    news.user_acts(1.5)
    assert news.since == events.count == 1
    old = news.old("response.*")
    assert old is not None
    assert "came at 0.000 s" in old
    assert "began at 1.500 s" in old
    assert news.old("no.such") is None


def test_what_was_taken_is_taken_though_another_is_equal_to_it() -> None:
    events, news = call_with("response.done", "response.done")
    events.push(events.snapshot()[1])
    news.take(events.snapshot()[0])
    assert not news.is_free(events.snapshot()[0])
    assert news.is_free(events.snapshot()[1])
    news.take(events.snapshot()[1])
    assert "an earlier step has taken it" in (news.old("response.done") or "")
