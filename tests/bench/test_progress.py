"""How far a bench is stands on standard error, and nowhere else."""

import pytest

from harness.bench.progress import ProgressLine, told


def test_a_terminal_has_one_line_that_is_gone_in_the_end(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("sys.stderr.isatty", lambda: True)
    assert list(told(["a", "b"], 2, str.upper)) == ["a", "b"]
    out, err = capsys.readouterr()
    assert err == "\r\x1b[K  1 of 2  A\r\x1b[K  2 of 2  B\r\x1b[K"
    assert out == ""


def test_a_log_has_a_line_now_and_then(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    now_s = iter([0.0, 5.0, 16.0, 16.0, 20.0])
    monkeypatch.setattr("harness.bench.progress.time.monotonic", lambda: next(now_s))
    assert list(told(range(3), 3, lambda number: f"page {number}")) == [0, 1, 2]
    assert capsys.readouterr().err == "  2 of 3  page 1\n"


def test_what_breaks_off_leaves_the_terminal_as_it_was(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("sys.stderr.isatty", lambda: True)
    items = told(range(5), 5, str)
    next(items)
    items.close()
    assert capsys.readouterr().err.endswith("\r\x1b[K")


def test_a_note_stays(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    """On a terminal it takes the place of the line; in a log it does not wait."""
    for is_terminal, said in (
        (True, "\r\x1b[K  1 of 1  A\r\x1b[K  a is odd\n\r\x1b[K"),
        (False, "  a is odd\n"),
    ):
        monkeypatch.setattr("sys.stderr.isatty", lambda is_terminal=is_terminal: is_terminal)
        line = ProgressLine()
        for item in told("a", 1, str.upper, line):
            line.note(f"{item} is odd")
        assert capsys.readouterr().err == said
