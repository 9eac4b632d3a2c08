"""Addresses of recorded pages: what in them lets somebody in becomes a variable. Pure."""

from __future__ import annotations

import re
from urllib.parse import SplitResult, urlsplit

from harness.codegen.acts import SecretVariables
from harness.redact import Masker
from harness.replay.scenario_file import escaped

SECRET_WORDS = frozenset(
    {"access", "apikey", "assertion", "auth", "authorization", "code", "credential", "credentials",
     "hmac", "jwt", "key", "otp", "pass", "passwd", "password", "pin", "pwd", "secret", "session",
     "sessionid", "sid", "sig", "signature", "ticket", "token"}
)  # fmt: skip
"""Of the names of a query's parts: ``access_token``, ``apiKey``, ``X-Amz-Signature``."""

LEAST_OPAQUE_CHARS = 20
"""A value so long, of letters and digits mixed, may let somebody in, whatever it is called."""

_WORD = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+|[0-9]+")
_OPAQUE = re.compile(r"(?=[^0-9]*[0-9])(?=[^A-Za-z]*[A-Za-z])[A-Za-z0-9._~+/=%-]+")


def written_address(url: str, hidden: SecretVariables) -> str:
    """A page's address, as a scenario has it: with variables for user, password and tokens.

    Args:
        url: of the page.
        hidden: gets the variables.
    """
    parts = urlsplit(url)
    return SplitResult(
        parts.scheme,
        _host(parts.netloc, hidden),
        escaped(parts.path),
        _query(parts.query, hidden),
        _query(parts.fragment, hidden),
    ).geturl()


def _host(netloc: str, hidden: SecretVariables) -> str:
    login, at, host = netloc.rpartition("@")
    user, colon, password = login.partition(":")
    if user:
        user = hidden.variable("user", user)
    if password:
        password = hidden.variable("password", password)
    return f"{user}{colon}{password}{at}{escaped(host)}"


def _query(query: str, hidden: SecretVariables) -> str:
    return "&".join(_part(part, hidden) for part in query.split("&"))


def _part(part: str, hidden: SecretVariables) -> str:
    name, equals, value = part.partition("=")
    if not equals:
        name, value = "", part
    if not _is_secret(name, value):
        return escaped(part)
    return f"{escaped(name)}{equals}{hidden.variable(name or 'token', value)}"


def _is_secret(name: str, value: str) -> bool:
    if not value:
        return False
    words = {word.lower() for word in _WORD.findall(name)}
    is_opaque = len(value) >= LEAST_OPAQUE_CHARS and _OPAQUE.fullmatch(value) is not None
    return bool(words & SECRET_WORDS) or is_opaque or Masker().text(value) != value
