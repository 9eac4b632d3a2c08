"""Old names work for one version, and say what they are called now."""

from __future__ import annotations

import importlib
import subprocess
import sys
import warnings
from importlib.util import find_spec

import pytest

from harness import moved


@pytest.mark.parametrize(("old", "new"), moved.MODULES.items())
def test_every_new_name_is_there_and_no_old_one(old: str, new: str) -> None:
    assert find_spec(new) is not None
    spec = moved.MovedModules().find_spec(old)
    assert spec is not None


@pytest.mark.parametrize(
    "old", ["harness.audio.library", "harness.call.open", "harness.server.session.session"]
)
def test_a_module_under_its_old_name_is_the_same_module(old: str) -> None:
    sys.modules.pop(old, None)
    with warnings.catch_warnings(record=True) as said:  # of the packages on the way, too
        warnings.simplefilter("always")
        module = importlib.import_module(old)
    assert f"{old} is {moved.MODULES[old]} now" in [str(warning.message) for warning in said]
    assert module is importlib.import_module(moved.MODULES[old])
    assert importlib.import_module(old) is module


@pytest.mark.parametrize("name", moved.SYMBOLS)
def test_a_symbol_that_left_its_module_is_found_there(name: str) -> None:
    module, _, symbol = name.rpartition(".")
    with pytest.deprecated_call(match=symbol):
        found = getattr(importlib.import_module(module), symbol)
    assert found.__module__.startswith("harness.")


def test_an_old_name_can_be_run_as_a_program() -> None:
    command = [sys.executable, "-W", "always", "-m", "harness.client.keys_that_never_were"]
    assert subprocess.run(command, capture_output=True, check=False).returncode == 1
    command[-1] = "harness.realtime.tools"
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    assert "harness.realtime.tools is harness.realtime.client.tools now" in done.stderr


def test_what_never_was_there_is_missing() -> None:
    with pytest.raises(AttributeError, match="no attribute “Sundial”"):
        importlib.import_module("harness.clock").Sundial  # noqa: B018


def test_old_names_work_in_a_new_process_and_warn_whoever_wrote_them() -> None:
    code = "from harness.clock import HandClock\nfrom harness.client.shell import SessionRunner\n"
    done = subprocess.run(
        [sys.executable, "-W", "always::DeprecationWarning", "-c", code],
        capture_output=True,
        text=True,
        check=True,
    )
    assert "harness.clock.HandClock is harness.testing.hand_clock.HandClock now" in done.stderr
    assert "harness.client.shell is harness.client.session_runner now" in done.stderr
