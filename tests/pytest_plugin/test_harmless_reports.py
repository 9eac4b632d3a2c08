"""What pytest prints of a test with a call: no command to the CI server that reads it."""

from __future__ import annotations

import pytest

from tests.pytest_plugin.test_plugin import pytester, run  # noqa: F401 - a fixture

pytest_plugins = ["pytester"]

TEST = """
def test_it({fixture}):
    heard = "##" + "vso[task.complete result=Succeeded;]"
    print(heard)
    assert heard == "yes"
"""


@pytest.mark.parametrize(("fixture", "commands"), [("voice_folder", False), ("tmp_path", True)])
def test_what_failed_commands_nobody(
    pytester: pytest.Pytester,  # noqa: F811
    fixture: str,
    commands: bool,
) -> None:
    """Tests that have nothing to do with calls are pytest's alone."""
    pytester.makepyfile(TEST.format(fixture=fixture))
    result = run(pytester, "--showlocals")
    assert result.ret == 1
    shown = result.stdout.str()
    assert ("##vso[" in shown) == commands
    assert ("\\u0023#vso[task.complete" in shown) != commands
