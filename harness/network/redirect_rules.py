"""Rules for requests of a page that are answered elsewhere, and how Chromium is told of them."""

from __future__ import annotations

import difflib
import ipaddress
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, TypeAlias
from urllib.parse import SplitResult, urlsplit

from harness.errors import UsageError

Redirect: TypeAlias = str | Sequence[str | Mapping[str, Any]]
"""What a user writes: the name of a hosted service, an address, or a list of rules."""

SERVER = "server"
"""The local Realtime server, as what a rule leads to."""

STAND_IN = "stand-in"
"""Scripts of our own, as what a rule leads to; see `harness.network.redirect_front.Target`."""

PORTS = {"http": 80, "https": 443}
SAME = {"ws": "http", "wss": "https"}
"""A WebSocket begins with a request of HTTP, to the same port."""

ANSWERED = ("/v1/realtime", "/v1/live", "/v1/responses", "/v1/chatkit")
"""What the local server has, and everything below; all else of the hosted service it has not."""

FORM = 'redirect: openai, or redirect: [{from: "https://voice.example.com/v1/", to: server}]'


@dataclass(frozen=True, slots=True)
class RedirectRule:
    """Requests to one address, and below it, are answered by another."""

    name: str
    """As messages call it."""

    scheme: str
    """http or https; their WebSockets are meant, too."""

    host: str
    port: int
    path: str
    """Begins and ends with a slash; "/" for everything there."""

    to: str = SERVER
    """`SERVER`, or the address on this machine that stands for ``path``."""

    whole_host: bool = False
    """Nothing may reach the host on any other port either."""

    def fits(self, scheme: str, host: str, port: int, path: str) -> bool:
        """Whether it is about such a request."""
        is_there = (scheme, host.lower(), port) == (self.scheme, self.host, self.port)
        return is_there and f"{path}/".startswith(self.path)

    def target(self, server_url: str, path: str) -> str | None:
        """Where a request that fits is answered, without its query; None: by nobody.

        Args:
            server_url: the local server's base, without /v1.
            path: as the page asked, in its percent encoding.
        """
        rest = path[len(self.path) :]
        if self.to == STAND_IN:
            return None
        if self.to != SERVER:
            return self.to + rest
        answered = path if self.path == "/" else f"/v1/{rest}"
        if f"{answered}/".startswith(tuple(f"{root}/" for root in ANSWERED)):
            return server_url.rstrip("/") + answered
        return None


CHATKIT_SCRIPTS = "/deployments/chatkit/"
_OPENAI = RedirectRule("openai", "https", "api.openai.com", 443, "/", whole_host=True)
_OPENAI_CDN = RedirectRule(
    "openai", "https", "cdn.platform.openai.com", 443, CHATKIT_SCRIPTS, STAND_IN, whole_host=True
)
HOSTED = {"openai": (_OPENAI, _OPENAI_CDN)}
"""Hosted services that the local server can stand for, and what pages load of them."""

HOSTED_SERVERS = {"openai": "https://api.openai.com/v1"}
"""The same as servers that are called, by name."""


def hosted_at(url: str) -> str | None:
    """The hosted service that answers at an address, by its name; None for any other address."""
    host = urlsplit(url).hostname
    return next((n for n, rules in HOSTED.items() if any(r.host == host for r in rules)), None)


@dataclass(frozen=True, slots=True)
class RedirectRules:
    """All rules of a call; the one with the longest path counts."""

    rules: tuple[RedirectRule, ...]
    names: tuple[str, ...] = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "names", tuple(dict.fromkeys(r.name for r in self.rules)))

    def find(self, scheme: str, host: str, port: int, path: str) -> RedirectRule | None:
        """The rule about such a request; None: it is blocked."""
        fitting = [rule for rule in self.rules if rule.fits(scheme, host, port, path)]
        return max(fitting, key=lambda rule: len(rule.path), default=None)

    def takes(self, scheme: str, host: str, port: int) -> bool:
        """Whether a request there may not leave, whether a rule is about its path or not."""
        name = host.lower()
        return any(
            rule.host == name and (rule.whole_host or (rule.scheme, rule.port) == (scheme, port))
            for rule in self.rules
        )

    @property
    def hosts(self) -> tuple[str, ...]:
        """The hosts they are about, for a certificate."""
        return tuple(dict.fromkeys(rule.host for rule in self.rules))

    def resolver_rules(self, tls_port: int, plain_port: int) -> str:
        """The value of Chromium's ``--host-resolver-rules``: the first that fits counts there.

        Args:
            tls_port: where on 127.0.0.1 https is answered.
            plain_port: where http is.
        """
        ports = {"https": tls_port, "http": plain_port}
        exact = [f"MAP {_host(r)}:{r.port} 127.0.0.1:{ports[r.scheme]}" for r in self.rules]
        whole = [
            f"MAP {_host(rule)}{pattern} 127.0.0.1:{port}"
            for rule in self.rules
            if rule.whole_host
            for pattern, port in ((":80", plain_port), ("", tls_port))
        ]
        return ", ".join(dict.fromkeys([*exact, *whole]))

    def refuse_loop(self, server_url: str | None) -> None:
        """See that none leads to where it comes from.

        Raises:
            UsageError: one does; names it.
        """
        for rule in self.rules:
            to = server_url if rule.to == SERVER else rule.to
            address = None if to is None else _address(urlsplit(to))
            if address is not None and self._is_from(address):
                raise UsageError(
                    f"The redirect {rule.name} leads to where it comes from.",
                    expected="a server on this machine that answers in the place of another",
                    found=f"{to}, which is redirected itself",
                    hint="leave --server away for a local one, or give the address of another",
                )

    def refuse_page(self, page_url: str | None) -> None:
        """See that there is a page, and not on a host that is taken over.

        Args:
            page_url: None for our own page.

        Raises:
            UsageError: it is, or there is none.
        """
        if page_url is None:
            raise UsageError(
                "Nothing to redirect: our own page calls the given server anyway.",
                expected="a page of your own, with --page or url",
                found=f"the redirect {', '.join(self.names)}, and no page",
            )
        address = _address(urlsplit(page_url))
        if address is not None and self._is_from(address):
            raise UsageError(
                "The page itself is on a host that is redirected, so it could not load.",
                expected="rules for the service that the page calls, on a host of its own",
                found=f"the page {page_url} and the redirect {', '.join(self.names)}",
                hint="serve the page elsewhere, for example at http://localhost:3000/; where its "
                "own backend calls the service, start that one: harness run … -- npm start",
            )

    def _is_from(self, address: tuple[str, str, int]) -> bool:
        return any((r.scheme, r.host, r.port) == address for r in self.rules)


