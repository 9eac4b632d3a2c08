from harness.realtime.items import message, user_audio_item
from harness.server.tokens import TokenCount, context_tokens, rate_limits, usage


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


def test_rate_limits_never_go_below_zero() -> None:
    assert rate_limits(10**9)[0]["remaining"] == 0
