"""The page on callers that think: its persona is one, its test runs and repeats."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest

from harness.personas.persona import Persona, read_persona
from harness.scenario.converse_step import Converse
from harness.scenario.load import load_scenario
from harness.scenario.planned_talks import talks_of
from tests.support.chat_endpoint import DONE, chat_endpoint, delta, end

PAGE = (Path(__file__).parents[2] / "harness" / "docs" / "personas.md").read_text(encoding="utf-8")


def example(name: str) -> str:
    (text,) = re.findall(rf"<!-- example: {name} -->\n```yaml\n(.*?)```", PAGE, re.DOTALL)
    return str(text)


GUEST = example("guest.yaml")
TEST = re.findall(r"```python\n# test_guest.py\n(.*?)```", PAGE, re.DOTALL)[0]


class Answered:
    transcript = "Your table for two is booked."


class FakeCall:
    async def noise(self, noise: Any) -> None:
        pass

    async def say(self, what: Any) -> None:
        pass

    async def answer(self, within_s: float = 20) -> Answered:
        return Answered()


async def voice_call() -> FakeCall:
    return FakeCall()


async def test_the_example_runs_and_runs_again_with_nobody_to_ask(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "guest.yaml").write_text(GUEST, encoding="utf-8")
    names: dict[str, Any] = {"__file__": str(tmp_path / "test_guest.py")}
    exec(compile(TEST, "test_guest.py", "exec"), names)
    verdict = {"answer": "yes", "quotes": ["table for two is booked"], "reason": "booked"}
    async with chat_endpoint() as endpoint:
        texts = ("A table for two at seven. Goodbye! [done]", json.dumps(verdict))
        endpoint.answers = [[delta(content=text), end(), DONE] for text in texts]
        monkeypatch.setenv("HARNESS_LLM_URL", endpoint.url)
        monkeypatch.setenv("HARNESS_LLM_MODEL", "m")
        await names["test_a_guest_gets_a_table"](voice_call)
    monkeypatch.delenv("HARNESS_LLM_URL")
    await names["test_a_guest_gets_a_table"](voice_call)


def test_every_key_has_a_row(tmp_path: Path) -> None:
    (tmp_path / "guest.yaml").write_text(GUEST, encoding="utf-8")
    assert read_persona(tmp_path / "guest.yaml").seed == 7
    assert keys_below("key") == set(Persona.model_fields)
    assert keys_below("of `converse`") == set(Converse.model_fields)


def keys_below(head: str) -> set[str]:
    """What the first column of a table names."""
    table = PAGE.partition(f"| {head} |")[2].partition("\n\n")[0]
    rows = " ".join(re.findall(r"^\| (`.*?) \|", table, re.MULTILINE))
    return set(re.findall(r"`(\w+)`", rows))


def test_the_scenario_plans_the_talk_of_the_persona(tmp_path: Path) -> None:
    for name in ("guest.yaml", "guest-talk.yaml"):
        (tmp_path / name).write_text(example(name), encoding="utf-8")
    [talk] = talks_of(load_scenario(tmp_path / "guest-talk.yaml")).values()
    assert (talk.persona.seed, talk.persona.at_most) == (7, 6)
