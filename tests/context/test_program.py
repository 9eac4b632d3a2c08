"""A program as a context names it, whatever it is there for."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from pydantic import ValidationError

from harness.context.program import Program


@pytest.mark.parametrize(
    ("fields", "told"),
    [
        ({"folder": "b"}, "are for a `command`"),
        ({"env": ["B"]}, "are for a `command`"),
        ({"command": []}, "at least 1 item"),
        ({"command": ["a"], "env": ["B=c"]}, "match pattern"),
    ],
)
def test_what_cannot_be_is_told(fields: dict[str, Any], told: str) -> None:
    with pytest.raises(ValidationError, match=told):
        Program(**fields)


def test_it_runs_beside_the_file_that_names_it(tmp_path: Path) -> None:
    assert Program(command=["a"]).beside(tmp_path).folder == str(tmp_path)
    assert Program(command=["a"], folder="b").beside(tmp_path).folder == str(tmp_path / "b")
    assert Program().beside(tmp_path) == Program()
