"""Classes and functions whose synchronous side is written, and what of them has none."""

from __future__ import annotations

from dataclasses import dataclass, field


@dataclass(frozen=True)
class Source:
    """A class or a function of the asynchronous API."""

    module: str
    name: str
    base: str = ""
    """The generated class that its class inherits from."""

    inherits: tuple[Source, ...] = ()
    """Classes that its class inherits from and that have no side of their own: it has theirs."""

    hidden: frozenset[str] = field(default_factory=frozenset)
    """What has no synchronous side: handles of the loop, and what the harness alone calls."""


CALL_HIDDEN = frozenset({"page", "recorder", "offload", "next_of", "note_own_voices", "prepare"})


@dataclass(frozen=True)
class Module:
    """One module to write."""

    subject: str
    classes: tuple[Source, ...] = ()
    blocks: tuple[Source, ...] = ()
    functions: tuple[Source, ...] = ()


MODULES = {
    "calls": Module(
        "Calls, each step waited for",
        classes=(
            Source(
                "harness.call.call",
                "Call",
                inherits=(Source("harness.call.followed_call", "FollowedCall"),),
                hidden=CALL_HIDDEN,
            ),
            Source("harness.engines.browser.attach", "AttachedCall", base="Call"),
        ),
    ),
    "parts": Module(
        "Parts of a client or a call: its commands, their requests, its microphone, its context",
        classes=(
            Source("harness.client.requests", "Request", hidden=frozenset({"settle"})),
            Source("harness.client.commands", "Commands"),
            Source(
                "harness.call.call_context",
                "CallContext",
                hidden=frozenset({"aclose", "type_text", "wait_items"}),
            ),
            Source(
                "harness.client.microphone",
                "Microphone",
                hidden=frozenset({"feed", "pull", "end", "switch"}),
            ),
        ),
    ),
    "client": Module(
        "A Realtime client, each command waited for",
        classes=(
            Source(
                "harness.client.client",
                "RealtimeClient",
                base="Commands",
                hidden=frozenset({"heard"}),
            ),
        ),
    ),
    "opening": Module(
        "Calls, servers and runs to open, without an event loop",
        blocks=(
            Source("harness.engines.browser.attach", "listen"),
            Source("harness.engines.browser.open", "open_call"),
            Source("harness.server.process.launch", "start_server"),
        ),
        functions=(Source("harness.scenario.run", "run_scenarios"),),
    ),
}

MODULE_ITSELF = "import"
"""The home of a name that is a module."""

LEFT_OUT = frozenset({"spawned"})
"""Arguments that hold what belongs to another loop."""

WRAPPED = {
    "Call": "Call",
    "BrowserCall": "Call",
    "AttachedCall": "AttachedCall",
    "Request": "Request",
    "Microphone": "Microphone",
    "CallContext": "CallContext",
}
"""Asynchronous classes, and what a value of theirs becomes."""
