"""Settings of a session, as typed data with defaults, saved as JSON text.

    settings = SessionSettings(voice="cedar", turn_detection=ServerVad(silence_duration_ms=700))
    SessionSettings.from_text(settings.to_text()) == settings   # True

None means "as the server has it" where the field has a server default, and "off" for
``transcription``, ``noise_reduction`` and ``turn_detection``. Source of the fields and their
ranges: the Realtime reference, "Session object".
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import Annotated, Any, Literal

from pydantic import BaseModel, Field, ValidationError, model_validator

from harness.errors import SettingsError
from harness.plain_data import Data
from harness.realtime.session_object import (
    DEFAULT_MODEL,
    LIVE_TRANSCRIPTION_MODEL,
    Settings,
)
from harness.realtime.session_parts import (
    LOGPROBS,
    CustomVoice,
    Effort,
    Modality,
    Name,
    NoiseReduction,
    NoLimit,
    OutputTokens,
    RetainedTokens,
    SemanticVad,
    ServerVad,
    Share,
    Speed,
    ToolChoice,
    Tracing,
    Transcription,
    Truncation,
)

__all__ = [
    "CustomVoice",
    "McpServer",
    "NoiseReduction",
    "RetentionRatio",
    "SemanticVad",
    "ServerVad",
    "SessionSettings",
    "Transcription",
]

FILE_KIND = "realtime session settings"
FILE_VERSION = 1


class RetentionRatio(Data):
    """How much of the conversation stays when it outgrows the model's context."""

    type: Literal["retention_ratio"] = "retention_ratio"
    retention_ratio: Share
    post_instructions_tokens: RetainedTokens | None = None

    def to_wire(self) -> Settings:
        """The object as the protocol writes it."""
        wire: Settings = {"type": self.type, "retention_ratio": self.retention_ratio}
        if self.post_instructions_tokens is not None:
            wire["token_limits"] = {"post_instructions": self.post_instructions_tokens}
        return wire


class McpServer(Data):
    """A remote tool server that the service itself talks to.

    ``authorization`` and ``headers`` are secrets: they are sent, and never saved to a file.
    """

    server_label: Name
    server_url: str | None = None
    connector_id: str | None = None
    tunnel_id: str | None = None
    server_description: str | None = None
    authorization: str | None = Field(default=None, repr=False)
    headers: dict[str, str] | None = Field(default=None, repr=False)
    allowed_tools: list[str] | dict[str, Any] | None = None
    require_approval: Literal["always", "never"] | dict[str, Any] = "always"
    allowed_callers: list[str] | None = None
    defer_loading: bool | None = None

    @model_validator(mode="after")
    def _has_one_address(self) -> McpServer:
        given = [self.server_url, self.connector_id, self.tunnel_id]
        if sum(address is not None for address in given) != 1:
            raise ValueError("exactly one of server_url, connector_id and tunnel_id is needed")
        header_names = {name.lower() for name in self.headers or {}}
        if self.authorization is not None and "authorization" in header_names:
            raise ValueError("authorization is given twice: as such and among the headers")
        return self

    def to_wire(self) -> Settings:
        """The object as the protocol writes it, secrets included."""
        return {"type": "mcp", **self.model_dump(exclude_none=True)}


