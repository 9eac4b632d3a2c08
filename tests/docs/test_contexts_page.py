"""The page about contexts: its files are read and run, its programs do what they say."""

from __future__ import annotations

import re
import shutil
from pathlib import Path
from typing import Any

import pytest

import harness
from harness import plugins
from harness.context import errors
from harness.context.knowledge.adapters import retriever_of
from harness.context.load import load_context
from harness.context.mcp.tools import ToolServers
from harness.context.threads.contexts import Contexts
from harness.errors import ContextError, ToolRefused
from harness.resources import fixtures_dir
from harness.scenario.run import run_scenarios
from tests.support.local_server import API_KEY, local_server
from tests.support.run_failures import failures
from tests.support.tool_servers import SCRIPT

PAGE = (Path(harness.__file__).parent / "docs" / "contexts.md").read_text(encoding="utf-8")
YAML = re.findall(r"```yaml\n(.*?)```", PAGE, re.DOTALL)
RETRIEVER, APPROVE, SLOW, LIFE, CLIENT, TEST = re.findall(r"```python\n(.*?)```", PAGE, re.DOTALL)


@pytest.fixture
def files(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    for text in YAML:
        name = text.splitlines()[0].removeprefix("# ")
        (tmp_path / name).write_text(text, encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    return tmp_path


def test_the_context_is_one(files: Path) -> None:
    found = load_context(files / "desk.yaml").definition
    assert (found.owner, found.calls, found.history_tokens) == ("user", "wait", 2000)


async def test_the_retriever_is_one(files: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (files / "my_house.py").write_text(RETRIEVER, encoding="utf-8")
    monkeypatch.syspath_prepend(str(files))
    found = retriever_of(plugins.load("my_house:retriever"))
    assert [one.source for one in await found.retrieve("soup", 3)] == ["menu"]
    knowledge = load_context(files / "house.yaml").definition.knowledge
    assert knowledge is not None
    assert knowledge.files == [str(files / "menu"), str(files / "hours.md")]


async def test_the_tool_server_is_started_and_asked_for(files: Path) -> None:
    (files / "tools").mkdir()
    shutil.copy(SCRIPT, files / "tools" / "repeat_server.py")
    names: dict[str, Any] = {}
    exec(compile(APPROVE, "contexts.md", "exec"), names)
    wanted = load_context(files / "boats.yaml").definition.mcp
    notes: list[Any] = []
    servers = ToolServers(wanted, notes.append, names["boats"].approve)
    (tool,) = await servers.tools()
    assert await tool.function(text="Hello.") == "Hello."
    with pytest.raises(ToolRefused):
        await tool.function(text="x" * 100)
    await servers.aclose()
    told = [note.type for note in notes]
    assert told == ["mcp.listed", "mcp.failed", "mcp.called", "mcp.refused"]


async def test_the_scenarios_pass(
    files: Path, understood_voice: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    (files / "slow_tools.py").write_text(SLOW, encoding="utf-8")
    monkeypatch.syspath_prepend(str(files))
    (files / "voucher.txt").write_text("Ten euros.", encoding="utf-8")
    names = ("again.yaml", "ask-the-library.yaml", "order-soup.yaml")
    scenarios = [files / name for name in names]
    results = await run_scenarios(scenarios, out=files / "out", engine="simulated")
    assert results.verdict == "passed", failures(results)


async def test_the_program_prints_what_it_says(
    files: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    names: dict[str, Any] = {}
    exec(compile(LIFE, "contexts.md", "exec"), names)
    await names["main"](files / "contexts.db")
    assert capsys.readouterr().out.splitlines() == ["['shop']", "[]", "{'size': 42}"]


async def test_the_client_knows_its_user_the_next_time(files: Path) -> None:
    names: dict[str, Any] = {}
    exec(compile(CLIENT, "contexts.md", "exec"), names)
    async with local_server(has_real_sessions=True) as server:
        url = str(server.client.make_url("/"))
        said = [await names["talk"](url, API_KEY, files / "contexts.db") for _ in range(2)]
    assert said == ["You said: My name is Kim."] * 2
    contexts = Contexts(files / "contexts.db")
    rows = await contexts.items(await contexts.load("desk", "kim"))
    assert [row["type"] for row in rows] == ["user_message", "assistant_message"] * 2
    await contexts.aclose()


def test_every_error_has_its_row() -> None:
    told = PAGE.partition("## When")[2]
    rows = {
        *re.findall(r"`((?:Attachment|Context|Store|Picture|Knowledge|Reasoner)[A-Z]\w+)`", told)
    }
    named = {*rows, *re.findall(r"^\| `(ToolServer[A-Z]\w+)`", PAGE, re.M)} - {"ContextError"}
    ours = {
        name
        for name, cls in vars(errors).items()
        if isinstance(cls, type) and issubclass(cls, ContextError) and cls is not ContextError
    }
    assert named == ours


def test_the_shipped_scenarios_are_there() -> None:
    for name in re.findall(r"fixtures/(contexts/\S+\.yaml)", PAGE):
        assert (fixtures_dir() / name).is_file(), name


def test_the_pytest_example_is_a_test() -> None:
    compile(TEST, "contexts.md", "exec")
