"""Recorded pages as a scenario has them: what lets somebody in becomes a variable. Pure."""

from __future__ import annotations

import re
from typing import Any
from urllib.parse import SplitResult, urlsplit

from harness.call.opening import CallOptions
from harness.codegen.acts import SecretVariables
from harness.network.redirect_rules import HOSTED_SERVERS, Redirect
from harness.protocols.choice import AUTO, name_of
from harness.redact import Masker, is_secret_name
from harness.replay.scenario_file import all_escaped, escaped

LEAST_OPAQUE_CHARS = 20
"""A value so long, of letters and digits mixed, may let somebody in, whatever it is called."""

_OPAQUE = re.compile(r"(?=[^0-9]*[0-9])(?=[^A-Za-z]*[A-Za-z])[A-Za-z0-9._~+/=%-]+")


def page_of(url: str, call: CallOptions) -> dict[str, Any]:
    """The page of a scenario: what it takes to open it again as it was opened.

    Args:
        url: as it is to be written.
        call: how the page was opened.
    """
    page: dict[str, Any] = {"url": url}
    if call.redirect is not None:
        page["redirect"] = _redirect(call.redirect)
    if call.autoplay != "allowed":
        page["autoplay"] = call.autoplay
    if call.requests:
        page["requests"] = True
    if call.context.get("ignore_https_errors"):
        page["ignore_https_errors"] = True
    if call.start:
        page["start"] = [all_escaped(step) for step in call.start]
    if call.protocol != AUTO:
        page["protocol"] = escaped(name_of(call.protocol))
    if call.agent != AUTO:
        page["agent"] = escaped(call.agent)
    return page


def _redirect(redirect: Redirect) -> Any:
    """One name or address, or rules, as a scenario has them."""
    rules = [redirect] if isinstance(redirect, str) else list(redirect)
    if len(rules) == 1 and isinstance(rules[0], str):
        return escaped(rules[0])
    return [
        {"from": escaped(HOSTED_SERVERS.get(rule, rule))}
        if isinstance(rule, str)
        else all_escaped(rule)
        for rule in rules
    ]


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
    is_opaque = len(value) >= LEAST_OPAQUE_CHARS and _OPAQUE.fullmatch(value) is not None
    return is_secret_name(name) or is_opaque or Masker().text(value) != value
