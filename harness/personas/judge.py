"""A judge of talks: yes, no or unsure, with what was said as evidence."""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Literal, cast

from harness.personas.caller import Talk
from harness.personas.model import ChatModel

Answer = Literal["yes", "no", "unsure"]
LEAST_WORDS = 2
"""A quote of a single word is evidence of nothing, unless the line has no more."""

MOST_SHOWN = 100
"""Characters of what a judge wrote instead of an answer."""

INSTRUCTIONS = """\
You judge a telephone conversation. Answer the question by what was said in it, and by nothing else.
Answer with one JSON object and nothing around it:
{"answer": "yes" or "no" or "unsure", "quotes": [words of the conversation, letter by letter, that \
show it], "reason": one short sentence}
Where the conversation does not show it, the answer is "unsure"."""

_OBJECT = re.compile(r"\{.*\}", re.DOTALL)
_WORDS = re.compile(r"\w+")


@dataclass(frozen=True, slots=True)
class Verdict:
    """What a judge says."""

    answer: Answer
    quotes: tuple[str, ...]
    """Words that were said, each found in the talk."""

    reason: str


async def judge(question: str, talk: Talk, model: ChatModel) -> Verdict:
    """Ask a model about a talk. Without evidence that was really said the answer is "unsure".

    Raises:
        AssistantError: the endpoint failed.
        UsageError: there is none, and its answer is not kept.
    """
    asked = f"Question: {question}\n\nConversation:\n{talk.text}"
    written = await model.write(INSTRUCTIONS, [("other", asked)], lambda text: bool(_data(text)))
    return read_verdict(written, talk)


def read_verdict(text: str, talk: Talk) -> Verdict:
    """What a model wrote, checked against what was said. Pure."""
    data = _data(text)
    if data is None:
        shown = " ".join(text.split())
        shown = f"“{shown[:MOST_SHOWN]}{'…' * (len(shown) > MOST_SHOWN)}”" if shown else "nothing"
        return Verdict("unsure", (), f"the judge did not answer as it was asked: it wrote {shown}")
    given = data.get("quotes")
    listed = [given] if isinstance(given, str) else given
    quotes = [str(one) for one in listed] if isinstance(listed, list) else []
    said = tuple(one for one in quotes if was_said(one, [line.text for line in talk.lines]))
    reason = str(data.get("reason") or "")
    if data["answer"] == "unsure" or (said and len(said) == len(quotes)):
        return Verdict(cast("Answer", data["answer"]), said, reason)
    lacks = "a quote was never said" if quotes else "it quotes nothing"
    return Verdict("unsure", said, f"{lacks}: {reason}" if reason else lacks)


def _data(text: str) -> dict[str, Any] | None:
    """The object that a judge was asked for; None: it wrote something else."""
    found = _OBJECT.search(text)
    try:
        data = json.loads(found[0]) if found else None
    except ValueError:
        return None
    if not isinstance(data, dict):
        return None
    answer = str(data.get("answer")).casefold()
    return {**data, "answer": answer} if answer in ("yes", "no", "unsure") else None


def was_said(quote: str, lines: Sequence[str]) -> bool:
    """Whether one line has these words in a row; case and punctuation do not count."""
    wanted = _words(quote)
    for line in map(_words, lines):
        least = min(LEAST_WORDS, len(line))
        places = range(len(line) - len(wanted) + 1)
        is_there = any(line[at : at + len(wanted)] == wanted for at in places)
        if wanted and len(wanted) >= least and is_there:
            return True
    return False


def _words(text: str) -> list[str]:
    return _WORDS.findall(re.sub(r"^\s*(caller|agent):", "", text).casefold())
