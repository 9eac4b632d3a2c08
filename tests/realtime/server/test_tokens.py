from harness.realtime.items import message, user_audio_item
from harness.realtime.server.tokens import (
    RATE_LIMIT_TOKENS,
    RateLimit,
    TokenCount,
    capped,
    context_tokens,
    usage,
)


def test_user_audio_costs_ten_tokens_a_second_and_assistant_audio_twenty() -> None:
    spoken = message("b", "assistant", [{"type": "output_audio", "transcript": ""}], "completed")
    count = context_tokens("", [(user_audio_item("a"), 2.0), (spoken, 2.0)])
    assert (count.text, count.audio) == (0, 60)


def test_text_costs_a_token_for_four_characters() -> None:
    item = message("a", "user", [{"type": "input_text", "text": "12345678"}], "completed")
    assert context_tokens("1234", [(item, 0.0)]).text == 3


def test_usage_adds_up() -> None:
    result = usage(TokenCount(text=3, audio=4), TokenCount(text=1, audio=2), "gpt-realtime")
    assert (result["input_tokens"], result["output_tokens"], result["total_tokens"]) == (7, 3, 10)
    assert "reasoning_tokens" not in result["output_token_details"]


def test_models_that_reason_say_so() -> None:
    details = usage(TokenCount(), TokenCount(), "gpt-realtime-2.1")["output_token_details"]
    assert details["reasoning_tokens"] == 0


def test_rate_limits_add_up_and_refill_and_never_go_below_zero() -> None:
    limit = RateLimit()
    full = RATE_LIMIT_TOKENS
    assert limit.take(100, 5.0)[0]["remaining"] == full - 100
    assert limit.take(200, 5.0)[0]["remaining"] == full - 300
    (later,) = limit.take(50, 70.0)
    assert later == {
        "name": "tokens", "limit": full, "remaining": full - 50,
        "reset_seconds": round(50 / full * 60, 3),
    }  # fmt: skip
    assert limit.take(10**9, 70.0)[0]["remaining"] == 0


def test_a_limit_is_never_exceeded_by_the_last_step() -> None:
    assert capped(TokenCount(text=4, audio=8), 10) == TokenCount(text=4, audio=6)
    assert capped(TokenCount(text=4, audio=8), 3) == TokenCount(text=3, audio=0)
