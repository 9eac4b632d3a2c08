"""Looks at a page: addresses; the looks at elements are in test_page_user."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from harness.engines.browser.page_checks import BUSY, busy_words, fits_glob, shown_fully
from harness.machine import ProcessorUse


@pytest.mark.parametrize(
    ("glob", "fits"),
    [
        ("http://h:3000/menu/today", True),
        ("**/today", True),
        ("/menu/today", True),
        ("/menu/*", True),
        ("/*", False),
        ("/**", True),
        ("http://h:3000/menu", False),
        ("menu", False),
        ("**/menu?today", False),
    ],
)
def test_an_address_fits_a_glob_as_a_whole(glob: str, fits: bool) -> None:
    assert fits_glob("http://h:3000/menu/today", glob) == fits


@given(st.text(st.characters(exclude_characters="*")), st.text())
def test_a_glob_is_plain_but_for_its_stars(url: str, rest: str) -> None:
    plain = url.lstrip("/")
    assert fits_glob(plain, plain)
    assert fits_glob(plain + rest, f"{plain}**")
    assert fits_glob(plain + rest, f"{plain}*") == ("/" not in rest)


def test_a_query_is_part_of_the_address() -> None:
    assert not fits_glob("http://h/menu?a=1", "/menu")
    assert fits_glob("http://h/menu?a=1", "/menu?a=1")


def test_what_may_be_secret_in_an_address_is_not_told() -> None:
    assert shown_fully("http://a:b@h/menu?key=1#me") == "http://h/menu?…#…"
    assert shown_fully("http://h/menu") == "http://h/menu"


@pytest.mark.parametrize(
    ("share", "machine_too"), [(1.0, True), (0.95, True), (0.5, False), (None, False)]
)
def test_a_page_alone_is_blamed_only_where_the_machine_had_time(
    share: float | None, machine_too: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(ProcessorUse, "share", lambda _: share)
    told = busy_words(ProcessorUse())
    assert told.startswith(BUSY)
    assert ("or this machine" in told) is machine_too
