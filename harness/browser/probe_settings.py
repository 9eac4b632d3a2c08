"""Settings of the probe, and what else a page gets before its first script."""

from __future__ import annotations

import secrets
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from typing import Any, Literal

from harness.browser.bundle import probe_script
from harness.line.autoplay import Autoplay
from harness.line.microphone_access import MicrophoneAccess
from harness.network.relay_address import RelayAddress


@dataclass(frozen=True)
class PageExtras:
    """What else every page and frame gets, before its first script."""

    commands: Sequence[tuple[str, Mapping[str, Any]]]
    """DevTools' commands, each with its options."""

    script: str
    """Run in every document, those that are loaded, too; and in every worker."""

    worker_commands: Sequence[tuple[str, Mapping[str, Any]]] = ()
    """The commands that workers get which belong to no page alone: shared ones, service workers."""


@dataclass(frozen=True)
class ProbeSettings:
    """How the probe behaves; the names and keys are new for every page."""

    microphone: Literal["virtual", "device"] = "virtual"
    access: MicrophoneAccess = "allow"
    camera: bool = True
    autoplay: Autoplay = "allowed"
    stats_every_s: float = 1.0
    requests: bool = False
    """Whether the page's requests are told, with what was sent and answered."""

    relay: RelayAddress | None = None
    """Where the relay of a bad network stands, before all remote peers; None: there is none."""

    device_seed: str = field(default_factory=lambda: secrets.token_hex(32))
    binding: str = field(default_factory=lambda: f"_{secrets.token_hex(16)}")
    key: str = field(default_factory=lambda: secrets.token_hex(16))
    windows_key: str = field(default_factory=lambda: f"w-{secrets.token_hex(16)}")
    extras: PageExtras | None = None

    def script(self) -> str:
        """The probe's source, ready to be run in every new document."""
        return probe_script(
            binding=self.binding,
            key=self.key,
            windowsKey=self.windows_key,
            microphone=self.microphone,
            access=self.access,
            camera=self.camera,
            autoplay=self.autoplay,
            deviceSeed=self.device_seed,
            statsEveryMs=round(self.stats_every_s * 1000),
            relay=None if self.relay is None else asdict(self.relay),
        )
