"""The event that a test expects: the first one that is news, waited for if need be."""

from __future__ import annotations

from harness.call.events import CallEvent
from harness.call.news import News
from harness.call.waits import CallWaits
from harness.streams.waiting import NothingLikeIt


async def expected_event(
    waits: CallWaits, news: News, pattern: str, within_s: float, from_start: bool
) -> CallEvent:
    """The first event whose type matches and that is news; taken, so that it is none any more.

    Args:
        pattern: a glob.
        within_s: how long to wait for one that has not come yet.
        from_start: every event of the call counts, also an old or a taken one.

    Raises:
        ExpectationFailed: it did not come; the message lists what came instead.
    """

    def fits(event: CallEvent) -> bool:
        return event.matches(pattern) and (from_start or news.is_free(event))

    since = 0 if from_start else news.since
    try:
        event = await waits.event(fits, within_s, f"an event “{pattern}”", since=since)
    except NothingLikeIt as error:
        old = None if from_start else news.old(pattern)
        if old is None:
            raise
        hint = "`from: start` (`from_start=True`) also counts what came before"
        raise error.with_came(f"{error.came} ({old})", hint) from error.__cause__
    news.take(event)
    return event
