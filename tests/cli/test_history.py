"""`harness history`: what is shown, what is added, what is told when it cannot be."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from harness.cli.history import (
    HistoryChoice,
    check_history,
    keep_results,
    rescue_history,
    show_history,
)
from harness.errors import ArtifactError, UsageError
from harness.exchange.pack import pack
from harness.history.store import HistoryFile
from harness.report.results import collect, results_json
from tests.exchange.test_pack import run as make_call
from tests.support.make_history import nights
from tests.support.make_suite import make_result


@pytest.fixture
def file(tmp_path: Path) -> Path:
    """Six nights, the last one slower."""
    path = tmp_path / "voice.sqlite"
    with HistoryFile(path) as history:
        for suite in nights([0.80, 0.82, 0.79, 0.81, 0.80, 1.2]):
            history.add(suite)
    return path


def test_text_json_and_page(file: Path, capsys: pytest.CaptureFixture[str]) -> None:
    page = file.with_name("history.html")
    assert show_history(file, HistoryChoice(html=page)) == 0
    assert "unusual" in capsys.readouterr().out
    assert "<!doctype html>" in page.read_text(encoding="utf-8")
    choice = HistoryChoice("booking", ("voice_to_voice_s",), last=2, as_json=True)
    assert show_history(file, choice) == 0
    (scenario,) = json.loads(capsys.readouterr().out)["scenarios"]
    assert scenario["numbers"]["voice_to_voice_s"]["values"] == [0.8, 1.2]


def test_what_is_not_in_it_is_told_with_the_nearest_name(file: Path) -> None:
    with pytest.raises(UsageError, match="There is no scenario bokking") as told:
        show_history(file, HistoryChoice("bokking"))
    assert "did you mean booking?" in str(told.value)
    with pytest.raises(UsageError, match="There is no number voice_to_voice") as told:
        show_history(file, HistoryChoice(numbers=("voice_to_voice",)))
    assert "did you mean voice_to_voice_s?" in str(told.value)


def test_the_project_names_the_file(
    file: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(file.parent)
    with pytest.raises(UsageError, match="No history was named"):
        show_history(None, HistoryChoice())
    settings = '[tool.realtime-harness]\nhistory = "voice.sqlite"\n'
    Path("pyproject.toml").write_text(settings, encoding="utf-8")
    assert show_history(None, HistoryChoice()) == 0
    assert capsys.readouterr().out.startswith("6 suites")


def test_runs_of_before_are_added_once(file: Path, capsys: pytest.CaptureFixture[str]) -> None:
    out = file.with_name("out")
    (out / "booking").mkdir(parents=True)
    made = make_result("booking").model_copy(update={"artifacts": {"trace": "booking/t.jsonl"}})
    results = collect([made])
    (out / "results.json").write_text(results_json(results), encoding="utf-8")
    header = json.dumps({"machine": "Darwin arm64, 8 cores"})
    (out / "booking" / "t.jsonl").write_text(header + "\n", encoding="utf-8")
    assert show_history(file, HistoryChoice(add=(out, out))) == 0
    assert "added 1 of 2 runs" in capsys.readouterr().err
    keep_results(file, results, out)
    with HistoryFile(file) as history:
        suites = history.suites()
    assert len(suites) == 7
    assert suites[-1].machine == "Darwin arm64, 8 cores"


def test_a_run_that_cannot_be_added_is_not_lost(file: Path) -> None:
    """It was held, perhaps for hours: how to add it later is told."""
    file.write_bytes(b"x" * 5000)
    with pytest.raises(ArtifactError) as caught:
        keep_results(file, collect([make_result("booking")]), Path("out/monday"))
    assert "its results are in out/monday" in str(caught.value)
    assert caught.value.hint is not None
    assert f"harness history {file} --add out/monday" in caught.value.hint


def test_packed_runs_are_added_under_their_own_name(
    file: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out = file.with_name("out")
    call = make_call(out / "booking", 1)
    (out / "results.json").write_text(results_json(collect([make_result("booking")])), "utf-8")
    packed = pack(out, [call], file.with_name("monday.zip")).path
    assert show_history(file, HistoryChoice(add=(packed, packed))) == 0
    assert "added 1 of 2 runs" in capsys.readouterr().err
    with HistoryFile(file) as history:
        assert str(packed) in {suite.source for suite in history.suites()}


def test_what_can_be_read_of_a_damaged_one_is_copied(
    file: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    content = file.read_bytes()
    file.write_bytes(content[:-4096])
    with pytest.raises(ArtifactError, match="damaged"):
        check_history(file)
    new = file.with_name("new.sqlite")
    assert rescue_history(file, new, as_json=True) == 0
    assert json.loads(capsys.readouterr().out)["file"] == str(new)
    check_history(new)
    assert rescue_history(new, file.with_name("newer.sqlite"), as_json=False) == 0
    assert "which is as it was" in capsys.readouterr().out
    with pytest.raises(UsageError, match="There is no history"):
        rescue_history(file.with_name("none"), new, as_json=True)
