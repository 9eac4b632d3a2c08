"""Reading requests: what is wrong in them becomes the contract's refusal."""

from __future__ import annotations

from typing import Any

import pytest
from aiohttp.test_utils import make_mocked_request

from harness.server.http.body import secret_lifetime_s, wanted_channel_id, wanted_model, with_model
from harness.server.http.errors import Refusal


@pytest.mark.parametrize(
    ("body", "lifetime_s"),
    [
        ({}, 600),
        ({"expires_after": None}, 600),
        ({"expires_after": {"anchor": "created_at"}}, 600),
        ({"expires_after": {"anchor": "created_at", "seconds": 10}}, 10),
        ({"expires_after": {"seconds": 7200}}, 7200),
    ],
)
def test_the_lifetime_of_a_secret(body: dict[str, Any], lifetime_s: int) -> None:
    """Ten minutes unless it is said."""
    assert secret_lifetime_s(body) == lifetime_s


@pytest.mark.parametrize("seconds", [9, 7201, 10.5, "10", True, None])
def test_a_lifetime_out_of_range_is_400(seconds: Any) -> None:
    """Rather than clamped."""
    with pytest.raises(Refusal) as caught:
        secret_lifetime_s({"expires_after": {"seconds": seconds}})
    assert (caught.value.status, caught.value.param) == (400, "expires_after.seconds")


def asking(query: str) -> Any:
    return make_mocked_request("GET", f"/v1/realtime{query}")


@pytest.mark.parametrize("query", ["", "?intent=x"])
def test_no_model_is_none(query: str) -> None:
    assert wanted_model(asking(query)) is None


@pytest.mark.parametrize("query", ["?model=", "?model=%00", "?model=" + "x" * 300])
def test_a_model_that_is_no_name_is_refused(query: str) -> None:
    with pytest.raises(Refusal) as caught:
        wanted_model(asking(query))
    assert (caught.value.code, caught.value.param) == ("invalid_model", "model")


@pytest.mark.parametrize("model", ["gpt-4o-mini-transcribe", "whisper-1", "gpt-realtime-whisper"])
def test_a_model_that_only_hears_cannot_talk(model: str) -> None:
    """In the service's own words."""
    with pytest.raises(Refusal, match="is not supported in realtime mode") as caught:
        wanted_model(asking(f"?model={model}"))
    assert model in caught.value.message


def test_the_model_of_the_url_wins() -> None:
    """Over the one a secret was minted with; a session that only hears has none."""
    minted = {"type": "realtime", "model": "a"}
    assert with_model(minted, None) == minted
    assert with_model(minted, "b") == {"type": "realtime", "model": "b"}
    assert with_model({"type": "transcription"}, "b") == {"type": "transcription"}


@pytest.mark.parametrize(
    ("query", "channel_id"), [("", None), ("?dcid=0", 0), ("?dcid=65534", 65_534)]
)
def test_a_client_may_have_agreed_on_the_number_of_its_channel(
    query: str, channel_id: int | None
) -> None:
    assert wanted_channel_id(asking(query)) == channel_id


@pytest.mark.parametrize("dcid", ["", "-1", "65535", "1.5", "one", "٣", "9" * 5000])
def test_any_other_number_is_refused(dcid: str) -> None:
    with pytest.raises(Refusal, match="dcid"):
        wanted_channel_id(asking(f"?dcid={dcid}"))
