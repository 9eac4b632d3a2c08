"""All rules, and all kinds of findings by their names."""

from __future__ import annotations

from harness.findings import (
    answers,
    candidates,
    channel,
    ice,
    leaks,
    media,
    microphone,
    page,
    playback,
    session,
    signalling,
    socket_sound,
    tracks,
    turns,
)
from harness.findings.finding import Finding
from harness.findings.rule import Rule

FAMILIES: dict[str, tuple[type[Rule], ...]] = {
    "the microphone": microphone.RULES,
    "tracks": tracks.RULES,
    "signalling": (*signalling.RULES, *candidates.RULES),
    "ICE and DTLS": ice.RULES,
    "the data channel": channel.RULES,
    "the session": session.RULES,
    "sound over a WebSocket": socket_sound.RULES,
    "answers and tools": answers.RULES,
    "turns and interruptions": turns.RULES,
    "playback": playback.RULES,
    "media quality": media.RULES,
    "the page itself": page.RULES,
    "what the page leaves behind": leaks.RULES,
}
"""The rules of each family, in the order of a call."""

RULES: tuple[type[Rule], ...] = tuple(rule for rules in FAMILIES.values() for rule in rules)

FINDINGS: dict[str, type[Finding]] = {kind.name: kind for rule in RULES for kind in rule.finds}
"""By name."""
