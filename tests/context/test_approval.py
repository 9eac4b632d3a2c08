"""Approvals by name."""

from __future__ import annotations

from harness.context.approval import ToolRequest, approve_named


def test_named_tools_are_agreed_to_and_no_others() -> None:
    approve = approve_named(["order_boat"])
    assert approve(ToolRequest("harbour", "order_boat", {})) is True
    assert approve(ToolRequest("harbour", "sink_boat", {})) is False
