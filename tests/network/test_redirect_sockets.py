"""What of a handshake goes on; how messages are carried is in test_redirect_front.py."""

from __future__ import annotations

import pytest

from harness.network.redirect_sockets import without_keys


@pytest.mark.parametrize(
    ("lines", "expected"),
    [
        (["realtime, openai-insecure-api-key.ek_1, openai-agents-sdk.0.20"],
         ("realtime", "openai-agents-sdk.0.20")),
        (["realtime", "openai-insecure-api-key.ek_1"], ("realtime",)),
        (["openai-insecure-api-key."], ()),
        ([""], ()),
        ([], ()),
    ],
)  # fmt: skip
def test_no_subprotocol_with_a_key_goes_on(lines: list[str], expected: tuple[str, ...]) -> None:
    assert without_keys(lines) == expected
