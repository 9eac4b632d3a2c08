"""Secrets are minted in Python; refusals say what the server said, and never the key."""

from dataclasses import dataclass
from typing import Any

import pytest
from aiohttp import web

from harness.client.server_api import api_base, choose_assistant, mint_secret, set_script
from harness.errors import ServerRefused, ServerUnreachable
from tests.support.small_server import serve

KEY = "sk-test-0123456789abcdef"
SECRETS = ("POST", "/v1/realtime/client_secrets")


@dataclass
class Address:
    url: str
    api_key: str = KEY


@pytest.mark.parametrize("url", ["http://h:1", "http://h:1/", "http://h:1/v1", "http://h:1/v1/"])
def test_an_address_may_be_given_with_or_without_v1(url: str) -> None:
    assert api_base(url) == "http://h:1/v1"


async def test_a_secret_comes_with_where_to_call() -> None:
    asked: dict[str, Any] = {}

    async def mint(request: web.Request) -> web.Response:
        asked.update(await request.json(), key=request.headers["Authorization"])
        return web.json_response({"value": "ek_abc", "expires_at": 5, "session": {"a": 1}})

    async with serve({SECRETS: mint}) as url:
        minted = await mint_secret(Address(url), {"instructions": "be brief"})
    assert asked["session"] == {"type": "realtime", "instructions": "be brief"}
    assert asked["key"] == f"Bearer {KEY}"
    assert minted == {
        "client_secret": "ek_abc",
        "expires_at": 5,
        "calls_url": f"{url}/v1/realtime/calls",
        "session": {"a": 1},
    }


async def test_a_refusal_names_the_server_s_reason_and_not_the_key() -> None:
    async def refuse(_: web.Request) -> web.Response:
        error = {"message": "no such voice", "code": "invalid_value"}
        return web.json_response({"error": error}, status=400)

    async with serve({SECRETS: refuse}) as url:
        with pytest.raises(ServerRefused, match=r"no such voice \(invalid_value\)") as failed:
            await mint_secret(Address(url), {})
    assert KEY not in str(failed.value)


@pytest.mark.parametrize("body", ["", "<html>", "[]", '{"value": 5}'])
async def test_nonsense_is_a_refusal(body: str) -> None:
    async def nonsense(_: web.Request) -> web.Response:
        return web.Response(text=body)

    async with serve({SECRETS: nonsense}) as url:
        with pytest.raises(ServerRefused, match="without a client secret"):
            await mint_secret(Address(url), {})


async def test_nobody_there_is_plain() -> None:
    with pytest.raises(ServerUnreachable, match="harness serve"):
        await mint_secret(Address("http://127.0.0.1:9"), {})


async def minted(_: web.Request) -> web.Response:
    return web.json_response({"value": "ek_abc"})


async def test_a_server_that_is_not_ours_takes_no_script() -> None:
    async with serve({SECRETS: minted}) as url:
        assert not await set_script(Address(url), {"rules": []})


@pytest.mark.parametrize("status", [200, 501])
async def test_a_server_of_another_kind_is_told_apart_from_a_refusal(status: int) -> None:
    async def answer(_: web.Request) -> web.Response:
        return web.Response(status=status, text="<p>Not here.</p>")

    async with serve({("PUT", "/harness/script"): answer}) as url:
        with pytest.raises(ServerRefused, match="takes no script") as failed:
            await set_script(Address(url), {"rules": []})
    said = str(failed.value)
    assert "a local server (`harness serve`)" in said
    assert f"an answer {status}" in said
    assert "take `assistant` out" in said


async def test_an_assistant_is_chosen_by_its_name_or_refused() -> None:
    async def choose(request: web.Request) -> web.Response:
        name = (await request.json())["assistant"]
        if name != "cassette":
            error = {"message": "Supported values are: cassette.", "code": "invalid_value"}
            return web.json_response({"error": error}, status=400)
        return web.json_response({"assistant": name, "known": [name]})

    async with serve({("PUT", "/harness/assistant"): choose}) as url:
        await choose_assistant(Address(url), "cassette")
        with pytest.raises(ServerRefused, match="Supported values"):
            await choose_assistant(Address(url), "parrot")
