"""Recordings to compare with are there before anything runs, and so is what compares."""

import importlib.util
import sys
from pathlib import Path

import pytest

from harness.errors import MissingExtra, ScenarioError
from harness.scenario.load import LoadedScenario, load_scenario
from harness.scenario.quality_references import rates_what_is_received, references_of

IS_INSTALLED = all(importlib.util.find_spec(name) for name in ("pesq", "pystoi"))
needs_extra = pytest.mark.skipif(not IS_INSTALLED, reason="needs the extra “quality”")


def loaded(folder: Path, expected: str) -> LoadedScenario:
    path = folder / "one.yaml"
    path.write_text(f"name: one\nsteps:\n  - expect: {expected}\n", encoding="utf-8")
    return load_scenario(path)


@needs_extra
def test_recordings_are_loaded_by_the_names_of_the_steps(tmp_path: Path) -> None:
    one = loaded(tmp_path, "{quality: {reference: goforward, pesq_at_least: 3}}")
    assert list(references_of(one)) == ["goforward"]
    assert not rates_what_is_received(one.scenario)


@needs_extra
def test_one_that_is_not_there_is_told_with_its_line(tmp_path: Path) -> None:
    one = loaded(tmp_path, "{quality: {reference: no.wav, pesq_at_least: 3}}")
    with pytest.raises(ScenarioError, match=r"one.yaml:3: step 1 has no recording"):
        references_of(one)


def test_without_the_packages_the_extra_is_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "pystoi", None)
    one = loaded(tmp_path, "{user_quality: {stoi_at_least: 0.8}}")
    assert rates_what_is_received(one.scenario)
    with pytest.raises(MissingExtra, match=r"realtime-harness\[quality\]"):
        references_of(one)
    assert references_of(loaded(tmp_path, "{words: [yes]}")) == {}
