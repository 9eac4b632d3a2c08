"""A judge's verdict counts where its evidence was really said."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from harness.personas.caller import Line, Talk
from harness.personas.judge import Verdict, judge, read_verdict, was_said
from harness.personas.model import ChatModel
from tests.support.chat_endpoint import DONE, chat_endpoint, delta, end

TALK = Talk(
    (
        Line("caller", "A table for two at seven, please."),
        Line("agent", "Your table for two is booked, for seven."),
        Line("caller", "Thanks!"),
    ),
    "done",
)


def told(answer: Any, *quotes: str, reason: str = "it says so") -> Verdict:
    data = {"answer": answer, "quotes": quotes, "reason": reason}
    return read_verdict(f"```json\n{json.dumps(data)}\n```", TALK)


async def test_a_model_is_asked_about_the_whole_talk() -> None:
    data = {"answer": "yes", "quotes": ["is booked for seven"], "reason": "booked"}
    async with chat_endpoint() as endpoint:
        endpoint.answers = [[delta(content=json.dumps(data)), end(), DONE]]
        async with ChatModel(endpoint.url, "m") as model:
            verdict = await judge("Was a table booked?", TALK, model)
        asked = endpoint.requests[0]["messages"][-1]["content"]
    assert verdict == Verdict("yes", ("is booked for seven",), "booked")
    assert "Question: Was a table booked?" in asked
    assert "agent: Your table for two is booked, for seven." in asked


async def test_what_is_no_answer_is_shown_and_asked_for_again(tmp_path: Path) -> None:
    data = {"answer": "yes", "quotes": ["is booked for seven"], "reason": "booked"}
    async with chat_endpoint() as endpoint:
        written = ["Of course it was.", json.dumps(data)]
        endpoint.answers = [[delta(content=text), end(), DONE] for text in written]
        verdicts = []
        for _ in range(3):
            async with ChatModel(endpoint.url, "m", kept=tmp_path / "kept.json") as model:
                verdicts.append(await judge("Was a table booked?", TALK, model))
    assert [verdict.answer for verdict in verdicts] == ["unsure", "yes", "yes"]
    assert verdicts[0].reason.endswith("it wrote “Of course it was.”")
    assert len(endpoint.requests) == 2


def test_yes_and_no_need_words_that_were_said() -> None:
    assert told("no", "A table for two").answer == "no"
    assert told("yes") == Verdict("unsure", (), "it quotes nothing: it says so")
    invented = told("yes", "is booked", "see you at eight")
    assert invented == Verdict("unsure", ("is booked",), "a quote was never said: it says so")
    assert told("unsure", "see you at eight").quotes == ()


def test_small_models_write_it_a_little_otherwise() -> None:
    text = '{"answer": "Yes", "quotes": "is booked, for seven", "reason": null}'
    assert read_verdict(text, TALK) == Verdict("yes", ("is booked, for seven",), "")


@pytest.mark.parametrize("text", ["", "Yes.", "{", '{"answer": "maybe"}', "[1]", '{"answer": []}'])
def test_an_answer_in_another_shape_is_unsure(text: str) -> None:
    assert read_verdict(text, TALK).answer == "unsure"


@pytest.mark.parametrize(
    ("quote", "is_there"),
    [
        ("agent: your table, for two", True),
        ("table", False),
        ("Thanks", True),
        ("please. Your table", False),
        ("", False),
    ],
)
def test_a_quote_is_words_in_a_row_of_one_line(quote: str, is_there: bool) -> None:
    assert was_said(quote, [line.text for line in TALK.lines]) is is_there


@given(st.text(max_size=60))
def test_no_text_makes_a_judge_sure_without_evidence(text: str) -> None:
    verdict = read_verdict(text, TALK)
    assert verdict.answer == "unsure" or verdict.quotes
