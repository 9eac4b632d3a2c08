"""The protocol that a call speaks: recognised among those we have, or named by its opener."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TypeAlias

from harness.errors import UsageError
from harness.plugins import load
from harness.protocols.by_ear import ByEar
from harness.protocols.interface import VoiceProtocol
from harness.protocols.live import LiveProtocol
from harness.protocols.livekit import LiveKitProtocol
from harness.protocols.realtime import RealtimeProtocol
from harness.protocols.rtvi import RtviProtocol

ProtocolChoice: TypeAlias = str | VoiceProtocol | Callable[[], VoiceProtocol]
"""A name, "module:name" of one's own, an adapter, or what makes one."""

AUTO = "auto"
NONE = "none"

KNOWN: dict[str, type[VoiceProtocol]] = {
    "realtime": RealtimeProtocol,
    "live": LiveProtocol,
    "rtvi": RtviProtocol,
    "livekit": LiveKitProtocol,
}
"""Those that are recognised, in the order in which they are asked."""

NAMES = (AUTO, *KNOWN, NONE)


def adapters(choice: ProtocolChoice) -> Sequence[VoiceProtocol]:
    """Fresh adapters for one call: the named one, or all that may be recognised.

    Raises:
        UsageError: there is no such protocol, or what was named makes none.
    """
    if isinstance(choice, VoiceProtocol) and not isinstance(choice, type):
        return [choice]
    if choice == AUTO:
        return [make() for make in KNOWN.values()]
    if choice == NONE:
        return [ByEar()]
    if choice in KNOWN and isinstance(choice, str):
        return [KNOWN[choice]()]
    return [_own(choice, _loaded(choice) if isinstance(choice, str) else choice)]


def check_protocol(choice: ProtocolChoice) -> None:
    """See that there is such a protocol, before anything starts; raises as `adapters` does."""
    adapters(choice)


def name_of(choice: ProtocolChoice) -> str:
    """The choice for a trace's header."""
    if isinstance(choice, str):
        return choice
    return str(getattr(choice, "name", None) or getattr(choice, "__name__", choice))


def _loaded(reference: str) -> Callable[[], VoiceProtocol]:
    try:
        made: Callable[[], VoiceProtocol] = load(reference)
    except Exception as error:
        raise UsageError(
            "There is no such protocol.",
            expected=f"{', '.join(NAMES)}, or module:name of one of your own",
            found=f"{reference} ({type(error).__name__}: {error})",
            hint="a module is looked for on the Python path and in the working folder",
        ) from error
    return made


def _own(choice: object, made: object) -> VoiceProtocol:
    adapter = made() if callable(made) else made
    if not isinstance(adapter, VoiceProtocol):
        raise UsageError(
            "What was named makes no protocol's adapter.",
            expected="a class that derives from harness.protocols.interface.VoiceProtocol",
            found=f"{choice}: {type(adapter).__name__}",
        )
    return adapter
