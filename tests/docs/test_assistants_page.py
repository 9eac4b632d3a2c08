"""The page about assistants and engines: its files are written down and run."""

from __future__ import annotations

import asyncio
import os
import re
import sys
from pathlib import Path
from typing import Any

import pytest
import yaml

import harness
from harness.realtime.server.assistants.assistant import Prompt, Say, UseTool, Wait
from harness.realtime.server.assistants.script import Rule, Script, When
from harness.realtime.server.partial_transcript import EVERY_MS, STREAMING_MODELS
from harness.server.assistants.choice import SHIPPED
from harness.server.assistants.llm import FIRST_WITHIN_S, NEXT_WITHIN_S
from tests.support.chat_endpoint import DONE, chat_endpoint, delta, end

PAGE = (Path(harness.__file__).parent / "docs" / "assistants.md").read_text(encoding="utf-8")
FILE = re.compile(r"```(?:python|yaml)\n# (\w+\.\w+)\n(.*?)```", re.DOTALL)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The files of the page, as a reader would have them."""
    made = tmp_path_factory.mktemp("assistants")
    for name, text in FILE.findall(PAGE):
        (made / name).write_text(text, encoding="utf-8")
    return made


async def run(folder: Path, *arguments: str, **environment: str) -> str:
    """What the program prints."""
    paths = [str(Path(harness.__file__).parents[1]), os.environ.get("PYTHONPATH", "")]
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, *arguments),
        cwd=folder,
        env={**os.environ, "PYTHONPATH": os.pathsep.join(filter(None, paths)), **environment},
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
    )
    async with asyncio.timeout(120):
        printed, complaints = await process.communicate()
    assert process.returncode == 0, complaints.decode()
    return printed.decode().strip()


def promised(command: str) -> str:
    return PAGE.partition(f"$ python {command}\n")[2].partition("\n```")[0]


async def test_an_assistant_of_ones_own_answers(folder: Path) -> None:
    said = await run(folder, "talk.py", "pirate:SlowPirate", "Good morning.")
    assert said == promised('talk.py pirate:SlowPirate "Good morning."')


async def test_engines_of_ones_own_hear_and_speak(folder: Path) -> None:
    assert await run(folder, "hear.py") == promised("hear.py")


async def test_a_language_model_answers(folder: Path) -> None:
    """Through the whole server; the endpoint is ours."""
    async with chat_endpoint() as endpoint:
        endpoint.answers = [[delta(content="Good "), delta(content="day."), end(), DONE]]
        environment = {
            "LLM_URL": endpoint.url,
            "LLM_MODEL": "small",
            "HARNESS_LLM_API_KEY": "sk-llm",
        }
        assert await run(folder, "talk.py", "llm", "Good morning.", **environment) == "Good day."
        assert endpoint.keys == ["Bearer sk-llm"]
        assert endpoint.requests[0]["messages"][-1]["content"] == "Good morning."


def test_the_plain_pirate_waits_and_speaks(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    namespace: dict[str, type] = {}
    exec((folder / "pirate.py").read_text(encoding="utf-8"), namespace)
    assert list(namespace["Pirate"]().answer(Prompt("Hello."))) == [Wait(0.1), Say("Arr! Hello.")]


def test_the_script_does_what_its_rules_say(folder: Path) -> None:
    data = yaml.safe_load((folder / "assistant.yaml").read_text(encoding="utf-8"))
    script = Script.model_validate(data)

    def answer(**prompt: Any) -> list[Any]:
        return list(script.answer(Prompt(**prompt)))

    say, call = answer(text="A table, please.", turn=1)
    assert (say.text, call) == ("One moment, I will look.", UseTool("find_table", '{"persons": 2}'))
    (full,) = answer(tool="find_table", tool_result='{"free": false}')
    (free,) = answer(tool="find_table", tool_result='{"free": true}')
    assert (full.text[:5], free.text[:3]) == ("I am ", "Yes")
    assert answer(text="at seven", turn=2)[0] == Wait(1.5)
    assert answer(text="Thank you.", turn=3) == []
    assert answer(is_greeting=True)[0].text == "Good evening!"


def test_the_page_names_everything() -> None:
    assert all(f"`{name}" in PAGE for name in (*When.model_fields, *Rule.model_fields))
    assert all(f"`{model}`" in PAGE for model in STREAMING_MODELS)
    assert all(name in PAGE for name in SHIPPED)
    assert f"{FIRST_WITHIN_S:g} s to begin, {NEXT_WITHIN_S:g} s from each piece" in PAGE
    assert f"every {EVERY_MS / 1000:g} s" in PAGE
