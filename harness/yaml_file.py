"""A YAML file of the user's with its data and its lines; what is wrong with it, in words."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml

from harness import yaml12
from harness.errors import ScenarioError
from harness.paths import near_names
from harness.yaml12 import Location, line_of

MAX_BYTES = 1_000_000
"""A scenario is written by a person; a larger file is a mistake."""

SCENARIO = "scenario"
"""What a file is, where nobody says otherwise; some of them are shipped."""

KINDS = {
    type(None): "an empty file",
    str: "a text",
    list: "a list",
    bool: "yes or no",
    int: "a number",
    float: "a number",
}
"""What a file holds that is no mapping, in words."""

MERGE = "tag:yaml.org,2002:merge"
"""The tag of the key ``<<``, which may stand more than once."""


@dataclass(frozen=True)
class YamlFile:
    """A mapping that was read from a file."""

    path: Path
    data: dict[str, Any] = field(repr=False)
    node: yaml.Node = field(repr=False, compare=False)

    def place(self, location: Location) -> str:
        """Where that is, for people: "file.yaml:12"; what is around it where it is not there."""
        return f"{self.path}:{line_of(self.node, location)}"


def read_yaml(
    path: Path,
    what: str = SCENARIO,
    expected: str = "name and steps",
    max_bytes: int = MAX_BYTES,
) -> YamlFile:
    """Read a file that holds a mapping.

    Args:
        what: what it should be, for messages.
        expected: the keys of such a file.
        max_bytes: a larger one is a mistake.

    Raises:
        ScenarioError: unreadable, not YAML, no mapping, or with a key given twice.
    """
    text = _read(path, what, max_bytes)
    try:
        node = yaml12.compose(text)
        data = yaml12.load(text)
    except (yaml.YAMLError, RecursionError, ValueError) as error:
        raise _yaml_error(path, text, error) from error
    if not isinstance(data, dict) or node is None:
        raise ScenarioError(
            f"{path}:1: this is not a {what}.",
            expected=f"a mapping with {expected}",
            found=KINDS.get(type(data), type(data).__name__),
            hint="start from a file in fixtures/scenarios" if what == SCENARIO else None,
        )
    if (twice := next(_given_twice(node), None)) is not None:
        raise ScenarioError(
            f"{path}:{twice.start_mark.line + 1}: “{twice.value}” is given a second time.",
            expected="each key once; the earlier one would be forgotten",
            found=f"another “{twice.value}” above it in the same place",
        )
    return YamlFile(path, data, node)


def similar_file(path: Path) -> str | None:
    """What to do about a file that is not there: the nearest one in its folder, or None."""
    if path.exists():
        return None
    names = [p.name for p in path.parent.iterdir()] if path.parent.is_dir() else []
    close = near_names(path.name, names)
    return f"did you mean {path.parent / close[0]}?" if close else None


def _given_twice(root: yaml.Node) -> Iterator[yaml.ScalarNode]:
    """Keys that their mapping has had already; YAML forbids them and PyYAML keeps the last."""
    waiting, seen = [root], set[int]()
    while waiting:
        node = waiting.pop()
        if id(node) in seen:
            continue  # an alias
        seen.add(id(node))
        if isinstance(node, yaml.SequenceNode):
            waiting += reversed(node.value)
        elif isinstance(node, yaml.MappingNode):
            names = set[tuple[str, str]]()
            for key, _ in node.value:
                if isinstance(key, yaml.ScalarNode) and key.tag != MERGE:
                    if (key.tag, key.value) in names:
                        yield key
                    names.add((key.tag, key.value))
            waiting += reversed([value for _, value in node.value])


def _read(path: Path, what: str, max_bytes: int) -> str:
    try:
        if path.stat().st_size > max_bytes:
            raise ScenarioError(
                f"{path} is too large for a {what}.",
                expected=f"at most {max_bytes} bytes",
                found=f"{path.stat().st_size} bytes",
            )
        return path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise ScenarioError(
            f"Cannot read the {what} {path}.",
            expected="a YAML file in UTF-8",
            found=getattr(error, "strerror", None) or str(error),
            hint=NO_TEXT if path.is_file() else similar_file(path) or _where(path, what),
        ) from error


CHECK_THE_PATH = "check the path"
NO_TEXT = "look at the file: it may not be read, or is no text"


def _where(path: Path, what: str) -> str:
    if path.is_dir():
        return "name a file in it"
    shipped = "; the shipped scenarios are in fixtures/scenarios" if what == SCENARIO else ""
    return f"{CHECK_THE_PATH}{shipped}"


IN_QUOTES = "while scanning a quoted scalar"
"""What PyYAML was about where a quote has no end."""


def _yaml_error(path: Path, text: str, error: Exception) -> ScenarioError:
    mark = getattr(error, "problem_mark", None)
    hint = "check indentation and quotes around the place"
    if yaml12.HALF in str(error):
        hint = "write the character itself, or both of its halves"
    if "'\\t'" in str(error):
        hint = "put spaces in place of the tab: YAML takes no tabs before a line's first word"
    if (
        mark
        and getattr(error, "context", None) == IN_QUOTES
        and mark.line + 1 >= len(text.splitlines())
    ):
        mark, hint = getattr(error, "context_mark", mark), "close the quote that opens there"
    place = f"{path}:{mark.line + 1}:{mark.column + 1}" if mark else str(path)
    line = text.split("\n")[mark.line] if mark and mark.line < text.count("\n") + 1 else ""
    return ScenarioError(
        f"{place}: this is not YAML.",
        expected="well-formed YAML",
        found=str(getattr(error, "problem", None) or error),
        hint='within {…} and […] a variable needs quotes: "${NAME}"' if "${" in line else hint,
    )
