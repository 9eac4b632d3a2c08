"""The turn of a cassette for a moment of another call; where there is none, the nearest.

A moment is known by what the user did: the number of their turn and its words, or the result of a
tool. Pure.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from harness.cassette.model import After, Cassette, RecordedAnswer, RecordedTurn
from harness.cassette.wording import nearest
from harness.realtime.items import is_assistant_message, is_user_message
from harness.realtime.server.assistants.assistant import Prompt
from harness.realtime.server.context import ended_tool

SHOWN_CHARS = 200


@dataclass(frozen=True, slots=True)
class Mismatch:
    """Nothing in the cassette fits."""

    asked: str
    """What is asked for, in words."""

    nearest: str
    """What comes nearest, in words."""

    differs: str

    @property
    def in_words(self) -> str:
        """One sentence for whoever reads the call's error."""
        return f"{self.asked} is not in the cassette. Nearest: {self.nearest}. {self.differs}."


def find_answer(cassette: Cassette, prompt: Prompt) -> RecordedAnswer | Mismatch:
    """The recorded answer to a prompt."""
    after = _after(prompt)
    turn = next((turn for turn in cassette.turns if turn.number == prompt.turn), None)
    if turn is None:
        return _no_such_turn(cassette, prompt)
    if after != "greeting" and (found := _other_words(cassette, turn, prompt)) is not None:
        return found
    answers = [answer for answer in turn.then if answer.after == after]
    if after == "tool":
        fitting = [answer for answer in answers if _fits(answer, prompt)]
        if not fitting:
            return _other_result(turn, answers, prompt)
        answers = fitting
    if not answers:
        return _other_moment(turn, prompt)
    return answers[min(_earlier(prompt), len(answers) - 1)]


def _after(prompt: Prompt) -> After:
    if prompt.tool is not None:
        return "tool"
    if prompt.is_idle:
        return "idle"
    return "greeting" if prompt.is_greeting or prompt.action is not None else "said"


def _fits(answer: RecordedAnswer, prompt: Prompt) -> bool:
    if answer.tool != prompt.tool:
        return False
    return answer.result is None or _is_same(answer.result, prompt.tool_result)


def _is_same(recorded: str, given: str) -> bool:
    """As JSON where both are, so that order and blanks do not matter; else as texts."""
    ones, others = _json(recorded), _json(given)
    if ones is not None and others is not None:
        return bool(ones == others)
    return " ".join(recorded.split()) == " ".join(given.split())


def _json(text: str) -> Any:
    try:
        return json.loads(text)
    except (ValueError, RecursionError):
        return None


def _earlier(prompt: Prompt) -> int:
    """How often the same was answered already in this turn."""
    since: list[dict[str, Any]] = []
    for item in prompt.items:
        since = [] if is_user_message(item) else [*since, item]
    if prompt.tool is None:
        return sum(map(is_assistant_message, since))
    ended = [ended_tool(item, list(prompt.items)) for item in since]
    same = (prompt.tool, prompt.tool_result)
    return max(0, sum(one is not None and one[:2] == same for one in ended) - 1)


def _other_words(cassette: Cassette, turn: RecordedTurn, prompt: Prompt) -> Mismatch | None:
    """What is wrong with the words of the turn, where something is.

    After a tool's result the turn's words were compared already, when it was answered first.
    """
    if prompt.tool is not None or prompt.is_idle or not turn.wordings:
        return None
    found = nearest(turn.wordings, prompt.text)
    if found is None:
        return None
    best, best_found = turn, found
    for other in cassette.turns:
        if other is turn or not other.wordings:
            continue
        here = nearest(other.wordings, prompt.text)
        if here is None:
            differs = f"The words are those of turn {other.number}, and this is turn {turn.number}"
            return Mismatch(_asked(prompt), _shown(other), differs)
        if here.kept > best_found.kept:
            best, best_found = other, here
    return Mismatch(_asked(prompt), _shown(best), f"Different: {best_found.in_words}")


def _no_such_turn(cassette: Cassette, prompt: Prompt) -> Mismatch:
    if not cassette.turns:
        return Mismatch(_asked(prompt), "nothing", "It holds no turn at all")
    last = cassette.turns[-1]
    same = [t for t in cassette.turns if t.wordings and nearest(t.wordings, prompt.text) is None]
    differs = f"It has no turn {prompt.turn}; its last is turn {last.number}"
    return Mismatch(_asked(prompt), _shown((same or [last])[0]), differs)


def _other_result(
    turn: RecordedTurn, answers: Sequence[RecordedAnswer], prompt: Prompt
) -> Mismatch:
    same_tool = [answer for answer in answers if answer.tool == prompt.tool]
    if same_tool:
        recorded = _cut(same_tool[0].result or "")
        where = f"turn {turn.number}, the result of “{prompt.tool}”"
        given = _cut(prompt.tool_result)
        return Mismatch(_asked(prompt), where, f"Its result was {recorded}, and is {given} here")
    names = ", ".join(f"“{answer.tool}”" for answer in answers) or "none"
    return Mismatch(_asked(prompt), _shown(turn), f"Tools with a result there: {names}")


def _other_moment(turn: RecordedTurn, prompt: Prompt) -> Mismatch:
    moments = {
        "said": "the user's words",
        "tool": "a tool's result",
        "greeting": "nothing new (a greeting)",
        "idle": "a silence",
    }
    had = [moments[after] for after in dict.fromkeys(answer.after for answer in turn.then)]
    recorded = ", ".join(had) or "nothing: no response came in that turn"
    differs = f"This answers {moments[_after(prompt)]}; recorded there is an answer to {recorded}"
    return Mismatch(_asked(prompt), _shown(turn), differs)


def _asked(prompt: Prompt) -> str:
    if prompt.tool is not None:
        return f"The result of “{prompt.tool}” in turn {prompt.turn}"
    if prompt.is_idle:
        return f"An answer to silence after turn {prompt.turn}"
    if prompt.is_greeting:
        return f"An answer without anything new from the user, after turn {prompt.turn}"
    return f"Turn {prompt.turn}, “{_cut(prompt.text)}”"


def _shown(turn: RecordedTurn) -> str:
    if turn.number == 0:
        return "what came before the first turn"
    said = f"“{_cut(turn.said)}”" if turn.said is not None else "whose words are not known"
    return f"turn {turn.number}, {said}"


def _cut(text: str) -> str:
    return text if len(text) <= SHOWN_CHARS else f"{text[:SHOWN_CHARS]}…"
