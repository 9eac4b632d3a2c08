"""Which requests a rule is about, where they go, and which rules cannot be."""

from __future__ import annotations

from typing import Any

import pytest

from harness.errors import UsageError
from harness.network.redirect_rules import (
    STAND_IN,
    RedirectRules,
    check_redirect,
    hosted_at,
    is_this_machine,
    read_redirect,
)

OPENAI = ("https", "api.openai.com", 443)


def answered_at(rules: RedirectRules, scheme: str, host: str, port: int, path: str) -> str | None:
    rule = rules.find(scheme, host, port, path)
    return None if rule is None else rule.target("http://127.0.0.1:8080", path)


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        ("/v1/realtime", "http://127.0.0.1:8080/v1/realtime"),
        ("/v1/realtime/calls", "http://127.0.0.1:8080/v1/realtime/calls"),
        ("/v1/live/sessions", "http://127.0.0.1:8080/v1/live/sessions"),
        ("/v1/responses/resp_1", "http://127.0.0.1:8080/v1/responses/resp_1"),
        ("/v1/chatkit/sessions", "http://127.0.0.1:8080/v1/chatkit/sessions"),
        ("/v1/files", None),
        ("/v1/realtimes", None),
        ("/", None),
    ],
)
def test_of_the_hosted_service_the_local_server_has_some(path: str, expected: str | None) -> None:
    assert answered_at(read_redirect("openai"), *OPENAI, path) == expected


def test_other_hosts_and_ports_are_no_concern_of_a_rule() -> None:
    rules = read_redirect("openai")
    assert rules.find("https", "example.com", 443, "/v1/realtime") is None
    assert rules.find("https", "api.openai.com", 8443, "/v1/realtime") is None
    assert rules.find("http", "api.openai.com", 443, "/v1/realtime") is None
    assert rules.find("https", "API.OpenAI.com", 443, "/v1/realtime") is not None


def test_an_address_stands_for_the_server_s_own_v1() -> None:
    rules = read_redirect([{"from": "wss://voice.example.com/hosted/v1/", "to": "server"}])
    place = ("https", "voice.example.com", 443)
    base = "http://127.0.0.1:8080/v1/realtime"
    assert answered_at(rules, *place, "/hosted/v1/realtime/calls") == f"{base}/calls"
    assert answered_at(rules, *place, "/hosted/v1/models") is None
    assert rules.find(*place, "/other") is None


def test_an_address_without_a_path_stands_for_the_whole_server() -> None:
    rules = read_redirect("http://voice.example.com:9000")
    found = answered_at(rules, "http", "voice.example.com", 9000, "/v1/realtime")
    assert found == "http://127.0.0.1:8080/v1/realtime"


def test_a_rule_may_lead_to_another_server_of_this_machine() -> None:
    rules = read_redirect([{"from": "https://v.example.com/a", "to": "http://localhost:9/b"}])
    place = ("https", "v.example.com", 443)
    assert answered_at(rules, *place, "/a/c/d") == "http://localhost:9/b/c/d"
    assert answered_at(rules, *place, "/a") == "http://localhost:9/b/"
    assert answered_at(rules, *place, "/ab") is None


def test_the_rule_with_the_longest_path_counts() -> None:
    rules = read_redirect(
        [
            {"from": "https://v.example.com/", "to": "http://127.0.0.1:1/"},
            {"from": "https://v.example.com/deep/", "to": "http://127.0.0.1:2/"},
        ]
    )
    found = answered_at(rules, "https", "v.example.com", 443, "/deep/x")
    assert found == "http://127.0.0.1:2/x"


def test_chromium_is_told_every_port_of_a_hosted_service() -> None:
    told = read_redirect("openai").resolver_rules(1001, 1002)
    assert told == (
        "MAP api.openai.com:443 127.0.0.1:1001, "
        "MAP cdn.platform.openai.com:443 127.0.0.1:1001, "
        "MAP api.openai.com:80 127.0.0.1:1002, "
        "MAP api.openai.com 127.0.0.1:1001, "
        "MAP cdn.platform.openai.com:80 127.0.0.1:1002, "
        "MAP cdn.platform.openai.com 127.0.0.1:1001"
    )


def test_of_a_user_s_address_chromium_is_told_the_one_port() -> None:
    told = read_redirect("http://v.example.com:8000/x").resolver_rules(1001, 1002)
    assert told == "MAP v.example.com:8000 127.0.0.1:1002"