class SessionSettings(Data):
    """Everything a client may ask of a session, and how it plays it here."""

    type: Literal["realtime", "transcription"] = "realtime"
    model: Name = DEFAULT_MODEL
    """Cannot change once the session runs."""

    instructions: str | None = None
    voice: str | CustomVoice | None = None
    """Cannot change once the session has spoken."""

    speed: Speed = 1.0
    volume: Share = 1.0
    """How loud the assistant is played here; the server does not know it."""

    output_modality: Modality = "audio"
    max_output_tokens: OutputTokens | NoLimit = "inf"
    turn_detection: Annotated[SemanticVad | ServerVad, Field(discriminator="type")] | None = (
        SemanticVad()
    )
    transcription: Transcription | None = Transcription()
    noise_reduction: NoiseReduction | None = None
    truncation: Truncation | RetentionRatio = "auto"
    tool_choice: ToolChoice | dict[str, Any] = "auto"
    parallel_tool_calls: bool | None = None
    reasoning_effort: Effort | None = None
    tracing: Tracing | dict[str, Any] | None = None
    prompt: dict[str, Any] | None = None
    include_logprobs: bool = False
    functions: list[dict[str, Any]] = Field(default_factory=list)
    """Tools as raw definitions, whose calls the caller answers by hand."""

    mcp_servers: list[McpServer] = Field(default_factory=list)
    mcp_follow_up: bool = True
    """Ask for an answer after a remote tool was called, where none follows by itself."""

    secret_lifetime_s: int = Field(default=600, ge=10, le=7200)
    """How long an ephemeral secret may be used to start the session."""

    auto_resume: bool = True
    """Put settings and conversation back after the connection was lost."""

    @model_validator(mode="after")
    def _labels_differ(self) -> SessionSettings:
        labels = [server.server_label for server in self.mcp_servers]
        if len(labels) != len(set(labels)):
            raise ValueError("two mcp_servers have the same server_label")
        is_live = self.transcription and self.transcription.model == LIVE_TRANSCRIPTION_MODEL
        if self.type == "transcription" and is_live and self.turn_detection is not None:
            raise ValueError(f"{LIVE_TRANSCRIPTION_MODEL} needs turn_detection to be None here")
        return self

    def to_wire(self, definitions: Iterable[Settings] = ()) -> Settings:
        """The session object that starts a session: for minting, or as the body of a call.

        Args:
            definitions: function tools beside ``functions``, as `Tool.definition` gives them.
        """
        if self.type == "transcription":
            return self._transcription_session()
        session: Settings = {"type": "realtime", "model": self.model}
        session |= {
            "output_modalities": [self.output_modality],
            "tools": [*definitions, *self.functions, *(s.to_wire() for s in self.mcp_servers)],
            "tool_choice": self.tool_choice,
            "max_output_tokens": self.max_output_tokens,
            "truncation": self._truncation(),
        }
        session |= _given(
            instructions=self.instructions,
            parallel_tool_calls=self.parallel_tool_calls,
            reasoning={"effort": self.reasoning_effort} if self.reasoning_effort else None,
            tracing=self.tracing,
            prompt=self.prompt,
            include=self._include(),
        )
        voice = self.voice.model_dump() if isinstance(self.voice, CustomVoice) else self.voice
        output = {**_given(voice=voice), "speed": self.speed}
        session["audio"] = {"input": self._input(), "output": output}
        return session

    def to_update(self, definitions: Iterable[Settings] = ()) -> Settings:
        """The same as the ``session`` of an update: without what a running session refuses."""
        update = self.to_wire(definitions)
        update.pop("model", None)
        return update

    def to_text(self) -> str:
        """The settings as JSON, for a file. Secrets of remote tool servers are left out."""
        secrets = {"mcp_servers": {"__all__": {"authorization", "headers"}}}
        body = self.model_dump(mode="json", exclude=secrets)
        return json.dumps({"kind": FILE_KIND, "version": FILE_VERSION, "settings": body}, indent=2)

    @classmethod
    def from_text(cls, text: str, source: str = "the text") -> SessionSettings:
        """Settings from what `to_text` made.

        Raises:
            SettingsError: cut, of another kind or version, unknown fields or values out of range.
        """
        try:
            document = json.loads(text)
        except (ValueError, RecursionError) as error:
            raise SettingsError(
                f"The session settings in {source} are not whole JSON.", found=str(error)
            ) from error
        found = (document.get("kind"), document.get("version")) if _is_object(document) else None
        if found != (FILE_KIND, FILE_VERSION):
            raise SettingsError(
                f"{source} does not hold session settings this version can read.",
                expected=f"kind “{FILE_KIND}”, version {FILE_VERSION}",
                found=f"kind “{found[0]}”, version {found[1]}" if found else "something else",
            )
        return cls.checked(document.get("settings"), source)

    @classmethod
    def checked(cls, value: Any, source: str = "the settings") -> SessionSettings:
        """Settings from plain data.

        Raises:
            SettingsError: unknown fields or values out of range; names each.
        """
        try:
            return cls.model_validate(value)
        except ValidationError as error:
            problems = error.errors(include_url=False, include_input=False)
            told = "; ".join(f"{'.'.join(map(str, p['loc']))}: {p['msg']}" for p in problems)
            raise SettingsError(f"Session settings that cannot be, in {source}.", found=told) from (
                error
            )

    def _input(self) -> Settings:
        return {
            "transcription": _dumped(self.transcription),
            "noise_reduction": _dumped(self.noise_reduction),
            "turn_detection": _dumped(self.turn_detection),
        }

    def _include(self) -> list[str] | None:
        return [LOGPROBS] if self.include_logprobs else None

    def _truncation(self) -> Any:
        if isinstance(self.truncation, RetentionRatio):
            return self.truncation.to_wire()
        return self.truncation

    def _transcription_session(self) -> Settings:
        session: Settings = {"type": "transcription", "audio": {"input": self._input()}}
        return session | _given(include=self._include())


def _dumped(part: BaseModel | None) -> Settings | None:
    return None if part is None else part.model_dump(exclude_none=True)


def _given(**fields: Any) -> Settings:
    return {key: value for key, value in fields.items() if value is not None}


def _is_object(value: object) -> bool:
    return isinstance(value, dict)
