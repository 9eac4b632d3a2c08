"""Requests of a page that begin a call: offers that are posted, secrets that are asked for."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal
from urllib.parse import urlsplit

from harness.facts.browser import Signalled
from harness.redact import shown

SDP = "application/sdp"
PATHS = (
    "/realtime/calls",
    "/realtime/client_secrets",
    "/realtime/sessions",
    "/realtime/transcription_sessions",
)
"""Ends of the Realtime API's addresses, the beta's too."""

Key = Literal["api_key", "client_secret", "other", ""]


@dataclass(frozen=True, slots=True)
class Signal:
    """One request, as it went out."""

    method: str
    url: str
    is_offer: bool
    key: Key
    began_s: float
    """DevTools' clock."""

    def answered(self, status: int | None, now_s: float) -> Signalled:
        """The fact of it, once it has an answer or will have none."""
        took_s = round(max(0.0, now_s - self.began_s), 4)
        return Signalled(self.method, self.url, self.is_offer, status, self.key, took_s)


def signal_of(params: Mapping[str, Any]) -> Signal | None:
    """What a ``Network.requestWillBeSent`` says, where it is such a request."""
    request = params["request"]
    if request["method"] != "POST":
        return None
    headers = {str(name).lower(): str(value) for name, value in request.get("headers", {}).items()}
    kind, path = headers.get("content-type", ""), urlsplit(request["url"]).path.rstrip("/")
    is_offer = kind.startswith(SDP) or path.endswith(PATHS[0])
    if not is_offer and not path.endswith(PATHS):
        return None
    key = key_of(headers.get("authorization", ""))
    return Signal("POST", shown(request["url"]), is_offer, key, float(params.get("timestamp", 0.0)))


def key_of(authorization: str) -> Key:
    """What an Authorization header holds; never the key itself."""
    scheme, _, value = authorization.strip().partition(" ")
    value = value.strip() if scheme.lower() == "bearer" else authorization.strip()
    if value.startswith(("ek_", "ek-")):
        return "client_secret"
    if value.startswith(("sk-", "sk_")):
        return "api_key"
    return "other" if value else ""