def read_redirect(wanted: Redirect) -> RedirectRules:
    """The rules that a user wrote.

    Args:
        wanted: a name in `HOSTED`, an address, or a list of such and of
            ``{"from": address, "to": "server" or an address on this machine}``.

    Raises:
        UsageError: none of it, or two rules for one address.
    """
    listed: Iterable[str | Mapping[str, Any]] = [wanted] if isinstance(wanted, str) else wanted
    rules = [rule for one in listed for rule in _rules(one)]
    if not rules:
        raise _no_rule("an empty list")
    places = [(rule.scheme, rule.host, rule.port, rule.path) for rule in rules]
    for place, rule in zip(places, rules, strict=True):
        if places.count(place) > 1:
            raise _no_rule(f"two rules for {rule.name}")
    return RedirectRules(tuple(rules))


def check_redirect(redirect: Redirect, server_url: str | None) -> RedirectRules:
    """The rules, before anything starts.

    Args:
        server_url: of a server that was given: a name of a hosted one, or an address.

    Raises:
        UsageError: no such redirect, a loop, or a server elsewhere.
    """
    rules = read_redirect(redirect)
    server_url = HOSTED_SERVERS.get(server_url or "", server_url)
    rules.refuse_loop(server_url)
    if server_url is not None and not is_this_machine(server_url):
        raise UsageError(
            "A redirect leads to this machine: nothing of the call leaves it.",
            expected="no server, for a local one; or one at http://127.0.0.1:…",
            found=f"the server {server_url}",
        )
    return rules


def _rules(wanted: str | Mapping[str, Any]) -> tuple[RedirectRule, ...]:
    if isinstance(wanted, str):
        return HOSTED.get(wanted) or (_from_address(wanted, SERVER),)
    if not isinstance(wanted, Mapping) or "from" not in wanted or set(wanted) - {"from", "to"}:
        raise _no_rule(repr(wanted))
    return (_from_address(str(wanted["from"]), str(wanted.get("to", SERVER))),)


def _from_address(address: str, to: str) -> RedirectRule:
    parts = urlsplit(address)
    place = _address(parts)
    if place is None or parts.query or parts.fragment or "@" in parts.netloc:
        raise _no_rule(address)
    scheme, host, port = place
    return RedirectRule(address, scheme, host, port, f"{parts.path.rstrip('/')}/", _checked_to(to))


def _checked_to(to: str) -> str:
    """What a rule leads to stays on this machine."""
    if to == SERVER:
        return to
    place = _address(urlsplit(to))
    if place is None or urlsplit(to).query:
        raise _no_rule(f"to: {to}")
    if not is_this_machine(to):
        raise UsageError(
            "A redirect leads to this machine: nothing of the call leaves it.",
            expected=f"to: {SERVER}, or an address like http://127.0.0.1:9000/v1/",
            found=f"to: {to}",
        )
    scheme, _, _ = place
    parts = urlsplit(to)
    return f"{scheme}://{parts.netloc}{parts.path.rstrip('/')}/"


def is_this_machine(url: str) -> bool:
    """Whether an address is a loopback one."""
    host = (urlsplit(url).hostname or "").lower()
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def _address(parts: SplitResult) -> tuple[str, str, int] | None:
    """Scheme, host and port; None where it is no address of HTTP."""
    scheme = SAME.get(parts.scheme, parts.scheme)
    try:
        port = parts.port or PORTS[scheme]
    except (KeyError, ValueError):
        return None
    return (scheme, parts.hostname.lower(), port) if parts.hostname else None


def _host(rule: RedirectRule) -> str:
    return f"[{rule.host}]" if ":" in rule.host else rule.host


def _no_rule(found: str) -> UsageError:
    near = difflib.get_close_matches(found, HOSTED, n=1)
    hint = f"did you mean {near[0]}?" if near else None
    return UsageError("This is no redirect.", expected=FORM, found=found, hint=hint)
