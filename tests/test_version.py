"""The version stands in two files, and is one."""

from __future__ import annotations

import tomllib
from pathlib import Path

import harness
from harness.version import VERSION


def test_the_version_is_the_package_s() -> None:
    project = tomllib.loads((Path(__file__).parents[1] / "pyproject.toml").read_text("utf-8"))
    assert project["project"]["version"] == VERSION == harness.__version__
