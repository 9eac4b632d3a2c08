"""Baselines: small, stable text that comes back as it was; what is broken is told by line."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from harness.errors import UsageError
from harness.regression.baseline import (
    baseline_text,
    find_baselines,
    read_baseline,
    write_baseline,
)
from tests.support.make_calls import make_calls, make_run, make_side, make_turn

CALLS = make_calls(
    make_side(
        make_run(
            make_turn("A table: for two?", times_ms={"voice_to_voice": 812.5}, tools=("book({})",)),
            make_turn(None, None, audible=False),
            events=("answer.started",),
        ),
        make_run(verdict="failed", reason="step 2: “yes” – no"),
        expects=("the answer says “two”",),
    ),
    machine="Linux x86_64, 2 cores",
    model="gpt-realtime-2.1",
)


def test_it_comes_back_as_it_was(tmp_path: Path) -> None:
    path = tmp_path / "new" / "voice.yaml"
    write_baseline(CALLS, path)
    assert read_baseline(path).model_dump(exclude={"source"}) == CALLS.model_dump(
        exclude={"source"}
    )
    assert read_baseline(path).source == str(path)
    assert "times_ms: {voice_to_voice: 812.5}" in path.read_text(encoding="utf-8")
    assert path.read_text(encoding="utf-8") == baseline_text(CALLS)


@settings(max_examples=30, deadline=None)
@given(st.text(min_size=1, max_size=30))
@example("\x85")
@example("one\u2028two\u2029")
def test_any_words_come_back(text: str) -> None:
    import tempfile

    calls = make_calls(make_side(make_run(make_turn(text, text))))
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "a.yaml"
        write_baseline(calls, path)
        assert read_baseline(path).scenarios == calls.scenarios


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("engine: simulated", "engin: simulated", ":6: "),
        ("voice_to_voice: 812.5", "voice_to_voice: slow", ":15: "),
        ("harness_baseline: 1", "harness_baseline: 2", ":2: "),
        ("events: [answer.started]", "events: [answer.started", ":"),
    ],
)
def test_a_broken_file_is_told_by_file_and_line(
    tmp_path: Path, old: str, new: str, said: str
) -> None:
    path = tmp_path / "voice.yaml"
    text = baseline_text(CALLS)
    assert old in text
    path.write_text(text.replace(old, new), encoding="utf-8")
    with pytest.raises(UsageError) as caught:
        read_baseline(path)
    assert f"voice.yaml{said}" in str(caught.value)


def test_a_baseline_has_a_name_of_its_kind(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="no name for a baseline"):
        write_baseline(CALLS, tmp_path / "voice.json")


def test_another_file_of_that_name_is_not_overwritten(tmp_path: Path) -> None:
    scenario, folder, empty = (tmp_path / name for name in ("a.yaml", "b.yaml", "c.yaml"))
    scenario.write_text("name: booking\nsteps: [hang_up]\n", encoding="utf-8")
    folder.mkdir()
    empty.touch()
    for path in (scenario, folder):
        with pytest.raises(UsageError, match="is no baseline, and is not overwritten"):
            write_baseline(CALLS, path, audio=True)
    assert scenario.read_text(encoding="utf-8").startswith("name: booking")
    write_baseline(CALLS, empty)
    write_baseline(CALLS, empty)


@pytest.mark.parametrize("number", [".nan", ".inf"])
def test_a_number_that_is_none_is_told_by_its_line(number: str, tmp_path: Path) -> None:
    path = tmp_path / "voice.yaml"
    text = baseline_text(CALLS).replace("812.5", number)
    path.write_text(text, encoding="utf-8")
    with pytest.raises(UsageError, match=r"voice.yaml:\d+: .*\n.*\n.*finite number"):
        read_baseline(path)


def test_a_run_is_no_baseline(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="Cannot read the baseline") as caught:
        read_baseline(tmp_path)
    assert caught.value.hint == "name a file in it"


def test_only_baselines_are_found(tmp_path: Path) -> None:
    write_baseline(CALLS, tmp_path / "b" / "voice.yaml")
    write_baseline(CALLS, tmp_path / ".hidden" / "voice.yaml")
    write_baseline(CALLS, tmp_path / "a.yml")
    (tmp_path / "scenario.yaml").write_text("name: x\n", encoding="utf-8")
    assert find_baselines(tmp_path) == [tmp_path / "a.yml", tmp_path / "b" / "voice.yaml"]