@pytest.mark.parametrize(
    "wanted",
    [
        "opanai",
        "ftp://v.example.com/",
        "https://",
        "https://v.example.com/?x=1",
        "https://user:word@v.example.com/",
        "https://v.example.com:port/",
        [],
        [{"to": "server"}],
        [{"from": "https://v.example.com/", "too": "server"}],
        ["openai", "openai"],
    ],
)
def test_what_is_no_redirect_is_refused(wanted: Any) -> None:
    with pytest.raises(UsageError, match=r"(?s)no redirect.*redirect: openai"):
        read_redirect(wanted)


@pytest.mark.parametrize("to", ["https://v.example.org/", "http://127.evil.example/"])
def test_nothing_is_led_to_another_machine(to: str) -> None:
    with pytest.raises(UsageError, match="leads to this machine"):
        read_redirect([{"from": "https://v.example.com/", "to": to}])


@pytest.mark.parametrize(
    ("wanted", "server"),
    [
        ("openai", "https://api.openai.com/v1"),
        ("http://127.0.0.1:8080/v1/", "http://127.0.0.1:8080"),
        ([{"from": "http://localhost:9/a", "to": "http://localhost:9/b"}], None),
    ],
)
def test_a_loop_is_refused(wanted: Any, server: str | None) -> None:
    with pytest.raises(UsageError, match="leads to where it comes from"):
        read_redirect(wanted).refuse_loop(server)


def test_a_server_elsewhere_on_this_machine_is_no_loop() -> None:
    read_redirect("openai").refuse_loop("http://127.0.0.1:8080")


def test_a_page_on_the_redirected_host_is_refused() -> None:
    rules = read_redirect("http://localhost:3000/v1/")
    with pytest.raises(UsageError, match="The page itself"):
        rules.refuse_page("http://localhost:3000/talk")
    rules.refuse_page("http://localhost:3001/talk")


def test_our_own_page_has_nothing_to_redirect() -> None:
    with pytest.raises(UsageError, match="Nothing to redirect"):
        read_redirect("openai").refuse_page(None)


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("http://127.0.0.1:80/", True),
        ("http://[::1]:80/", True),
        ("http://localhost/", True),
        ("http://127.evil.example/", False),
        ("https://api.openai.com/v1", False),
    ],
)
def test_this_machine_is_told_by_its_loopback_addresses(url: str, expected: bool) -> None:
    assert is_this_machine(url) is expected


@pytest.mark.parametrize("server_url", [None, "http://127.0.0.1:1", "http://localhost:1/v1"])
def test_a_server_of_this_machine_may_answer(server_url: str | None) -> None:
    assert check_redirect("openai", server_url).names == ("openai",)


@pytest.mark.parametrize(
    ("server_url", "said"),
    [
        ("openai", "leads to where it comes from"),
        ("https://api.openai.com/v1", "leads to where it comes from"),
        ("https://voice.example.com/v1", "leads to this machine"),
    ],
)
def test_any_other_server_may_not(server_url: str, said: str) -> None:
    with pytest.raises(UsageError, match=said):
        check_redirect("openai", server_url)


def test_a_name_that_is_almost_one_is_told_the_right_one() -> None:
    with pytest.raises(UsageError, match="did you mean openai"):
        read_redirect("openia")


def test_what_pages_load_of_the_hosted_service_is_led_here_too() -> None:
    rules = read_redirect("openai")
    place = ("https", "cdn.platform.openai.com", 443)
    script = rules.find(*place, "/deployments/chatkit/chatkit.js")
    assert script is not None
    assert (script.name, script.to) == ("openai", STAND_IN)
    assert answered_at(rules, *place, "/deployments/chatkit/chatkit.js") is None
    assert rules.find(*place, "/other.js") is None
    assert rules.takes("https", "cdn.platform.openai.com", 8443)


@pytest.mark.parametrize(
    ("url", "name"),
    [
        ("https://api.openai.com/v1/realtime/calls", "openai"),
        ("wss://api.openai.com/v1/realtime?model=a", "openai"),
        ("https://api.openai.com.example/v1/", None),
        ("data:text/html,api.openai.com", None),
    ],
)
def test_a_hosted_service_is_known_by_its_host(url: str, name: str | None) -> None:
    assert hosted_at(url) == name
