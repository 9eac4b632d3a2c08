"""Rules of a whole conversation: tools that must not be called, ever, too early, or at a bad time.

They are judged at the end, over every call of a tool. A step's `expect: {absent: …}` is about the
time since the user's last action.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any, Literal

from pydantic import Field, model_validator

from harness.plain_data import Data
from harness.scenario.tool_wishes import hidden_of_call
from harness.score.judgement import Judgement
from harness.speech.spans import Span


class MustNot(Data):
    """A tool that must not be called."""

    tool: str = Field(description="its name")
    arguments: dict[str, Any] | None = Field(
        default=None, description="only with these values: others may be there, too"
    )
    before: str | None = Field(
        default=None, description="a tool: only behind a call of it; absent: never"
    )
    while_: Literal["user_speaks"] | None = Field(
        default=None,
        alias="while",
        description="`user_speaks`: amid what the user says",
    )

    @model_validator(mode="after")
    def _one_time(self) -> MustNot:
        if self.before is not None and self.while_ is not None:
            raise ValueError("either `before` or `while`: write two rules for both")
        return self

    @property
    def in_words(self) -> str:
        """As a sentence."""
        text = f"the tool “{self.tool}” is not called"
        text += f" with {self.arguments}" if self.arguments else ""
        text += f" before “{self.before}” was" if self.before else ""
        return f"{text} while the user speaks" if self.while_ else text


@dataclass(frozen=True, slots=True)
class CalledTool:
    """One call of a tool."""

    name: str
    arguments: str
    """The JSON text as it came."""

    at_s: float
    """When, seconds on the timeline."""


def judge_must_not(
    rules: Sequence[MustNot],
    calls: Sequence[CalledTool],
    said: Sequence[Span],
    untold: str | None = None,
) -> list[Judgement]:
    """Each rule over all calls of tools.

    Args:
        calls: in order of time.
        said: where the user spoke, from the first to the last voiced sample of each thing.
        untold: why nobody tells of tools, in words; None where somebody does.
    """
    return [_judge(rule, calls, said, untold) for rule in rules]


def _judge(
    rule: MustNot, calls: Sequence[CalledTool], said: Sequence[Span], untold: str | None
) -> Judgement:
    if untold is not None:
        return Judgement("must_not", rule.in_words, False, untold, in_doubt=True)
    hidden = [
        why
        for call in calls
        for name in filter(None, (rule.tool, rule.before))
        if (why := hidden_of_call(name, rule.arguments, asdict(call)))
    ]
    asked = [call for call in calls if call.name == rule.tool]
    broken = [
        call for call in asked if _has(call, rule.arguments) and _is_bad(rule, call, calls, said)
    ]
    if broken:
        first = broken[0]
        found = f"called at {first.at_s:.3f} s with {first.arguments or '{}'}"
        return Judgement("must_not", rule.in_words, False, found, start_s=first.at_s)
    if hidden:
        return Judgement("must_not", rule.in_words, False, hidden[0], in_doubt=True)
    found = f"called {len(asked)} times, never so" if asked else "it was not called"
    return Judgement("must_not", rule.in_words, True, found)


def _is_bad(
    rule: MustNot, call: CalledTool, calls: Sequence[CalledTool], said: Sequence[Span]
) -> bool:
    if rule.before is not None:
        return not any(one.name == rule.before and one.at_s < call.at_s for one in calls)
    if rule.while_ is not None:
        return any(span.start_s <= call.at_s <= span.end_s for span in said)
    return True


def _has(call: CalledTool, wanted: dict[str, Any] | None) -> bool:
    if not wanted:
        return True
    try:
        given = json.loads(call.arguments)
    except ValueError:
        return False
    return isinstance(given, dict) and all(given.get(key) == value for key, value in wanted.items())
