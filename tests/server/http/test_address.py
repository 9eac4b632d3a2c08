"""Who may reach a server, and what that demands of its key."""

from __future__ import annotations

from unittest.mock import Mock

import pytest
from aiohttp import HttpVersion, HttpVersion10, HttpVersion11, web
from aiohttp.test_utils import make_mocked_request

from harness.errors import UsageError
from harness.server.http.address import (
    PROXY_HEADERS,
    check_any_key,
    check_host,
    check_key,
    is_from_this_machine,
    is_loopback,
    url_of,
)


@pytest.mark.parametrize("host", ["127.0.0.1", "127.1.2.3", "::1", "localhost", "::ffff:127.0.0.1"])
def test_loopback_addresses_are_this_machine_alone(host: str) -> None:
    assert is_loopback(host)
    check_key(host, None)


@pytest.mark.parametrize("host", ["127.0.0.1", "127.1.2.3", "localhost", "0.0.0.0", ""])
def test_a_server_listens_at_an_address_of_this_machine(host: str) -> None:
    check_host(host)


@pytest.mark.parametrize(
    ("host", "found"),
    [
        ("192.0.2.7", "no address of this machine"),
        ("nonsense.invalid", "nonsense.invalid: "),
        ("http://127.0.0.1", "http://127.0.0.1: "),
        ("a..b", "no name of a host"),
    ],
)
def test_any_other_host_is_told_with_what_to_take(host: str, found: str) -> None:
    with pytest.raises(UsageError, match="cannot listen at") as told:
        check_host(host)
    assert found in str(told.value)
    assert "an address of this machine: 127.0.0.1" in str(told.value)
    assert "leave --host away" in str(told.value)


@pytest.mark.parametrize("host", ["0.0.0.0", "::", "192.168.1.2", "example.test", ""])
def test_any_other_address_demands_a_key(host: str) -> None:
    assert not is_loopback(host)
    with pytest.raises(UsageError, match="HARNESS_API_KEY"):
        check_key(host, None)
    check_key(host, "sk-our-team")


@pytest.mark.parametrize("key", ["", "  ", "two words", "schlüssel", "line\nbreak"])
def test_a_key_that_no_header_can_carry_is_refused(key: str) -> None:
    with pytest.raises(UsageError, match="key"):
        check_key("127.0.0.1", key)


def test_a_key_too_short_to_be_masked_is_refused() -> None:
    with pytest.raises(UsageError, match="at least 8") as told:
        check_key("127.0.0.1", "zq7")
    assert "zq7" not in str(told.value)


@pytest.mark.parametrize("host", ["0.0.0.0", "::", "192.0.2.7", "voice.test"])
def test_a_server_that_others_can_reach_accepts_no_stranger_s_key(host: str) -> None:
    with pytest.raises(UsageError, match="cannot accept any key"):
        check_any_key(host, True)
    check_any_key(host, False)


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost", "::1"])
def test_on_loopback_every_key_may_do(host: str) -> None:
    check_any_key(host, True)


@pytest.mark.parametrize(
    ("host", "url"),
    [
        ("127.0.0.1", "http://127.0.0.1:80"),
        ("0.0.0.0", "http://127.0.0.1:80"),
        ("::", "http://[::1]:80"),
        ("::1", "http://[::1]:80"),
        ("voice.test", "http://voice.test:80"),
    ],
)
def test_this_machine_reaches_the_server_by_its_url(host: str, url: str) -> None:
    assert url_of(host, 80) == url


@pytest.mark.parametrize("name", PROXY_HEADERS)
def test_what_a_proxy_hands_on_is_not_from_this_machine(name: str) -> None:
    assert not is_from_this_machine(make_mocked_request("GET", "/", headers={name: "10.0.0.1"}))


def test_a_plain_proxy_is_not_this_machine() -> None:
    """As nginx comes: no header tells of it, but it speaks the old HTTP."""
    assert is_from_this_machine(_from_loopback(HttpVersion11))
    assert not is_from_this_machine(_from_loopback(HttpVersion10))


def _from_loopback(version: HttpVersion) -> web.Request:
    transport = Mock()
    facts = {"peername": ("127.0.0.1", 5000)}
    transport.get_extra_info.side_effect = lambda name, default=None: facts.get(name, default)
    headers = {"Host": "127.0.0.1:8080"}
    return make_mocked_request("GET", "/", version=version, headers=headers, transport=transport)
