"""The harness finds its own files."""

import pytest

from harness import resources
from harness.errors import HarnessError


def test_the_shipped_folders_are_there() -> None:
    assert (resources.web_dir() / "src").is_dir()
    assert (resources.fixtures_dir() / "manifest.json").is_file()


def test_a_missing_folder_says_where_it_was_looked_for() -> None:
    with pytest.raises(HarnessError, match="missing") as failed:
        resources._find("no-such-folder")
    assert "no-such-folder" in (failed.value.expected or "")
