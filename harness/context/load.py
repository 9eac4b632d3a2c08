"""Context files: a YAML file becomes a definition, its mistakes are told by file and line."""

from __future__ import annotations

import difflib
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from harness.all_mistakes import (
    as_one,
    expected_of,
    found_of,
    nearest_of,
    told,
    told_problems,
    wants_keys,
    without_branches,
)
from harness.context.definition import ContextDefinition, ContextTool, Knowledge
from harness.context.long_work import LongWork
from harness.context.mcp_server import McpPrompt, McpServer
from harness.errors import ScenarioError
from harness.paths import StrPath
from harness.plain_data import Data
from harness.yaml12 import Location, line_of
from harness.yaml_file import YamlFile, read_yaml

CONTEXT = "context"
KEYS = "a name"


@dataclass(frozen=True, slots=True)
class LoadedContext:
    """A definition, and where it is from: paths in it are relative to its folder."""

    definition: ContextDefinition
    path: Path

    @property
    def folder(self) -> Path:
        """Where the file is."""
        return self.path.parent


def load_context(path: StrPath) -> LoadedContext:
    """Read a context file.

    Raises:
        ScenarioError: it cannot be read, or is no context; says file, line and what was expected.
    """
    file = read_yaml(Path(path), CONTEXT, KEYS)
    try:
        definition = ContextDefinition.model_validate(file.data)
        return LoadedContext(_with_own_files(definition, file.path.parent), file.path)
    except ValidationError as error:
        problems = told_problems(error.errors(include_url=False))
        problems.sort(key=lambda one: line_of(file.node, without_branches(one["loc"])))
        raise as_one([_error_of(file, problem) for problem in problems]) from None


def check_files(loaded: LoadedContext) -> None:
    """Nothing, where the documents that a context is to know from are there.

    A call would go on without them, and nobody would know why its answers are others.

    Raises:
        ScenarioError: some are not; says file, line, and what is there.
    """
    knowledge = loaded.definition.knowledge
    missing = [
        (number, Path(file))
        for number, file in enumerate(knowledge.files if knowledge is not None else ())
        if not Path(file).exists()
    ]
    if not missing:
        return
    file = read_yaml(loaded.path, CONTEXT, KEYS)
    raise as_one([_not_there(file, number, path) for number, path in missing])


def _not_there(file: YamlFile, number: int, path: Path) -> ScenarioError:
    beside = sorted(one.name for one in path.parent.iterdir()) if path.parent.is_dir() else []
    near = difflib.get_close_matches(path.name, beside, n=1)
    return ScenarioError(
        f"{file.place(('knowledge', 'files', number))}: there is no {path.name} to know from.",
        expected="a file or a folder, relative to this file",
        found=f"nothing at {path}",
        hint=f"did you mean “{near[0]}”?" if near else "name one that is there",
    )


def _with_own_files(definition: ContextDefinition, folder: Path) -> ContextDefinition:
    """Whoever uses it later is in another folder."""
    knowledge = definition.knowledge
    if knowledge is not None:
        files = [str((folder / file).absolute()) for file in knowledge.files]
        knowledge = knowledge.model_copy(update={"files": files})
    servers = [server.beside(folder) for server in definition.mcp]
    tools = [_with_work_beside(tool, folder) for tool in definition.tools]
    own: dict[str, Any] = {"knowledge": knowledge, "mcp": servers, "tools": tools}
    if definition.folder is not None or any(one.python for one in (*tools, knowledge) if one):
        own["folder"] = str((folder / (definition.folder or ".")).absolute())
    return definition.model_copy(update=own)


def _with_work_beside(tool: ContextTool, folder: Path) -> ContextTool:
    if not isinstance(tool.long, LongWork):
        return tool
    return tool.model_copy(update={"long": tool.long.beside(folder)})


def _error_of(file: YamlFile, problem: Any) -> ScenarioError:
    location = without_branches(problem["loc"])
    known = _known_keys(location)
    return ScenarioError(
        f"{file.place(location)}: {_what(problem, location)}",
        expected=_expected(problem, location, known),
        found=found_of(problem),
        hint=nearest_of(problem, known),
    )


def _what(problem: Any, location: Location) -> str:
    names = [part for part in location if isinstance(part, str)]
    if names[-1:] == ["long"] and problem["type"] == "literal_error":
        return "tools.long: it is true, or has keys of its own."
    return told(problem, names)


def _expected(problem: Any, location: Location, known: Sequence[str]) -> str | None:
    wanted = expected_of(problem, known)
    inside = _known_keys((*location, "")) if wants_keys(problem) else []
    return f"{wanted} with {', '.join(inside)}" if inside else wanted


_MODELS: dict[str, type[Data]] = {
    "tools": ContextTool,
    "long": LongWork,
    "knowledge": Knowledge,
    "mcp": McpServer,
    "prompts": McpPrompt,
}


def _known_keys(location: Location) -> list[str]:
    """What may stand at a place; nothing where that is not ours to say."""
    parents = [part for part in location[:-1] if isinstance(part, str)]
    model = _MODELS.get(parents[-1]) if parents else ContextDefinition
    return list(getattr(model, "model_fields", ()))
