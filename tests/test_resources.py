"""The harness finds its own files."""

import tomllib
from pathlib import Path

import pytest

from harness import resources
from harness.errors import HarnessError


def test_the_shipped_folders_are_there() -> None:
    assert (resources.web_dir() / "probe").is_dir()
    assert (resources.fixtures_dir() / "manifest.json").is_file()


def test_a_missing_folder_says_where_it_was_looked_for() -> None:
    with pytest.raises(HarnessError, match="missing") as failed:
        resources._find("no-such-folder")
    assert "no-such-folder" in (failed.value.expected or "")


def test_the_wheel_takes_nothing_that_npm_installed() -> None:
    """Of web/ only the scripts and the pages: what checks them, or is tested, stays here."""
    project = tomllib.loads((Path(__file__).parents[1] / "pyproject.toml").read_text("utf-8"))
    wheel = project["tool"]["hatch"]["build"]["targets"]["wheel"]
    assert wheel["packages"] == ["harness"]
    taken = {name for name in wheel["force-include"] if name.startswith("web")}
    assert taken == {
        f"web/{room}"
        for room in ("audio", "chatkit", "client", "inspect", "peer", "probe", "recorder", "report")
    }
