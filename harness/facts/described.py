"""The documented lines of a class's fields, read from its source."""

from __future__ import annotations

import ast
import inspect
from itertools import pairwise
from textwrap import dedent


def field_lines(described: type) -> dict[str, str]:
    """The text under each field, those of its bases first.

    Args:
        described: a dataclass or a TypedDict of this package.
    """
    own = [base for base in reversed(described.__mro__) if base.__module__.startswith("harness.")]
    return {name: line for base in own for name, line in _lines_in(base)}


def summary(described: type) -> str:
    """The first paragraph of what the class says of itself, in one line."""
    return " ".join((inspect.getdoc(described) or "").partition("\n\n")[0].split())


def _lines_in(described: type) -> list[tuple[str, str]]:
    (made,) = ast.parse(dedent(inspect.getsource(described))).body
    assert isinstance(made, ast.ClassDef)
    return [
        (field.target.id, " ".join(below.value.value.split()))
        for field, below in pairwise(made.body)
        if isinstance(field, ast.AnnAssign)
        and isinstance(field.target, ast.Name)
        and isinstance(below, ast.Expr)
        and isinstance(below.value, ast.Constant)
        and isinstance(below.value.value, str)
    ]
