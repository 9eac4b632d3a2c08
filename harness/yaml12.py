"""YAML as its version 1.2 reads it: `yes`, `no`, `on` and `off` are words.

PyYAML follows version 1.1, where these four are booleans, 12:30 is 750 and 010 is eight. In what
people say to each other all of these are words or plain numbers. The merge key ``<<`` of 1.1 stays.

ruamel.yaml is no way around the table below: also as version 1.2 it (0.19.1) makes a date of
2026-01-31, a thousand of 1_000 and an error of `=`, and takes five times as long.
"""

from __future__ import annotations

import re
from typing import Any

import yaml

TAG = "tag:yaml.org,2002:"
HALF = "half of a character"
SURROGATES = re.compile("[\ud800-\udfff]")

Location = tuple[str | int, ...]
"""A place in a document: the keys and indices that lead to it."""

PLAIN: tuple[tuple[str, str, str], ...] = (
    ("bool", r"true|True|TRUE|false|False|FALSE", "tTfF"),
    ("null", r"~|null|Null|NULL|", "~nN\0"),
    ("int", r"[-+]?[0-9]+|0o[0-7]+|0x[0-9a-fA-F]+", "-+0123456789"),
    (
        "float",
        r"[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?"
        r"|[-+]?\.(inf|Inf|INF)|\.(nan|NaN|NAN)",
        "-+.0123456789",
    ),
    ("merge", r"<<", "<"),
)
"""What a scalar without quotes can be but text (the core schema): tag, form, first characters."""


class Yaml12Loader(yaml.SafeLoader):
    r"""The safe loader with the core schema of YAML 1.2; nodes have their lines as ever.

    A character that JSON writes as a pair, ``"\ud83d\ude00"``, is one character here, too, and a
    question may stand in braces or brackets without quotes.
    """

    def scan_plain(self) -> Any:
        """A text without quotes. In version 1.1 a question mark ended it, in braces."""
        if not self.flow_level:
            return super().scan_plain()
        peek = self.peek
        vars(self)["peek"] = lambda index=0: "a" if (seen := peek(index)) == "?" else seen
        try:
            return super().scan_plain()
        finally:
            del vars(self)["peek"]

    def compose_scalar_node(self, anchor: Any) -> yaml.ScalarNode:
        """As of any loader, with whole characters.

        Raises:
            yaml.MarkedYAMLError: half of a pair stands alone.
        """
        node: yaml.ScalarNode = super().compose_scalar_node(anchor)
        if half := SURROGATES.search(node.value):
            try:
                node.value = node.value.encode("utf-16", "surrogatepass").decode("utf-16")
            except UnicodeDecodeError:
                problem = f"{HALF}, {ascii(half[0])[1:-1]}"
                raise yaml.MarkedYAMLError(problem=problem, problem_mark=node.start_mark) from None
        return node


def _whole(loader: Yaml12Loader, node: yaml.ScalarNode) -> int:
    text = str(loader.construct_scalar(node))
    base = {"0o": 8, "0x": 16}.get(text[:2], 10)
    return int(text, base)


Yaml12Loader.yaml_implicit_resolvers = {}  # none of version 1.1
for _name, _form, _first in PLAIN:
    Yaml12Loader.add_implicit_resolver(
        TAG + _name, re.compile(rf"(?:{_form})\Z"), ["" if c == "\0" else c for c in _first]
    )
Yaml12Loader.add_constructor(TAG + "int", _whole)


def compose(text: str) -> yaml.Node | None:
    """The nodes of a document, with their lines; None where it is empty.

    Raises:
        yaml.YAMLError: not YAML.
    """
    node: yaml.Node | None = yaml.compose(text, Loader=Yaml12Loader)
    return node


def load(text: str) -> Any:
    """The data of a document.

    Raises:
        yaml.YAMLError: not YAML.
        ValueError: a value that its tag does not allow.
    """
    return yaml.load(text, Loader=Yaml12Loader)


class _TextDumper(yaml.SafeDumper):
    """Quotes what either version takes for no text, and rarer line breaks, which would be folded.

    Nothing is written as a reference to another place.
    """

    def represent_str(self, data: str) -> yaml.ScalarNode:
        has_breaks = any(sign in data for sign in "\x85\u2028\u2029")
        is_other = any(re.fullmatch(form, data) for _, form, _ in PLAIN)
        style = '"' if has_breaks or is_other else None
        return self.represent_scalar(f"{TAG}str", data, style=style)

    def ignore_aliases(self, data: Any) -> bool:
        return True


_TextDumper.add_representer(str, _TextDumper.represent_str)


def dump(data: Any, *, sort_keys: bool = True, flow_style: bool | None = False) -> str:
    """Data as text that `load` gives back.

    Args:
        flow_style: None writes the innermost lists and mappings on one line.
    """
    text: str = yaml.dump(
        data,
        Dumper=_TextDumper,
        sort_keys=sort_keys,
        allow_unicode=True,
        width=100,
        default_flow_style=flow_style,
    )
    return text


def line_of(node: yaml.Node, location: Location) -> int:
    """The line of a place in a document; that of what is around it where it is not there."""
    line: int = node.start_mark.line + 1
    for part in location:
        child = _child(node, part)
        if child is None:
            break
        line, node = child
    return line


def _child(node: yaml.Node, part: str | int) -> tuple[int, yaml.Node] | None:
    if isinstance(node, yaml.MappingNode):
        for key, value in node.value:
            if key.value == part:
                return key.start_mark.line + 1, value
    if isinstance(node, yaml.SequenceNode) and isinstance(part, int) and part < len(node.value):
        item = node.value[part]
        return item.start_mark.line + 1, item
    return None
