"""The message of a failed `assert call.findings == []`."""

from __future__ import annotations

from harness.findings.microphone import MicrophoneMuted
from harness.pytest_plugin.finding_messages import pytest_assertrepr_compare

FOUND = MicrophoneMuted("The user was not heard.", 3.0, (), "http://a/b.js:1:2")


def test_each_finding_is_told_with_what_to_do() -> None:
    lines = pytest_assertrepr_compare("==", [FOUND], [])
    assert lines is not None
    assert lines[0] == "call.findings == []"
    assert "error: microphone_muted at 3.00 s: The user was not heard." in lines
    assert lines[-1] == f"  do: {MicrophoneMuted.to_do} (http://a/b.js:1:2)"


def test_other_comparisons_are_pytests() -> None:
    assert pytest_assertrepr_compare("==", [1], []) is None
    assert pytest_assertrepr_compare("!=", [FOUND], []) is None
    assert pytest_assertrepr_compare("==", [], []) is None
    assert pytest_assertrepr_compare("==", [FOUND, 1], []) is None
    assert pytest_assertrepr_compare("==", FOUND, []) is None
