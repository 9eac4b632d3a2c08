"""``harness inspect``: what it refuses, and the list at its end."""

from __future__ import annotations

from pathlib import Path

import pytest

from harness.cli.inspect import InspectWish, check, keep_scenario, show
from harness.errors import UsageError
from harness.facts.browser import PageException
from harness.inspection.session import InspectOptions
from tests.support.healthy_call import HEALTHY, events_of, said

WRONG = events_of([*HEALTHY, (1.0, PageException("TypeError: x is not a function"))])


def wish(tmp_path: Path, url: str = "http://127.0.0.1/") -> InspectWish:
    return InspectWish(InspectOptions(url, tmp_path))


def test_findings_are_listed_and_give_the_exit_code(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert show(wish(tmp_path), WRONG) == 1
    out, err = capsys.readouterr()
    assert "script_error at 1.00 s" in out
    assert "  do: " in out
    assert str(tmp_path) in err


def test_a_healthy_call_is_no_mistake(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert show(wish(tmp_path), events_of(HEALTHY)) == 0
    assert capsys.readouterr().out == "Nothing is wrong, as far as this call showed.\n"


@pytest.mark.parametrize("url", ["127.0.0.1:3000", "page.html", "javascript:alert(1)"])
def test_what_is_no_address_is_refused(tmp_path: Path, url: str) -> None:
    with pytest.raises(UsageError, match="no address"):
        check(wish(tmp_path, url))


def test_a_scenario_is_never_written_over(tmp_path: Path) -> None:
    path = tmp_path / "mine.yaml"
    path.write_text("mine", encoding="utf-8")
    with pytest.raises(UsageError, match="there already"):
        check(InspectWish(InspectOptions("http://a/", tmp_path), path))


def test_the_scenario_is_kept_without_keys(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "new" / "mine.yaml"
    keep_scenario(path, events_of(HEALTHY), [], "http://a/")
    assert "Nothing was said" in capsys.readouterr().err
    events = events_of([*HEALTHY, said(1.0, 2.0)])
    keep_scenario(path, events, [], "http://a/?key=sk-abcdefghijklmnop")
    text = path.read_text(encoding="utf-8")
    assert "say: Hello there." in text
    assert "abcdefghijklmnop" not in text
