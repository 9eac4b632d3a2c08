"""What is hidden of keys, credentials and addresses, and what is let be."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from harness.redact import MASK, Masker, is_secret_name, shown, shown_within


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("https://user:pw@host:8443/a/b?api_key=secret#t", "https://host:8443/a/b"),
        ("http://127.0.0.1:80/", "http://127.0.0.1:80/"),
        ("realtime", "realtime"),
        ("about:blank", "about:blank"),
    ],
)
def test_an_address_is_shown_without_what_may_be_secret(url: str, expected: str) -> None:
    assert shown(url) == expected


@given(
    st.recursive(
        st.text() | st.integers() | st.none() | st.booleans(),
        lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
    )
)
def test_masking_keeps_the_shape_of_anything_that_is_json(value: object) -> None:
    masked = Masker().value(value)
    assert type(masked) is type(value)
    json.dumps(masked)


@pytest.mark.parametrize(
    "name", ["ask_for_the_name", "risk-assessment", "week_of_the_year", "task_42_completed"]
)
def test_a_name_that_ends_like_a_key_begins_is_left_alone(name: str) -> None:
    assert Masker().text(f'{{"name": "{name}"}}') == f'{{"name": "{name}"}}'


@pytest.mark.parametrize("before", ["", "=", "\\n", "\\u00e9", "%22"])
def test_a_key_is_masked_behind_an_escape_too(before: str) -> None:
    assert Masker().text(f"{before}sk-proj-ABCDEFGHIJ") == before + MASK


def test_secrets_are_masked_in_json_within_a_text() -> None:
    """Messages of a data channel are traced as they were sent, as one text."""
    message = json.dumps({"authorization": 'tok"en\\', "tools": [{"Password": "x"}], "a": "kept"})
    masked = {"authorization": MASK, "tools": [{"Password": MASK}], "a": "kept"}
    assert json.loads(Masker().text(message)) == masked
    twice = json.loads(Masker().text(json.dumps({"arguments": message})))
    assert json.loads(twice["arguments"]) == masked


def test_a_bearer_is_masked_however_it_is_written() -> None:
    assert Masker().text("BEARER abcdefgh1 bearer abcdefgh2") == f"BEARER {MASK} bearer {MASK}"


def test_all_headers_of_a_remote_tool_server_are_masked() -> None:
    """Whatever they are called; in a message as it was sent, too, and in one within it."""
    tool = {"type": "mcp", "server_label": "a", "headers": {"X-Odd": "hunter2"}}
    update = {"type": "session.update", "session": {"tools": [tool]}}
    masked = json.loads(json.dumps(update).replace("hunter2", MASK))
    assert Masker().value(update) == masked
    assert json.loads(Masker().text(json.dumps(update))) == masked
    twice = json.loads(Masker().text(json.dumps({"sent": json.dumps(update)})))
    assert json.loads(twice["sent"]) == masked


@pytest.mark.parametrize("text", ['mcp headers {"a"', '"mcp headers"', "mcp headers" + "[" * 5000])
def test_a_text_that_is_no_message_stays(text: str) -> None:
    assert Masker().text(text) == text


def test_addresses_within_a_text_are_shown_without_what_lets_somebody_in() -> None:
    text = "net::ERR_FAILED at https://kim:seat@h:8/a?token=b#c, then at 'wss://h/x?y'; see a://b?c"
    assert shown_within(text) == "net::ERR_FAILED at https://h:8/a then at 'wss://h/x'; see a://b?c"


def test_of_two_secrets_the_longer_one_is_masked_whole() -> None:
    short = "open-sesame"
    for longer in (f"{short}-{n}" for n in range(20)):  # whatever the order of the set
        assert Masker({short, longer}).text(f"it is {longer}.") == f"it is {MASK}."


def test_a_place_in_a_script_keeps_its_line() -> None:
    text = "at go (http://h/a.js?t=17:12:3)\n at http://h/b.js:4:5"
    assert shown_within(text) == "at go (http://h/a.js:12:3)\n at http://h/b.js:4:5"


@pytest.mark.parametrize(
    ("name", "is_secret"),
    [("accessToken", True), ("authtoken", True), ("api_keys", True), ("Cookie", True),
     ("X-Amz-Signature", True), ("monkey", False), ("author", False), ("passenger", False),
     ("tokens", True), ("token", True), ("userTokens", True), ("output_token", True),
     ("input_token_key", True),
     ("total_tokens", False), ("max_output_tokens", False), ("maxTokens", False),
     ("tokenCount", False), ("cached_input_tokens", False)],
)  # fmt: skip
def test_names_of_what_lets_somebody_in(name: str, is_secret: bool) -> None:
    assert is_secret_name(name) is is_secret
