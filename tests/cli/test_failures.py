"""Failures become plain messages, and secrets stay secret in them."""

from __future__ import annotations

import pytest

from harness.cli.failures import did_you_mean, print_failure, report_failure
from harness.errors import ExpectationFailed, PeerLost, UsageError


@pytest.mark.parametrize(
    ("error", "code"),
    [
        (UsageError("x"), 2),
        (PeerLost("x"), 3),
        (ExpectationFailed("x"), 1),
        (OSError(28, "No space left on device"), 3),
        (RuntimeError("x"), 3),
    ],
)
def test_each_error_has_its_exit_code(error: Exception, code: int) -> None:
    assert report_failure(error) == code


def test_the_message_says_expected_found_and_what_to_do(
    capsys: pytest.CaptureFixture[str],
) -> None:
    report_failure(UsageError("Wrong.", expected="a", found="b", hint="c"))
    assert capsys.readouterr().err.splitlines() == [
        "harness: Wrong.",
        "  expected: a",
        "  found:    b",
        "  to do:    c",
    ]


def test_an_error_of_the_system_names_the_file(capsys: pytest.CaptureFixture[str]) -> None:
    report_failure(PermissionError(13, "Permission denied", "/root/out"))
    assert capsys.readouterr().err == "harness: Permission denied (/root/out)\n"


def test_an_unforeseen_error_says_how_to_see_more(capsys: pytest.CaptureFixture[str]) -> None:
    report_failure(ZeroDivisionError("division by zero"))
    assert "HARNESS_DEBUG=1" in capsys.readouterr().err


@pytest.mark.parametrize("variable", ["HARNESS_API_KEY", "OPENAI_API_KEY"])
def test_keys_are_masked(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, variable: str
) -> None:
    monkeypatch.setenv(variable, "unusual-key-format")
    print_failure("401 for sk-abcdefgh12345678 and unusual-key-format")
    assert capsys.readouterr().err == "harness: 401 for ••• and •••\n"


def test_near_words_are_offered_and_far_ones_are_not() -> None:
    assert did_you_mean("rovr", ["rover", "greeting"]) == "did you mean rover?"
    assert did_you_mean("xyz", ["rover", "greeting"]) is None
