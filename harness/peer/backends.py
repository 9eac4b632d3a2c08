"""Pick a WebRTC engine by name. Engines are imported when they are picked, not before.

wrtc is the default, for the client and for the local server: see `harness bench engines` and
`harness bench soak`, and harness/docs/backends.md for what decided it.
"""

from __future__ import annotations

from typing import Literal, TypeAlias, get_args

from harness.errors import UsageError
from harness.peer.interface import PeerFactory
from harness.plugins import load

EngineName: TypeAlias = Literal["wrtc", "aiortc"]
ENGINE_NAMES: tuple[str, ...] = get_args(EngineName)
DEFAULT_ENGINE: EngineName = "wrtc"
LEAST_MESSAGE_BYTES = 65_536


def peer_factory(engine: str = DEFAULT_ENGINE) -> PeerFactory:
    """The factory of one engine's connections.

    Args:
        engine: one of ours, or an adapter of your own as "module:name".

    Raises:
        UsageError: no engine has that name, or it cannot be imported.
    """
    if engine == "wrtc":
        from harness.peer.wrtc_peer import WrtcPeer

        return WrtcPeer
    if engine == "aiortc":
        from harness.peer.aiortc_peer import AiortcPeer

        return AiortcPeer
    if ":" in engine:
        return _imported(engine)
    raise UsageError(
        "There is no such WebRTC engine.",
        expected=" or ".join(ENGINE_NAMES) + ", or module:name of your own",
        found=engine,
    )


def most_message_bytes(make_peer: PeerFactory) -> int:
    """What one message of a factory's connections may have, before there is a connection.

    A factory says it by an attribute of this name; of one that does not, the least is taken that
    any engine of ours takes.
    """
    return int(getattr(make_peer, "most_message_bytes", LEAST_MESSAGE_BYTES))


def _imported(path: str) -> PeerFactory:
    try:
        factory: PeerFactory = load(path)
    except (ImportError, ValueError, AttributeError) as error:
        raise UsageError(
            f"The WebRTC engine {path} cannot be imported.",
            expected="module:name, on the Python path",
            found=str(error),
        ) from error
    if not callable(factory):
        raise UsageError(
            f"{path} is no WebRTC engine.",
            expected="a class or function that takes a listener",
            found=type(factory).__name__,
        )
    return factory
