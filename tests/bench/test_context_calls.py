"""The benchmark of calls with a context, for a moment."""

from __future__ import annotations

import pytest

from harness.bench.context_calls import concealment, delivery

pytestmark = pytest.mark.realtime


async def test_each_delivery_is_timed_from_its_result_to_its_answer() -> None:
    figures = await delivery(times=2)
    assert figures["deliveries"] == 2
    assert 0 < figures["delivery_delay_ms_p50"] <= figures["delivery_delay_ms_p95"] < 10_000


async def test_searches_and_a_second_reading_go_on_during_a_call() -> None:
    figures = await concealment(hold_s=1)
    assert (figures["retrievals"], figures["files_read_again"]) == (20, 200)
    for name in ("audio_concealed_share", "audio_concealed_share_alone"):
        assert 0 <= figures[name] <= 1
