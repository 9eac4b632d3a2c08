"""The HTTP requests of a Realtime client: secrets, the offer, hanging up.

Source: the Realtime reference, "HTTP endpoints". The same requests go to any base address.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import aiohttp

from harness.errors import ServerRefused, ServerUnreachable
from harness.moved import symbol
from harness.redact import Masker

OPENAI_URL = "https://api.openai.com/v1"
TIMEOUT_S = 15.0


def api_base(url: str) -> str:
    """The address that ends in /v1, whichever form was given; "openai" is the hosted service."""
    base = OPENAI_URL if url == "openai" else url.rstrip("/")
    return base if base.endswith("/v1") else f"{base}/v1"


@dataclass(frozen=True, slots=True)
class HttpResponse:
    """What the server said."""

    status: int
    text: str
    headers: Mapping[str, str]
    json: dict[str, Any]
    """The body as a JSON object; empty where it is none."""


class RealtimeHttpApi:
    """One server's endpoints.

    Args:
        url: its base, with or without a final /v1.
        timeout_s: for one request.
    """

    def __init__(self, url: str, timeout_s: float = TIMEOUT_S) -> None:
        self.base = api_base(url)
        self.calls_url = f"{self.base}/realtime/calls"
        self._timeout = aiohttp.ClientTimeout(total=timeout_s)

    async def mint(
        self, api_key: str, session: Mapping[str, Any], lifetime_s: int | None = None
    ) -> dict[str, Any]:
        """`POST /realtime/client_secrets`: the body of the answer, with ``value``.

        Args:
            session: the settings that calls with this secret start with.
            lifetime_s: 10 to 7200; None: as the server has it.

        Raises:
            ServerUnreachable: nobody answers there.
            ServerRefused: it refuses the key or the settings, or answers nonsense.
        """
        body: dict[str, Any] = {"session": dict(session)}
        if lifetime_s is not None:
            body["expires_after"] = {"anchor": "created_at", "seconds": lifetime_s}
        url = f"{self.base}/realtime/client_secrets"
        answer = await self.request("POST", url, api_key, json=body)
        if answer.status != 200 or not isinstance(answer.json.get("value"), str):
            raise self.refused(
                "to make a client secret", "200 with a client secret", answer, api_key
            )
        return answer.json

    async def call(self, secret: str, offer: str) -> tuple[str, str | None]:
        """`POST /realtime/calls` with a client secret: the SDP answer and the call's id.

        Raises:
            ServerUnreachable: nobody answers there.
            ServerRefused: it refuses the secret or the offer, or answers something else than SDP.
        """
        headers = {"Content-Type": "application/sdp"}
        url, body = self.calls_url, offer.encode()
        answer = await self.request("POST", url, secret, data=body, headers=headers)
        if answer.status not in (200, 201) or not answer.text.startswith("v=0"):
            raise self.refused("the call", "201 with an SDP answer", answer, secret)
        place = answer.headers.get("Location", "")
        return answer.text, place.rsplit("/", 1)[-1] or None

    async def hang_up(self, api_key: str, call_id: str) -> bool:
        """`POST /realtime/calls/{id}/hangup`; False where the call is over already.

        Raises:
            ServerUnreachable: nobody answers there.
            ServerRefused: it refuses the key.
        """
        answer = await self.request("POST", f"{self.calls_url}/{call_id}/hangup", api_key)
        if answer.status == 404:
            return False
        if answer.status != 200:
            raise self.refused("to hang up", "200", answer, api_key)
        return True

    async def request(
        self,
        method: str,
        url: str,
        key: str,
        headers: Mapping[str, str] | None = None,
        **body: Any,
    ) -> HttpResponse:
        """One request with this key; ``body`` is aiohttp's own (json, data).

        Raises:
            ServerUnreachable: nobody answers there.
        """
        all_headers = {"Authorization": f"Bearer {key}", **(headers or {})}
        try:
            async with (
                aiohttp.ClientSession(timeout=self._timeout) as http,
                http.request(
                    method, url, headers=all_headers, allow_redirects=False, **body
                ) as response,
            ):
                text = await response.text(errors="replace")
                answer_headers = {key.title(): value for key, value in response.headers.items()}
                return HttpResponse(response.status, text, answer_headers, await _json(response))
        except (aiohttp.ClientError, TimeoutError, OSError, ValueError) as error:
            raise ServerUnreachable(
                f"No Realtime server answers at {self.base}.",
                expected="an HTTP answer",
                found=str(error) or type(error).__name__,
                hint="start one with `harness serve`, or check the address",
            ) from error

    def refused(self, what: str, expected: str, answer: HttpResponse, key: str) -> ServerRefused:
        """The error for an answer that is not the one expected, in the server's own words."""
        error = answer.json.get("error")
        facts = error if isinstance(error, dict) else {}
        # Some servers repeat the key that they refuse.
        said = Masker({key}).text(str(facts.get("message") or ""))
        message = said or f"an answer without {expected.split(' with ')[-1]}"
        code = facts.get("code")
        hints = {
            400: "check the session's settings",
            401: "check the key (OPENAI_API_KEY) for this server",
            403: "check what the key (OPENAI_API_KEY) may do on this server",
        }
        return ServerRefused(
            f"The Realtime server at {self.base} refused {what}.",
            status=answer.status,
            code=code if isinstance(code, str) else None,
            expected=expected,
            found=f"{answer.status}: {message}" + (f" ({code})" if code else ""),
            hint=hints.get(answer.status),
        )


async def _json(response: aiohttp.ClientResponse) -> dict[str, Any]:
    try:
        answer = await response.json(content_type=None)
    except ValueError:
        return {}
    return answer if isinstance(answer, dict) else {}


def __getattr__(name: str) -> object:
    return symbol(__name__, name)
