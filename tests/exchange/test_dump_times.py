"""Times in dumps, as Chromium of any version and language writes them."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest

from harness.exchange.dump_times import told_time, zone_ms


@pytest.mark.parametrize(
    ("one", "ms"),
    [
        ({"timestamp": 5}, 5.0),
        ({"time": "5.5"}, 5.5),
        ({"time": "1970-01-01T00:00:01.500Z"}, 1_500.0),
        ({"time": "1970-01-01T02:00:01+02:00"}, 1_000.0),
    ],
)
def test_times_of_which_the_moment_is_known(one: dict[str, Any], ms: float) -> None:
    told = told_time(one)
    assert told is not None
    assert (told.ms, told.is_local) == (ms, False)


@pytest.mark.parametrize(
    "one",
    [
        {"time": "noon"},
        {"timestamp": True},
        {"timestamp": float("inf")},
        {"time": "nan"},
        {"timestamp": 10**400},
        {"time": "1/2/3 4:5:6"},
        {"time": "31.2.2026, 10:00:00"},
        {"time": "9" * 5000},
        {"time": "9" * 60 + "/1/2026, 10:00:00"},
        {},
    ],
)
def test_what_is_no_time(one: dict[str, Any]) -> None:
    assert told_time(one) is None


@pytest.mark.parametrize(
    "text",
    [
        "11/29/2026, 1:05:19 PM",
        "11/29/2026, 1:05:19\u202fPM",
        "29/11/2026, 13:05:19",
        "29/11/2026, 1:05:19 pm",
        "29/11/2026 13:05:19",
        "29.11.2026, 13:05:19",
        "29. 11. 2026 13:05:19",
        "29-11-2026, 13:05:19",
        "29.11.2026 klo 13.05.19",
        "2026/11/29 13:05:19",
        "2026-11-29 13:05:19",
        "2026-11-29, 1:05:19 p.m.",
        "2026-11-29 13 h 05 min 19 s",
        "2026. 11. 29. 13:05:19",
        "2026. 11. 29. 오후 1:05:19",
        "2026/11/29 下午1:05:19",
        "13:05:19 29/11/2026",
        "٢٩/١١/٢٠٢٦، ١:٠٥:١٩ م",
    ],
)
def test_times_in_words_of_many_languages(text: str) -> None:
    told = told_time({"time": text})
    assert told is not None
    assert told.is_local
    assert datetime.fromtimestamp(told.ms / 1000, UTC) == datetime(
        2026, 11, 29, 13, 5, 19, tzinfo=UTC
    )


@pytest.mark.parametrize(
    ("text", "month", "day", "hour"),
    [
        ("3/4/2026, 12:00:00 AM", 3, 4, 0),
        ("3/4/2026, 12:00:00 PM", 3, 4, 12),
        ("3/4/2026, 12:00:00 am", 4, 3, 0),
        ("03/04/2026, 12:00:00", 4, 3, 12),
    ],
)
def test_who_writes_am_in_capitals_begins_with_the_month(
    text: str, month: int, day: int, hour: int
) -> None:
    told = told_time({"time": text})
    assert told is not None
    assert told.ms == datetime(2026, month, day, hour, tzinfo=UTC).timestamp() * 1000


def test_a_zone_is_a_multiple_of_a_quarter_of_an_hour() -> None:
    hour_ms = 3_600_000.0
    assert zone_ms(-7 * hour_ms, 2_000.0) == -7 * hour_ms
    assert zone_ms(5.75 * hour_ms, 60_000.0) == 5.75 * hour_ms
    assert zone_ms(1_000.0, 0.0) == 0.0
