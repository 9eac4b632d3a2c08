"""Pick a WebRTC engine by name. Engines are imported when they are picked, not before."""

from __future__ import annotations

from typing import Literal, TypeAlias, get_args

from harness.errors import UsageError
from harness.peer.interface import PeerFactory

EngineName: TypeAlias = Literal["wrtc", "aiortc"]
ENGINE_NAMES: tuple[str, ...] = get_args(EngineName)
DEFAULT_ENGINE: EngineName = "wrtc"


def peer_factory(engine: str = DEFAULT_ENGINE) -> PeerFactory:
    """The factory of one engine's connections.

    Raises:
        UsageError: no engine has that name.
    """
    if engine == "wrtc":
        from harness.peer.wrtc_peer import WrtcPeer

        return WrtcPeer
    if engine == "aiortc":
        from harness.peer.aiortc_peer import AiortcPeer

        return AiortcPeer
    raise UsageError(
        "There is no such WebRTC engine.", expected=" or ".join(ENGINE_NAMES), found=engine
    )
