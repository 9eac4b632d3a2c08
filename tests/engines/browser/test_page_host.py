"""Our page is served for one call, with a secret that was minted in Python."""

from dataclasses import dataclass

from aiohttp import ClientSession, web

from harness.engines.browser.page_host import host_page
from harness.errors import HarnessError, ServerRefused
from tests.support.small_server import serve

SECRETS = ("POST", "/v1/realtime/client_secrets")


@dataclass
class Address:
    url: str
    api_key: str = "sk-test-0123456789abcdef"


async def test_the_page_gets_a_secret_and_never_the_key() -> None:
    async def mint(_: web.Request) -> web.Response:
        return web.json_response({"value": "ek_abc", "expires_at": 5, "session": {}})

    hidden: list[str] = []
    problems: list[HarnessError] = []
    async with (
        serve({SECRETS: mint}) as url,
        host_page(Address(url), {}, problems.append, hidden.append) as page_url,
        ClientSession() as http,
    ):
        assert "autostart=1" in page_url
        assert "<html" in await (await http.get(page_url)).text()
        base = page_url.split("?")[0]
        answer = await http.post(f"{base}session", headers={"Origin": base.rstrip("/")})
        text = await answer.text()
    assert "ek_abc" in text
    assert "sk-test" not in text
    assert hidden == ["ek_abc"]
    assert problems == []


async def test_a_refused_key_is_told_to_python() -> None:
    async def refuse(_: web.Request) -> web.Response:
        return web.json_response({"error": {"message": "bad key"}}, status=401)

    problems: list[HarnessError] = []
    async with (
        serve({SECRETS: refuse}) as url,
        host_page(Address(url), {}, problems.append, lambda _: None) as page_url,
        ClientSession() as http,
    ):
        base = page_url.split("?")[0]
        answer = await http.post(f"{base}session", headers={"Origin": base.rstrip("/")})
        assert answer.status >= 400
        assert "sk-test" not in await answer.text()
    assert isinstance(problems[0], ServerRefused)
