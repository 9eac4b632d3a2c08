"""`harness list` and `harness validate`: a suite as it is written, and nothing is run."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from harness.cli.suite_choice import SuiteChoice
from harness.cli.suite_views import check_suite, show_list
from tests.support.make_suite import make_scenarios


def test_scenarios_are_listed_with_tags_and_places(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    make_scenarios(tmp_path, "a", tags=["smoke", "slow"])
    make_scenarios(tmp_path, "b")
    (tmp_path / "greet.yaml").write_text("shared_steps: [hang_up]\n", encoding="utf-8")
    assert show_list([str(tmp_path)], SuiteChoice(tags=("slow",)), as_json=False) == 0
    text = capsys.readouterr().out
    assert "smoke, slow" in text
    assert "1 of 2 scenarios in 2 files, 1 file of shared steps" in text
    show_list([str(tmp_path)], SuiteChoice(), as_json=True)
    first, second = json.loads(capsys.readouterr().out)["scenarios"]
    assert (first["name"], first["tags"], first["line"]) == ("a", ["smoke", "slow"], 1)
    assert second["file"] == str(tmp_path / "b.yaml")


def test_a_description_is_text_and_no_markup(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    folder = Path("[red]")
    folder.mkdir()
    text = "name: a\ndescription: 'say [/b] or [x]'\nsteps: [hang_up]\n"
    (folder / "a.yaml").write_text(text, encoding="utf-8")
    assert show_list(["."], SuiteChoice(), as_json=False) == 0
    shown = capsys.readouterr().out
    assert "say [/b] or [x]" in shown
    assert "[red]/a.yaml" in "".join(shown.split())


def test_what_is_right_is_said_to_be(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    make_scenarios(tmp_path, "a", "b")
    assert check_suite([str(tmp_path)], SuiteChoice(), [], as_json=False) == 0
    assert "Nothing is wrong: 2 scenarios in 2 files" in capsys.readouterr().out


def test_everything_that_is_wrong_is_told(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    for name, step in (("a", "say: no.wav"), ("b", "click: '#call'")):
        text = f"name: {name}\nsteps: [{{{step}}}]\n"
        (tmp_path / f"{name}.yaml").write_text(text, encoding="utf-8")
    assert check_suite([str(tmp_path)], SuiteChoice(), ["browser", "simulated"], as_json=True) == 2
    told = json.loads(capsys.readouterr().out)
    assert told["valid"] is False
    assert "a.yaml:2: step 1 cannot be spoken" in told["problem"]
    assert "b.yaml:2" in told["problem"]
    assert [("a.yaml:2" in one, "b.yaml:2" in one) for one in told["problems"]] == [
        (True, False),
        (False, True),
    ]
    assert check_suite([str(tmp_path / "none.yaml")], SuiteChoice(), [], as_json=False) == 2
    assert "no scenario" in capsys.readouterr().err
