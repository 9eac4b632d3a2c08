"""A session's settings with every default filled in, in the order the service reports them.

Source of the defaults and the key order: the Realtime reference, "Session object".
"""

from __future__ import annotations

import copy
from typing import Any

from harness.realtime.session_parts import VAD_SILENCE_DURATION_MS, SemanticVad, ServerVad

Settings = dict[str, Any]
"""A session object, or a part of one, as on the wire."""

DEFAULT_MODEL = "gpt-realtime-2.1"
"""Its turn detection waits for 500 ms of silence, so a breath does not end a user's turn."""

DEFAULT_INSTRUCTIONS = (
    "You are a helpful voice assistant. Speak in short, friendly sentences, in the language "
    "of the user, and call a tool where one can answer."
)
VOICES = (
    "alloy", "ash", "ballad", "coral", "echo", "sage", "shimmer", "verse", "marin", "cedar",
)  # fmt: skip
PCM_24K: Settings = {"type": "audio/pcm", "rate": 24000}
MAX_SESSION_S = 3600
LIVE_TRANSCRIPTION_MODEL = "gpt-realtime-whisper"
"""In a transcription session it takes no turn detection: the client commits."""

TRANSCRIPTION_MODELS = (
    LIVE_TRANSCRIPTION_MODEL, "gpt-transcribe", "gpt-live-transcribe", "gpt-4o-transcribe",
    "gpt-4o-mini-transcribe", "gpt-4o-transcribe-diarize", "whisper-1",
)  # fmt: skip
"""They write down what they hear and hold no conversation."""

_KEY_ORDER = (
    "type", "object", "id", "model", "output_modalities", "instructions", "tools", "tool_choice",
    "max_output_tokens", "tracing", "truncation", "prompt", "expires_at", "audio", "include",
)  # fmt: skip
_TRANSCRIPTION_KEY_ORDER = ("type", "object", "id", "expires_at", "audio", "include")
_MAY_BE_NULL = ("tracing", "prompt", "include", "reasoning", "parallel_tool_calls")
_INPUT_MAY_BE_NULL = ("transcription", "noise_reduction", "turn_detection")
_MODELS_OF_2026 = ("gpt-realtime-2.1",)


def default_session(model: str = DEFAULT_MODEL) -> Settings:
    """The settings of a session nobody configured; id and expiry are still to be filled in."""
    return {
        "type": "realtime",
        "object": "realtime.session",
        "id": "",
        "model": model,
        "output_modalities": ["audio"],
        "instructions": DEFAULT_INSTRUCTIONS,
        "tools": [],
        "tool_choice": "auto",
        "max_output_tokens": "inf",
        "tracing": None,
        "truncation": "auto",
        "prompt": None,
        "expires_at": 0,
        "audio": {
            "input": {
                "format": dict(PCM_24K),
                "transcription": None,
                "noise_reduction": None,
                "turn_detection": turn_detection({"type": "server_vad"}, model),
            },
            "output": {"format": dict(PCM_24K), "voice": default_voice(model), "speed": 1.0},
        },
        "include": None,
    }


def default_transcription_session() -> Settings:
    """The settings of a transcription session nobody configured: it has no model and no output."""
    return {
        "type": "transcription",
        "object": "realtime.transcription_session",
        "id": "",
        "expires_at": 0,
        "audio": {
            "input": {
                "format": dict(PCM_24K),
                "transcription": None,
                "noise_reduction": None,
                "turn_detection": turn_detection({"type": "server_vad"}, ""),
            }
        },
        "include": None,
    }


def is_transcription(session: Settings) -> bool:
    """Whether these settings are a transcription session's."""
    return bool(session["type"] == "transcription")


def default_voice(model: str) -> str:
    """The voice of a session that names none, by its model."""
    return "marin" if model.startswith(_MODELS_OF_2026) else "alloy"


def turn_detection(given: Settings, model: str) -> Settings:
    """A turn detection object with all parameters of its type."""
    if given["type"] == "semantic_vad":
        return SemanticVad().model_dump() | _given(given)
    own = ServerVad(silence_duration_ms=_silence_duration_ms(model))
    return own.model_dump() | _given(given)


def _silence_duration_ms(model: str) -> int:
    """The documented value; 200 for the models that report that. A transcription has no model."""
    is_documented = not model or model.startswith(_MODELS_OF_2026)
    return VAD_SILENCE_DURATION_MS if is_documented else 200


def merged(session: Settings, update: Settings) -> Settings:
    """The session after a valid update; only fields that are present change.

    ``audio.input`` and ``audio.output`` merge field by field; the objects inside them
    (``turn_detection``, ``transcription``, ...) are replaced and their defaults filled in again.
    A null where the field has no "off" counts as not given.
    """
    result = copy.deepcopy(session)
    for key, value in copy.deepcopy(update).items():
        if key in ("type", "audio") or (value is None and key not in _MAY_BE_NULL):
            continue
        result[key] = [_tool(tool) for tool in value] if key == "tools" else value
    audio = update.get("audio") or {}
    _merge_input(result, audio.get("input") or {})
    _merge_output(result, audio.get("output") or {})
    return _in_order(result, _TRANSCRIPTION_KEY_ORDER if is_transcription(result) else _KEY_ORDER)


def _merge_input(session: Settings, update: Settings) -> None:
    target = session["audio"]["input"]
    for key, value in copy.deepcopy(update).items():
        if value is None:
            if key in _INPUT_MAY_BE_NULL:
                target[key] = None
        elif key == "turn_detection":
            target[key] = turn_detection(value, session.get("model", ""))
        elif key == "transcription":
            target[key] = _transcription(value)
        elif key == "format":
            target[key] = audio_format(value)
        elif key == "noise_reduction":
            target[key] = _noise_reduction(value, target[key])
        else:
            target[key] = _given(value)


def _merge_output(session: Settings, update: Settings) -> None:
    target = session["audio"].get("output", {})
    for key, value in _given(copy.deepcopy(update)).items():
        target[key] = audio_format(value) if key == "format" else value


def audio_format(given: Settings) -> Settings:
    """An audio format with its rate where it has one."""
    return dict(PCM_24K) if given["type"] == "audio/pcm" else {"type": given["type"]}


def _transcription(given: Settings) -> Settings:
    return {"model": None, "language": None, "prompt": None} | given


def _noise_reduction(given: Settings, before: Settings | None) -> Settings:
    """Strength starts at 1 when it is first switched on, and stays where it is not mentioned."""
    strength = 1 if before is None else before.get("strength", 1)
    return {"type": given["type"], "strength": strength} | _given(given)


def _tool(given: Settings) -> Settings:
    if given["type"] == "mcp":
        return _remote_server(given)
    if given["type"] != "function":
        return given
    first = {"type": "function", "name": given["name"], "description": given.get("description")}
    return first | {"parameters": given.get("parameters")}


def _remote_server(given: Settings) -> Settings:
    """One that is only referred to by its label has no defaults of its own."""
    known = {"type": "mcp", "server_label": given["server_label"]} | _given(given)
    has_address = bool(known.keys() & {"server_url", "connector_id", "tunnel_id"})
    return {**known, "require_approval": "always", **known} if has_address else known


def _given(settings: Settings) -> Settings:
    """Without the keys that are null."""
    return {key: value for key, value in settings.items() if value is not None}


def _in_order(session: Settings, order: tuple[str, ...]) -> Settings:
    first = {key: session[key] for key in order if key in session}
    rest = {key: value for key, value in session.items() if key not in first and value is not None}
    return first | rest
