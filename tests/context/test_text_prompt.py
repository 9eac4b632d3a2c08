"""What the end of a written conversation asks."""

from __future__ import annotations

from typing import Any

from harness.context.text_prompt import prompt_of


def said(role: str, text: str) -> dict[str, Any]:
    kind = "output_text" if role == "assistant" else "input_text"
    content = [{"type": kind, "text": text}]
    return {"id": f"m_{text}", "type": "message", "role": role, "content": content}


CALL = {"id": "f", "type": "function_call", "call_id": "c", "name": "book", "arguments": "{}"}
RESULT = {"id": "o", "type": "function_call_output", "call_id": "c", "output": "booked"}


def test_the_last_thing_the_user_wrote_is_asked() -> None:
    items = [said("user", "Hello."), said("assistant", "Hi."), said("user", "A table.")]
    prompt = prompt_of(items, "Be brief.", [{"name": "book"}], "required")
    assert (prompt.text, prompt.turn, prompt.is_greeting) == ("A table.", 2, False)
    assert (prompt.instructions, prompt.tool_choice) == ("Be brief.", "required")
    assert prompt.items == tuple(items)


def test_a_result_is_asked_about_by_its_tool() -> None:
    prompt = prompt_of([said("user", "A table."), CALL, RESULT])
    assert (prompt.tool, prompt.tool_result, prompt.outcome) == ("book", "booked", "ok")
    assert (prompt.text, prompt.turn) == ("", 1)


def test_what_the_user_says_after_a_result_comes_first() -> None:
    prompt = prompt_of([CALL, RESULT, said("user", "Thanks.")])
    assert (prompt.tool, prompt.text) == (None, "Thanks.")


def test_nothing_new_is_a_greeting() -> None:
    for items in ([], [said("system", "x")], [said("user", "Hi."), said("assistant", "Hello.")]):
        assert prompt_of(items).is_greeting
