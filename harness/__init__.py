"""The harness for web pages that talk: real Chromium, real WebRTC, every event on one time line.

    async with harness.start_server() as server, harness.open_call(server=server) as call:
        await call.say("goforward")
        answer = await call.answer(within_s=8)

The names here are the public ones; each is imported when it is first used, so that importing the
package costs nothing.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from harness.browser.launch import open_chromium
    from harness.call.call import Call, HeardAnswer
    from harness.call.events import CallEvent
    from harness.call.open import CallOptions, open_call
    from harness.client.client import RealtimeClient
    from harness.errors import ExpectationFailed, HarnessError
    from harness.realtime.session_settings import SessionSettings
    from harness.realtime.tools import tool_from
    from harness.scenario.run import run_scenarios
    from harness.server.process import RunningServer, start_server

__version__ = "0.1.0"

__all__ = [
    "Call",
    "CallEvent",
    "CallOptions",
    "ExpectationFailed",
    "HarnessError",
    "HeardAnswer",
    "RealtimeClient",
    "RunningServer",
    "SessionSettings",
    "__version__",
    "open_call",
    "open_chromium",
    "run_scenarios",
    "start_server",
    "tool_from",
]

_HOMES = {
    "Call": "harness.call.call",
    "CallEvent": "harness.call.events",
    "CallOptions": "harness.call.open",
    "ExpectationFailed": "harness.errors",
    "HarnessError": "harness.errors",
    "HeardAnswer": "harness.call.call",
    "RealtimeClient": "harness.client.client",
    "RunningServer": "harness.server.process",
    "SessionSettings": "harness.realtime.session_settings",
    "open_call": "harness.call.open",
    "open_chromium": "harness.browser.launch",
    "run_scenarios": "harness.scenario.run",
    "start_server": "harness.server.process",
    "tool_from": "harness.realtime.tools",
}


def __getattr__(name: str) -> Any:
    if name not in _HOMES:
        raise AttributeError(f"module “harness” has no attribute “{name}”", name=name)
    from importlib import import_module

    return getattr(import_module(_HOMES[name]), name)


def __dir__() -> list[str]:
    return sorted(__all__)
