"""Findings that a scenario expects or ignores."""

from __future__ import annotations

import pytest
from pydantic import TypeAdapter, ValidationError

from harness.findings.microphone import MicrophoneMuted, MicrophoneRefused
from harness.scenario.findings_wish import FindingsWish, IgnoredFindings, judge_findings

MUTED = MicrophoneMuted("The user was not heard.", 3.0)
REFUSED = MicrophoneRefused("It was refused.", 0.5)


def test_none_fails_for_any_finding() -> None:
    (judged,) = judge_findings("none", [MUTED, REFUSED], {})
    assert not judged.passed
    assert judged.evidence == (
        "microphone_muted at 3.00 s: The user was not heard; "
        "microphone_refused at 0.50 s: It was refused"
    )
    (well,) = judge_findings("none", [], {})
    assert well.passed


def test_what_is_ignored_does_not_count() -> None:
    (judged,) = judge_findings("none", [MUTED], {"microphone_muted": "it is push to talk"})
    assert judged.passed


def test_by_name_it_must_show_and_nothing_else_may() -> None:
    named, rest = judge_findings(["microphone_muted"], [MUTED], {})
    assert named.passed
    assert rest.passed
    named, rest = judge_findings(["microphone_muted"], [REFUSED], {})
    assert named.text == "the finding microphone_muted shows"
    assert not named.passed
    assert not rest.passed


def test_names_are_checked_and_the_nearest_is_told() -> None:
    adapter: TypeAdapter[object] = TypeAdapter(FindingsWish)
    assert adapter.validate_python("none") == "none"
    assert adapter.validate_python(["microphone_muted"]) == ["microphone_muted"]
    with pytest.raises(ValidationError, match="“microphone_muted” is the nearest"):
        adapter.validate_python(["microphone_mutd"])
    with pytest.raises(ValidationError):
        adapter.validate_python([])
    with pytest.raises(ValidationError):
        TypeAdapter(IgnoredFindings).validate_python({"microphone_muted": ""})
