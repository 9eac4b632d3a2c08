"""A page that calls a hosted service, answered by the local server: what joins the two."""

from __future__ import annotations

import hashlib
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager

import aiohttp

from harness.browser.bundle import chatkit_script
from harness.browser.launch import Chromium, open_chromium
from harness.browser.page_redirect import PageRedirect
from harness.client.server_api import ServerAddress
from harness.errors import UsageError
from harness.network.redirect_front import RedirectFront, StandIn, Target, open_front
from harness.network.redirect_rules import CHATKIT_SCRIPTS, Redirect, check_redirect
from harness.server.process.launch import start_server

SECRET_PREFIX = "ek_"
STAND_INS = {f"{CHATKIT_SCRIPTS}chatkit.js": StandIn("ChatKit", chatkit_script)}
KNOWN_WITHIN_S = 5.0


@asynccontextmanager
async def open_redirect(
    redirect: Redirect, server: ServerAddress | None, page_url: str | None
) -> AsyncIterator[RedirectFront]:
    """Answer in the name of other hosts for the length of the block.

    Raises:
        UsageError: no such redirect, a loop, a server elsewhere, or no page of one's own.
    """
    rules = check_redirect(redirect, None if server is None else server.url)
    rules.refuse_page(page_url)
    if server is None:
        raise UsageError(
            "A redirect leads to a server, and none is given.", expected="server=start_server()"
        )
    base = server.url.rstrip("/").removesuffix("/v1")
    own = OwnSecrets(base, server.api_key)
    target = Target(base, server.api_key, own.choose_key, STAND_INS)
    async with open_front(rules, target) as front:
        yield front


@asynccontextmanager
async def redirecting_chromium(
    front: RedirectFront, *, like: Chromium | None = None, headless: bool = True
) -> AsyncIterator[Chromium]:
    """A Chromium that finds the redirected hosts at a front.

    Args:
        like: one that it is started like, which stays as it is.
        headless: where there is none.
    """
    flags, hosts = front.chromium_flags, front.rules.hosts
    opening = (
        open_chromium(headless=headless, args=flags, no_proxy=hosts)
        if like is None
        else like.another(flags, hosts)
    )
    async with opening as chromium:
        yield chromium


@asynccontextmanager
async def redirected(
    redirect: Redirect | None, server: ServerAddress | None, page_url: str
) -> AsyncIterator[PageRedirect | None]:
    """Answer somebody else's pages in the name of other hosts; None where nothing is redirected.

    Args:
        server: what answers; one is started where absent.

    Raises:
        UsageError: no such redirect, a loop, a server elsewhere, or the page's own host; or a
            server, and nothing that leads to it.
    """
    if redirect is None:
        if server is not None:
            raise UsageError(
                "A server is given, and nothing leads to it.",
                expected='redirect="openai", or rules, beside server',
                found="a server alone",
                hint="a page that calls your own server needs neither",
            )
        yield None
        return
    check_redirect(redirect, None if server is None else server.url).refuse_page(page_url)
    async with AsyncExitStack() as stack:
        if server is None:
            server = await stack.enter_async_context(start_server(accept_any_key=True))
        front = await stack.enter_async_context(open_redirect(redirect, server, page_url))
        http = await stack.enter_async_context(aiohttp.ClientSession())
        made = PageRedirect(front, http)
        stack.push_async_callback(made.aclose)
        yield made


class OwnSecrets:
    """Tells the client secrets that our server made from keys of anybody else.

    A secret stands for the session it was made with, so it has to go on; and nobody else's key may.
    The server is asked by the key's hash.
    """

    def __init__(self, server_url: str, api_key: str) -> None:
        self._url = f"{server_url}/harness/client_secrets/"
        self._api_key = api_key

    async def choose_key(self, given: str) -> str:
        """The key to show for one that a page sent."""
        if given.startswith(SECRET_PREFIX) and await self._is_own(given):
            return given
        return self._api_key

    async def _is_own(self, key: str) -> bool:
        digest = hashlib.sha256(key.encode("utf-8", "surrogatepass")).hexdigest()
        headers = {"Authorization": f"Bearer {self._api_key}"}
        timeout = aiohttp.ClientTimeout(total=KNOWN_WITHIN_S)
        async with (
            aiohttp.ClientSession(headers=headers, timeout=timeout) as http,
            http.get(self._url + digest) as answer,
        ):
            return answer.status == 204
