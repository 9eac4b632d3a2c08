"""The harness for web pages that talk: real Chromium, real WebRTC, every event on one timeline.

    async with harness.start_server() as server, harness.open_call(server=server) as call:
        await call.say("goforward")
        answer = await call.answer(within_s=8)

The names here are the public ones; each is imported when it is first used, so that importing the
package costs nothing.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from harness import moved
from harness.version import VERSION as __version__

if TYPE_CHECKING:
    from harness.browser.launch import launch_options, open_chromium
    from harness.call.call import Call, HeardAnswer
    from harness.call.events import CallEvent
    from harness.client.client import RealtimeClient
    from harness.context.definition import ContextDefinition
    from harness.context.threads.choice import ContextChoice
    from harness.context.threads.contexts import Contexts
    from harness.engines.browser.attach import AttachedCall, listen
    from harness.engines.browser.open import CallOptions, open_call
    from harness.errors import ExpectationFailed, HarnessError
    from harness.pytest_plugin.scenario_runs import scenarios
    from harness.realtime.client.settings import SessionSettings
    from harness.realtime.client.tools import tool_from
    from harness.scenario.run import run_scenarios
    from harness.server.process.launch import RunningServer, start_server

moved.install()

__all__ = [
    "AttachedCall",
    "Call",
    "CallEvent",
    "CallOptions",
    "ContextChoice",
    "ContextDefinition",
    "Contexts",
    "ExpectationFailed",
    "HarnessError",
    "HeardAnswer",
    "RealtimeClient",
    "RunningServer",
    "SessionSettings",
    "__version__",
    "launch_options",
    "listen",
    "open_call",
    "open_chromium",
    "run_scenarios",
    "scenarios",
    "start_server",
    "tool_from",
]

_HOMES = {
    "AttachedCall": "harness.engines.browser.attach",
    "Call": "harness.call.call",
    "CallEvent": "harness.call.events",
    "CallOptions": "harness.engines.browser.open",
    "ContextChoice": "harness.context.threads.choice",
    "ContextDefinition": "harness.context.definition",
    "Contexts": "harness.context.threads.contexts",
    "ExpectationFailed": "harness.errors",
    "HarnessError": "harness.errors",
    "HeardAnswer": "harness.call.call",
    "RealtimeClient": "harness.client.client",
    "RunningServer": "harness.server.process.launch",
    "SessionSettings": "harness.realtime.client.settings",
    "launch_options": "harness.browser.launch",
    "listen": "harness.engines.browser.attach",
    "open_call": "harness.engines.browser.open",
    "open_chromium": "harness.browser.launch",
    "run_scenarios": "harness.scenario.run",
    "scenarios": "harness.pytest_plugin.scenario_runs",
    "start_server": "harness.server.process.launch",
    "tool_from": "harness.realtime.client.tools",
}


def __getattr__(name: str) -> Any:
    if name not in _HOMES:
        raise AttributeError(f"module “harness” has no attribute “{name}”", name=name)
    from importlib import import_module

    return getattr(import_module(_HOMES[name]), name)


def __dir__() -> list[str]:
    return sorted(__all__)
