"""A secret that is handed out is good for a while; a new one is made when it is not."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from typing import Any

import pytest

from harness.client.secrets import MARGIN_S, ClientSecret, ClientSecrets
from harness.errors import ServerUnreachable
from harness.testing.hand_clock import HandClock

SESSION = {"type": "realtime"}


class Minter:
    """Makes numbered secrets; `expires_at` as the server would say."""

    def __init__(self, clock: HandClock, says_expiry: bool = True) -> None:
        self.asked: list[dict[str, Any]] = []
        self.fails = False
        self._clock, self._says_expiry = clock, says_expiry

    async def __call__(self, session: Mapping[str, Any], lifetime_s: int) -> dict[str, Any]:
        self.asked.append(dict(session))
        await asyncio.sleep(0)
        if self.fails:
            raise ServerUnreachable("nobody there")
        body: dict[str, Any] = {"value": f"ek_{len(self.asked)}"}
        if self._says_expiry:
            body["expires_at"] = int(self._clock.now_s()) + lifetime_s
        return body


def make(clock: HandClock, **options: Any) -> tuple[Minter, ClientSecrets]:
    minter = Minter(clock, **options)
    return minter, ClientSecrets(minter, clock.now_s)


async def test_one_secret_serves_while_it_is_good() -> None:
    clock = HandClock(1_000_000)
    minter, secrets = make(clock)
    assert (await secrets.good(SESSION)).value == "ek_1"
    clock.advance(600 - MARGIN_S - 1)
    assert (await secrets.good(SESSION)).value == "ek_1"
    assert len(minter.asked) == secrets.minted == 1


@pytest.mark.parametrize("says_expiry", [True, False])
async def test_it_is_renewed_before_it_expires(says_expiry: bool) -> None:
    clock = HandClock(1_000_000)
    _, secrets = make(clock, says_expiry=says_expiry)
    first = await secrets.good(SESSION)
    clock.advance(600 - MARGIN_S)
    assert clock.now_s() < first.expires_at
    assert (await secrets.good(SESSION)).value == "ek_2"


async def test_other_settings_need_another_secret() -> None:
    minter, secrets = make(HandClock())
    await secrets.good(SESSION)
    await secrets.good({**SESSION, "instructions": "Be brief."})
    assert minter.asked[1]["instructions"] == "Be brief."


async def test_a_forgotten_one_is_not_handed_out_again() -> None:
    _, secrets = make(HandClock())
    await secrets.good(SESSION)
    secrets.forget()
    assert (await secrets.good(SESSION)).value == "ek_2"


async def test_several_who_ask_at_once_get_the_same() -> None:
    minter, secrets = make(HandClock())
    got = await asyncio.gather(*(secrets.good(SESSION) for _ in range(5)))
    assert {secret.value for secret in got} == {"ek_1"}
    assert len(minter.asked) == 1


async def test_a_failure_keeps_nothing() -> None:
    minter, secrets = make(HandClock())
    minter.fails = True
    with pytest.raises(ServerUnreachable):
        await secrets.good(SESSION)
    minter.fails = False
    assert (await secrets.good(SESSION)).value == "ek_2"


async def test_each_value_is_told_so_that_it_can_be_masked() -> None:
    told: list[str] = []
    clock = HandClock()
    secrets = ClientSecrets(Minter(clock), clock.now_s, on_secret=told.append)
    await secrets.good(SESSION)
    assert told == ["ek_1"]


def test_a_short_life_has_a_short_margin() -> None:
    """A secret of ten seconds would else never be good."""
    assert ClientSecret("ek_x", 110.0, {}, 10).is_good(104)
    assert not ClientSecret("ek_x", 110.0, {}, 10).is_good(105)


def test_its_text_shows_no_value() -> None:
    assert "ek_x" not in repr(ClientSecret("ek_x", 1.0, {}))
