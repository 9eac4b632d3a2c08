"""Where threads are kept, and what is shown of it."""

from __future__ import annotations

from pathlib import Path

import pytest

from harness.context.threads.place import StoreUrl, place_of
from harness.errors import UsageError


def test_what_is_no_url_of_postgresql_is_a_file() -> None:
    for name in ("contexts.db", "/tmp/a/contexts.db", "postgresql", "sqlite:///a.db"):
        assert place_of(name) == Path(name)
    assert place_of(Path("contexts.db")) == Path("contexts.db")


@pytest.mark.parametrize(
    ("url", "shown", "schema"),
    [
        (
            "postgresql://kim:s3cret@db.example:5433/voice",
            "postgresql://db.example:5433/voice",
            "realtime_harness",
        ),
        ("postgres://kim@[::1]/voice", "postgresql://[::1]/voice", "realtime_harness"),
        ("postgresql://a:1,b:2/voice", "postgresql://a:1,b:2/voice", "realtime_harness"),
        ("postgresql:///voice", "postgresql:///voice", "realtime_harness"),
        (
            "postgresql://kim:s3cret@/voice?host=/run/pg&schema=desk&password=s3cret&user=kim",
            "postgresql:///voice?host=/run/pg&schema=desk",
            "desk",
        ),
    ],
)
def test_a_url_is_shown_without_its_user_and_its_password(
    url: str, shown: str, schema: str
) -> None:
    place = place_of(url)
    assert isinstance(place, StoreUrl)
    assert (str(place), place.schema) == (shown, schema)
    for told in (str(place), repr(place)):
        assert "s3cret" not in told
        assert "kim" not in told
    assert "schema" not in place.dsn
    assert ("s3cret" in place.dsn) == ("s3cret" in url)


@pytest.mark.parametrize(
    "url",
    [
        "postgresql://kim:s3c@ret@host/voice",
        "postgresql://kim:s3c#ret@host/voice",
        "postgresql://kim:s3c/ret@host/voice",
        "postgresql://kim:12/s3cret@host/voice",
        "postgresql://kim:s3c?ret@host/voice",
        "postgresql://kim:12?s3cret@host/voice",
        "postgresql://kim:s3cret@host:port/voice",
        "postgresql://kim:s3cret@[host/voice",
        "postgresql://kim:s3cret@host/voice?schema=a;drop",
    ],
)
def test_one_that_cannot_be_read_is_told_and_not_shown(url: str) -> None:
    with pytest.raises(UsageError, match="cannot be read") as caught:
        place_of(url)
    told = str(caught.value)
    assert not [word for word in ("s3c", "ret", "kim:", "12") if word in told.replace("secret", "")]
