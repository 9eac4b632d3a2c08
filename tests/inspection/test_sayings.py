"""Sayings before the page calls: kept in their order, and told where they cannot be said."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from typing import cast

from harness.call.utterance import Utterance
from harness.errors import FixtureError, HarnessError
from harness.inspection.sayings import Sayings


class Said:
    """Remembers what was said, and what could not be."""

    def __init__(self) -> None:
        self.said: list[object] = []
        self.failed: list[HarnessError] = []
        self.told = asyncio.Event()
        self.up = asyncio.Event()
        self.sayings = Sayings(self.up, self._say, self._fail)

    async def _say(self, utterance: Utterance) -> None:
        self.said.append(utterance)

    def _fail(self, error: HarnessError) -> None:
        self.failed.append(error)
        self.told.set()


def made(word: str, after: asyncio.Event | None = None) -> Callable[[], Awaitable[Utterance]]:
    async def make() -> Utterance:
        if after is not None:
            await after.wait()
        return cast("Utterance", word)

    return make


async def missing() -> Utterance:
    raise FixtureError("There is no such file.")


async def test_what_was_typed_first_is_said_first_however_long_it_takes_to_be_made() -> None:
    told, is_made = Said(), asyncio.Event()
    told.up.set()
    told.sayings.add(made("one", is_made))
    told.sayings.add(made("two"))
    is_made.set()
    await told.sayings.all_said()
    assert told.said == ["one", "two"]


async def test_nothing_is_said_before_there_is_a_call() -> None:
    told = Said()
    told.sayings.add(made("one"))
    said = asyncio.ensure_future(told.sayings.all_said())
    told.sayings.add(missing)
    await told.told.wait()  # what cannot be said is told before there is a call
    assert (told.said, said.done()) == ([], False)
    told.up.set()
    await said
    assert told.said == ["one"]


async def test_one_that_cannot_be_said_does_not_keep_the_others() -> None:
    told = Said()
    told.up.set()
    for one in (missing, made("two")):
        told.sayings.add(one)
    await told.sayings.all_said()
    assert told.said == ["two"]
    assert [str(error) for error in told.failed] == ["There is no such file."]


async def test_what_is_dropped_is_not_said_and_what_comes_after_is() -> None:
    told = Said()
    for word in ("one", "two"):
        told.sayings.add(made(word))
    await told.sayings.drop()
    told.sayings.add(made("three"))
    told.up.set()
    await told.sayings.all_said()
    assert told.said == ["three"]
