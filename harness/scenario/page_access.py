"""Credentials, proxy, cookies and headers of a scenario's page, with Playwright's names.

What is a secret in them stays one, also where it is written in the file.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Annotated, Literal

from pydantic import AfterValidator, Field, model_validator

from harness.plain_data import Data

SECRET_HEADERS = frozenset({"authorization", "proxy-authorization", "cookie", "x-api-key"})


class HttpCredentials(Data):
    """User and password for a server that asks by HTTP (basic or digest)."""

    username: str
    password: str
    origin: str | None = Field(
        default=None, description="the only one that is told them, as https://example.com"
    )
    send: Literal["always", "unauthorized"] | None = Field(
        default=None, description="`always`: with every request; else where the server asks"
    )


class Proxy(Data):
    """The proxy of the page's requests. Calls (WebRTC) and loopback addresses do not go there."""

    server: str = Field(description="http://proxy.example.com:3128 or socks5://…")
    bypass: str | None = Field(
        default=None,
        description="hosts that are asked directly, separated by commas; `<-loopback>`: loopback "
        "addresses are not among them",
    )
    username: str | None = None
    password: str | None = None


class Cookie(Data):
    """One cookie that the page begins with."""

    name: str
    value: str
    url: str | None = Field(default=None, description="whose it is; or give domain and path")
    domain: str | None = Field(default=None, description="with a dot in front: subdomains, too")
    path: str | None = None
    expires: float | None = Field(default=None, description="seconds since 1970")
    httpOnly: bool | None = None
    secure: bool | None = None
    sameSite: Literal["Lax", "None", "Strict"] | None = None
    partitionKey: str | None = None

    @model_validator(mode="after")
    def _belongs_somewhere(self) -> Cookie:
        given = [name for name in ("domain", "path") if getattr(self, name) is not None]
        if (self.url is None and len(given) < 2) or (self.url is not None and given):
            raise ValueError("a cookie needs either `url`, or `domain` and `path`")
        return self


def _headers(headers: Mapping[str, str]) -> Mapping[str, str]:
    for name, value in headers.items():
        if not name or not all(c.isalnum() or c in "!#$%&'*+-.^_`|~" for c in name):
            raise ValueError(f"“{name}” is no name of a header")
        if any(c in "\r\n\0" for c in value):
            raise ValueError(f"the header {name} has more than one line")
    return headers


Headers = Annotated[dict[str, str], AfterValidator(_headers)]


def secrets_in_headers(headers: Mapping[str, str]) -> Iterator[tuple[str, str]]:
    """The values of headers that let somebody in, whole and without their scheme."""
    for name, value in headers.items():
        if name.lower() in SECRET_HEADERS:
            called = f"the header {name}"
            yield called, value
            yield called, value.rpartition(" ")[2]
