"""What is optional may be missing."""

from __future__ import annotations

from harness.cli.findings import Diagnosis, Finding


def test_only_what_is_needed_makes_it_unhealthy() -> None:
    assert Diagnosis([Finding("node", "optional", "none")]).healthy
    assert not Diagnosis([Finding("chromium", "missing", "none")]).healthy


def test_findings_are_data_too() -> None:
    found = Diagnosis([Finding("node", "optional", "none", "install it")]).as_dict()
    assert found["healthy"] is True
    assert found["findings"] == [
        {"name": "node", "status": "optional", "found": "none", "hint": "install it"}
    ]
