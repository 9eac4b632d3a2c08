"""Argument before callback before environment; what is no key is refused without showing it."""

from __future__ import annotations

import pytest

from harness.client.keys import KeySource
from harness.errors import KeyMissing

FULL = {"OPENAI_API_KEY": "sk-environment"}


async def from_coroutine() -> str:
    return "sk-callback"


async def test_the_argument_comes_first() -> None:
    assert await KeySource("sk-argument", lambda: "sk-callback", FULL).key() == "sk-argument"


@pytest.mark.parametrize("callback", [lambda: "sk-callback", from_coroutine])
async def test_then_a_callback_of_either_kind(callback: object) -> None:
    assert await KeySource(None, callback, FULL).key() == "sk-callback"  # type: ignore[arg-type]


@pytest.mark.parametrize("argument", [None, "", "  "])
async def test_then_the_environment(argument: str | None) -> None:
    assert await KeySource(argument, lambda: None, FULL).key() == "sk-environment"


async def test_else_a_plain_error_names_the_three_places() -> None:
    with pytest.raises(KeyMissing, match="OPENAI_API_KEY") as failed:
        await KeySource(environment={}).key()
    assert failed.value.exit_code == 2


async def test_the_callback_is_asked_anew_each_time() -> None:
    """It may hand out keys that live shortly."""
    keys = iter(["sk-first", "sk-second"])
    source = KeySource(callback=lambda: next(keys), environment={})
    assert [await source.key(), await source.key()] == ["sk-first", "sk-second"]


async def test_a_callback_that_breaks_says_so_without_its_text() -> None:
    def breaks() -> str:
        raise RuntimeError("the vault said sk-secret-0123")

    with pytest.raises(KeyMissing, match="RuntimeError") as failed:
        await KeySource(callback=breaks, environment={}).key()
    assert "sk-secret" not in str(failed.value)


@pytest.mark.parametrize("wrong", ["sk-a\r\nX-Header: 1", "sk a", "sk-ключ"])
async def test_what_cannot_be_a_header_is_refused_and_not_shown(wrong: str) -> None:
    with pytest.raises(KeyMissing) as failed:
        await KeySource(wrong).key()
    assert wrong not in str(failed.value)


def test_its_text_shows_no_key() -> None:
    assert "sk-" not in repr(KeySource("sk-argument", environment=FULL))


async def test_a_key_too_short_to_be_masked_is_refused_and_not_shown() -> None:
    with pytest.raises(KeyMissing, match=r"(?s)at least 8 .*one of 3 characters") as failed:
        await KeySource("zq7").key()
    assert "zq7" not in str(failed.value)
