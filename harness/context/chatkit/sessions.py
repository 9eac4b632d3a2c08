"""ChatKit sessions: what a backend asks for, the session it gets, and the secret of its page."""

from __future__ import annotations

import hashlib
import secrets
from collections import OrderedDict
from dataclasses import dataclass, field
from typing import Any

from harness.realtime import vocabulary as v
from harness.realtime.ids import Ids

LONGEST_S = DEFAULT_S = 600
DEFAULT_REQUESTS = 10
MOST_KEPT = 10_000
MINUTE_S = 60.0
SECRET_PREFIX = "ek_"
DEFAULT_FILE_MB, DEFAULT_FILES = 512, 10


def _is_a_variable(value: Any, path: str) -> None:
    if len(value) > 64:
        v.refuse(f"Invalid '{path}': at most 64 keys.", "object_above_max_properties", path)
    for key, one in value.items():
        v.Text(64).check(key, path)
        if isinstance(one, str):
            v.Text(10_485_760).check(one, v.join(path, key))
        elif not isinstance(one, int | float):
            v.refuse_type(v.join(path, key), "a string, a number or a boolean", one)


_SWITCH = v.Record({"enabled": v.Boolean()})
REQUEST = v.Record(
    {
        "user": v.Text(may_be_empty=False),
        "workflow": v.Record(
            {
                "id": v.Text(may_be_empty=False),
                "version": v.Text(),
                "state_variables": v.Checked(v.Anything(), _is_a_variable),
                "tracing": _SWITCH,
            },
            required=("id",),
        ),
        "chatkit_configuration": v.Record(
            {
                "automatic_thread_titling": _SWITCH,
                "file_upload": v.Record(
                    {
                        "enabled": v.Boolean(),
                        "max_file_size": v.Integer(1, DEFAULT_FILE_MB),
                        "max_files": v.Integer(1),
                    }
                ),
                "history": v.Record({"enabled": v.Boolean(), "recent_threads": v.Integer(1)}),
            }
        ),
        "expires_after": v.Record(
            {"anchor": v.Choice(("created_at",)), "seconds": v.Integer(1, LONGEST_S)},
            required=("anchor", "seconds"),
        ),
        "rate_limits": v.Record({"max_requests_per_1_minute": v.Integer(1)}),
    },
    required=("user", "workflow"),
)


@dataclass(slots=True)
class ChatSession:
    """One session. Its secret is left out of every text made of it."""

    session_id: str
    client_secret: str = field(repr=False)
    user: str
    expires_at: int
    """Unix seconds."""
    settings: dict[str, Any]
    """The rest of what the API shows."""
    is_cancelled: bool = False
    asked_at: list[float] = field(default_factory=list, repr=False)
    """Unix seconds of the requests of the last minute."""

    def status(self, now_unix_s: float) -> str:
        """Whether its secret opens anything, in the API's words."""
        if self.is_cancelled:
            return "cancelled"
        return "active" if now_unix_s < self.expires_at else "expired"

    @property
    def most_requests(self) -> int:
        """In a minute."""
        return int(self.settings["max_requests_per_1_minute"])

    def may_ask(self, now_unix_s: float) -> bool:
        """Count a request; False: there were too many in the last minute."""
        self.asked_at = [at for at in self.asked_at if now_unix_s - at < MINUTE_S]
        if len(self.asked_at) >= self.most_requests:
            return False
        self.asked_at.append(now_unix_s)
        return True

    def resource(self, now_unix_s: float) -> dict[str, Any]:
        """As the API shows it."""
        return {
            "id": self.session_id,
            "object": "chatkit.session",
            "status": self.status(now_unix_s),
            "expires_at": self.expires_at,
            "client_secret": self.client_secret,
            "user": self.user,
            **self.settings,
        }


class ChatSessions:
    """The sessions of one server; beyond MOST_KEPT the oldest go. Times are Unix seconds."""

    def __init__(self, most: int = MOST_KEPT) -> None:
        self._most = most
        self._by_id: OrderedDict[str, ChatSession] = OrderedDict()

    def create(self, body: dict[str, Any], ids: Ids, now_unix_s: float) -> ChatSession:
        """A new session.

        Raises:
            ProtocolError: the request is wrong.
        """
        REQUEST.check(body, "")
        lifetime_s = (body.get("expires_after") or {}).get("seconds", DEFAULT_S)
        session = ChatSession(
            f"cksess_{ids.letters(40, '0123456789abcdef')}",
            SECRET_PREFIX + secrets.token_urlsafe(32),
            body["user"],
            int(now_unix_s) + lifetime_s,
            _settings(body),
        )
        self._by_id[session.session_id] = session
        while len(self._by_id) > self._most:
            self._by_id.popitem(last=False)
        return session

    def find(self, session_id: str) -> ChatSession | None:
        """The session with this id."""
        return self._by_id.get(session_id)

    def opened_by(self, secret: str, now_unix_s: float) -> ChatSession | None:
        """The active session whose secret this is; each is compared in constant time."""
        found: ChatSession | None = None
        given = secret.encode("utf-8", "surrogatepass")
        for session in self._by_id.values():
            if secrets.compare_digest(session.client_secret.encode(), given):
                found = session
        return found if found is not None and found.status(now_unix_s) == "active" else None

    def knows(self, digest: str, now_unix_s: float) -> bool:
        """Whether there is an active session whose secret has this SHA-256, in hexadecimal."""
        given = digest.encode("utf-8", "surrogatepass")
        return any(
            secrets.compare_digest(
                hashlib.sha256(session.client_secret.encode()).hexdigest().encode(), given
            )
            for session in self._by_id.values()
            if session.status(now_unix_s) == "active"
        )


def _settings(body: dict[str, Any]) -> dict[str, Any]:
    workflow, wanted = body["workflow"], body.get("chatkit_configuration") or {}
    upload, history = wanted.get("file_upload") or {}, wanted.get("history") or {}
    limits = body.get("rate_limits") or {}
    most = _or(limits.get("max_requests_per_1_minute"), DEFAULT_REQUESTS)
    return {
        "workflow": {
            "id": workflow["id"],
            "version": workflow.get("version"),
            "state_variables": workflow.get("state_variables"),
            "tracing": _enabled(workflow.get("tracing")),
        },
        "rate_limits": {"max_requests_per_1_minute": most},
        "max_requests_per_1_minute": most,
        "chatkit_configuration": {
            "automatic_thread_titling": _enabled(wanted.get("automatic_thread_titling")),
            "file_upload": {
                "enabled": _or(upload.get("enabled"), False),
                "max_file_size": _or(upload.get("max_file_size"), DEFAULT_FILE_MB),
                "max_files": _or(upload.get("max_files"), DEFAULT_FILES),
            },
            "history": {
                "enabled": _or(history.get("enabled"), True),
                "recent_threads": history.get("recent_threads"),
            },
        },
    }


def _enabled(wanted: dict[str, Any] | None) -> dict[str, bool]:
    return {"enabled": _or((wanted or {}).get("enabled"), True)}


def _or(value: Any, default: Any) -> Any:
    return default if value is None else value
