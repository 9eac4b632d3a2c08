"""State that the parts of one Live session share, and their way of speaking to the client."""

from __future__ import annotations

from typing import Any, Literal

from harness.errors import ProtocolError
from harness.realtime.ids import Ids
from harness.realtime.server.assistants.assistant import Assistant
from harness.realtime.server.outputs import Output, SendEvent

Transport = Literal["webrtc", "websocket"]

OURS = "harness_"
"""What the codes of errors begin with that no source describes: they are this server's own."""

SERVER_TROUBLE = "server_error"


class LiveState:
    """The data of one session. Nothing here decides; the parts around it do.

    Args:
        session: the settings in force, with id and expiry; {} before the session has started.
    """

    def __init__(
        self, session: dict[str, Any], assistant: Assistant, ids: Ids, transport: Transport
    ) -> None:
        self.session = session
        self.assistant = assistant
        self.ids = ids
        self.transport = transport
        self.history: list[dict[str, Any]] = []
        """The conversation so far, as items that an assistant reads."""

        self.started_s: float | None = None
        self.now_s = 0.0
        self.started_unix_s = 0.0
        self._outputs: list[Output] = []
        self._jobs = 0

    @property
    def now_ms(self) -> int:
        """The session's timeline: whole milliseconds since it has started."""
        return 0 if self.started_s is None else int((self.now_s - self.started_s) * 1000 + 1e-6)

    @property
    def unix_s(self) -> int:
        """The time of day, whole seconds of Unix."""
        return int(self.started_unix_s + self.now_ms / 1000)

    def put(self, output: Output) -> None:
        """Hand something out."""
        self._outputs.append(output)

    def take_outputs(self) -> list[Output]:
        """Everything put since the last call, in order."""
        taken, self._outputs = self._outputs, []
        return taken

    def new_job_id(self) -> str:
        """A name for a job that is new in this session."""
        self._jobs += 1
        return f"job_{self._jobs}"

    def send(self, kind: str, client_event_id: str | None = None, **fields: Any) -> None:
        """Send one server event.

        Args:
            client_event_id: of the command that it acknowledges; None where that had none.
        """
        event = {"type": kind, "event_id": self.ids.event(), **fields}
        if client_event_id is not None:
            event["client_event_id"] = client_event_id
        self.put(SendEvent(event))

    def send_bare(self, kind: str, **fields: Any) -> None:
        """Send an event of audio, which has no id."""
        self.put(SendEvent({"type": kind, **fields}))

    def send_error(
        self,
        error: ProtocolError,
        client_event_id: str | None = None,
        kind: str = "invalid_request_error",
    ) -> None:
        """Send the protocol's ``error`` event; the session goes on."""
        self.send("error", error=error_details(error, client_event_id, kind))


def error_details(
    error: ProtocolError,
    client_event_id: str | None = None,
    kind: str = "invalid_request_error",
) -> dict[str, Any]:
    """The ``error`` object of the event; what does not apply is left out."""
    details: dict[str, Any] = {
        "type": kind,
        "code": error.code or "invalid_value",
        "message": error.message,
    }
    if error.param is not None:
        details["param"] = error.param
    if client_event_id is not None:
        details["client_event_id"] = client_event_id
    return details


def refusal(message: str, code: str, param: str | None = None) -> ProtocolError:
    """An error whose code is this server's own, and says so."""
    return ProtocolError(message, code=f"{OURS}{code}", param=param)
