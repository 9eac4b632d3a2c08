"""Messages of a failed ``assert call.findings == []``: each finding with what to do about it."""

from __future__ import annotations

import sys
from typing import Any

FINDING = "harness.findings.finding"


def pytest_assertrepr_compare(op: str, left: object, right: object) -> list[str] | None:
    """Lines for a comparison of a call's findings with a list; None for any other."""
    if op != "==" or not isinstance(left, list) or not isinstance(right, list):
        return None
    found = [one for one in left if _is_finding(one)]
    if not found or len(found) != len(left):
        return None
    head = "call.findings == []" if not right else "call.findings are those that are expected"
    return [head, "", *(line for one in found for line in _lines(one))]


def _is_finding(value: object) -> bool:
    module = sys.modules.get(FINDING)  # who has none has not loaded it
    return module is not None and isinstance(value, module.Finding)


def _lines(finding: Any) -> list[str]:
    where = f" ({finding.page_line})" if finding.page_line else ""
    return [f"{finding.severity}: {finding}", f"  do: {finding.to_do}{where}"]
