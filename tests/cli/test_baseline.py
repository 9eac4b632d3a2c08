"""`harness baseline`: accept, show, list."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from harness.cli.baseline import accept_baseline, list_baselines, show_baselines
from harness.errors import UsageError
from harness.exchange.pack import pack
from harness.regression.baseline import read_baseline
from harness.report.results import collect, results_json
from tests.exchange.test_pack import run as make_call
from tests.support.make_suite import make_result


@pytest.fixture
def run(tmp_path: Path) -> Path:
    path = tmp_path / "run" / "results.json"
    path.parent.mkdir()
    path.write_text(results_json(collect([make_result("booking")])), encoding="utf-8")
    return path


def test_runs_are_accepted_shown_and_listed(
    run: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    to = tmp_path / "baselines" / "voice.yaml"
    assert accept_baseline([run.parent, run], to, as_json=False) == 0
    assert f"{to}: 1 scenario, 2 runs, voice to voice 800 ms" in capsys.readouterr().out
    assert len(read_baseline(to).scenarios[0].runs) == 2
    assert show_baselines([to], as_json=False) == 0
    assert "  booking  simulated  2 of 2 passed  1 turns  voice" in capsys.readouterr().out
    assert list_baselines([tmp_path], as_json=True) == 0
    (listed,) = json.loads(capsys.readouterr().out)
    assert (listed["file"], listed["scenarios"], listed["runs"]) == (str(to), ["booking"], 2)


def test_what_a_baseline_loses_is_told(
    run: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    to = tmp_path / "voice.yaml"
    whole = collect([make_result(name) for name in ("refund", "booking", "hours")])
    (tmp_path / "results.json").write_text(results_json(whole), encoding="utf-8")
    accept_baseline([tmp_path / "results.json"], to, as_json=False)
    assert "no longer" not in capsys.readouterr().out
    accept_baseline([run], to, as_json=False)
    assert "no longer in it: refund, hours" in capsys.readouterr().out


def test_a_packed_run_is_accepted(run: Path, tmp_path: Path) -> None:
    make_call(run.parent / "booking", 1)
    packed = pack(run.parent, [run.parent / "booking"], tmp_path / "run.zip").path
    for source, to in ((run.parent, tmp_path / "a.yaml"), (packed, tmp_path / "b.yaml")):
        assert accept_baseline([source], to, as_json=False) == 0
    assert read_baseline(tmp_path / "b.yaml").scenarios == (
        read_baseline(tmp_path / "a.yaml").scenarios
    )


def test_a_packed_call_without_results_is_told_by_its_name(tmp_path: Path) -> None:
    home = make_call(tmp_path / "call", 1)
    packed = pack(home, [home], tmp_path / "call.zip").path
    with pytest.raises(UsageError, match=re.escape(f"There is no run at {packed}.")) as caught:
        accept_baseline([packed], tmp_path / "a.yaml", as_json=False)
    assert "a packed call without" in str(caught.value)


def test_what_is_missing_is_told(
    run: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(UsageError, match="no --to"):
        accept_baseline([run], None, as_json=False)
    with pytest.raises(UsageError, match="Which baseline"):
        show_baselines([], as_json=False)
    with pytest.raises(UsageError, match="no folder"):
        list_baselines([tmp_path / "none"], as_json=False)
    with pytest.raises(UsageError, match="no folder") as caught:
        list_baselines([run], as_json=False)
    assert caught.value.hint == f"harness baseline show {run}"
    assert list_baselines([tmp_path], as_json=False) == 0
    assert "no baseline here" in capsys.readouterr().out


def test_a_failed_run_is_accepted_only_where_somebody_says_so(tmp_path: Path) -> None:
    run, to = tmp_path / "results.json", tmp_path / "voice.yaml"
    run.write_text(results_json(collect([make_result("booking", "failed")])), encoding="utf-8")
    with pytest.raises(UsageError, match="not all of it passed"):
        accept_baseline([run], to, as_json=False)
    assert not to.exists()
    assert accept_baseline([run], to, as_json=False, allow_failed=True) == 0
    assert read_baseline(to).scenarios[0].runs[0].verdict == "failed"
