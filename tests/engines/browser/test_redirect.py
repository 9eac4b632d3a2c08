"""A redirect and the local server: which go together, and which keys go on."""

from __future__ import annotations

import hashlib
from collections.abc import AsyncIterator

import pytest
import pytest_asyncio
from aiohttp import web

from harness.engines.browser.redirect import OwnSecrets, open_redirect
from harness.engines.servers import RemoteServer
from harness.errors import UsageError
from harness.facts.browser import BrowserFact, RedirectBegan
from tests.support.small_server import serve

OUR_KEY = "sk-local-of-this-server"
OWN_SECRET = "ek_made_by_this_server"
LOCAL = RemoteServer("http://127.0.0.1:1/v1", OUR_KEY)


async def test_our_own_page_has_nothing_to_redirect() -> None:
    with pytest.raises(UsageError, match="Nothing to redirect"):
        async with open_redirect("openai", LOCAL, None):
            pass


async def test_a_page_on_the_hosted_service_itself_is_refused() -> None:
    with pytest.raises(UsageError, match="The page itself"):
        async with open_redirect("openai", LOCAL, "https://api.openai.com/page"):
            pass


async def test_the_front_leads_to_the_server_whichever_form_its_address_has() -> None:
    async with open_redirect("openai", LOCAL, "http://localhost:3000/") as front:
        noted: list[BrowserFact] = []
        front.begin(noted.append)
    assert noted == [RedirectBegan(["openai"], "http://127.0.0.1:1")]


@pytest_asyncio.fixture
async def asked() -> AsyncIterator[tuple[OwnSecrets, list[str]]]:
    """The secrets of a server that made one, and what it was asked."""
    paths: list[str] = []
    digest = hashlib.sha256(OWN_SECRET.encode()).hexdigest()

    async def answer(request: web.Request) -> web.Response:
        paths.append(request.path)
        assert request.headers["Authorization"] == f"Bearer {OUR_KEY}"
        return web.Response(status=204 if request.path.endswith(digest) else 404)

    async with serve({("GET", "/{path:.*}"): answer}) as url:
        yield OwnSecrets(url, OUR_KEY), paths


async def test_a_secret_that_our_server_made_goes_on(asked: tuple[OwnSecrets, list[str]]) -> None:
    """It stands for the session it was made with."""
    own, _ = asked
    assert await own.choose_key(OWN_SECRET) == OWN_SECRET


async def test_nobody_else_s_key_goes_on_or_is_shown(asked: tuple[OwnSecrets, list[str]]) -> None:
    own, paths = asked
    assert await own.choose_key("ek_somebody_s_real_one") == OUR_KEY
    assert await own.choose_key("sk-somebody-s-real-one") == OUR_KEY
    assert await own.choose_key("") == OUR_KEY
    (path,) = paths
    assert "somebody" not in path
