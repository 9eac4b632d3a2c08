"""The public API for programs and tests without an event loop; as `harness`, without `await`.

from harness import sync_api

with sync_api.listen(page) as call:
    page.get_by_role("button", name="Call us").click()
    call.connected(within_s=10)
    call.say("A table for two at seven, please.")
    assert "seven" in call.answer(within_s=10).words
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from harness.sync_api.calls import AttachedCall, Call
    from harness.sync_api.client import RealtimeClient
    from harness.sync_api.opening import listen, open_call, run_scenarios, start_server
    from harness.sync_api.parts import CallContext, Microphone, Request
    from harness.sync_api.reader import Reader

__all__ = [
    "AttachedCall",
    "Call",
    "CallContext",
    "Microphone",
    "Reader",
    "RealtimeClient",
    "Request",
    "listen",
    "open_call",
    "run_scenarios",
    "start_server",
]

_HOMES = {
    "AttachedCall": "calls",
    "Call": "calls",
    "CallContext": "parts",
    "Microphone": "parts",
    "Reader": "reader",
    "RealtimeClient": "client",
    "Request": "parts",
    "listen": "opening",
    "open_call": "opening",
    "run_scenarios": "opening",
    "start_server": "opening",
}


def __getattr__(name: str) -> Any:
    if name not in _HOMES:
        raise AttributeError(f"module “harness.sync_api” has no attribute “{name}”", name=name)
    return getattr(import_module(f"harness.sync_api.{_HOMES[name]}"), name)


def __dir__() -> list[str]:
    return sorted(__all__)
