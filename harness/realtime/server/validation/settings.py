"""Session settings as the server takes them: checked strictly, defaults filled in."""

from __future__ import annotations

import zlib
from typing import Any

from harness.realtime import vocabulary as v
from harness.realtime.server.validation.shapes import REALTIME_SESSION, TRANSCRIPTION_SESSION
from harness.realtime.session_object import (
    DEFAULT_MODEL,
    LIVE_TRANSCRIPTION_MODEL,
    TRANSCRIPTION_MODELS,
    VOICES,
    Settings,
    default_session,
    default_transcription_session,
    is_transcription,
    merged,
)

SERVER_KEYS = ("object", "id", "expires_at")
HOSTED_VOICE_PREFIX = "voice_"
KINDS: dict[str, v.Record] = {"realtime": REALTIME_SESSION, "transcription": TRANSCRIPTION_SESSION}
WRONG_KIND = "Passing a {given} session update event to a {own} session is not allowed."


def effective_session(
    partial: Settings | None, *, session_id: str = "", expires_at: int = 0, path: str = "session"
) -> Settings:
    """The complete session that starts from these settings.

    Args:
        partial: what the client asked for, with its ``type``; None or ``{}`` for all defaults.
        session_id: ``id`` of the result.
        expires_at: Unix seconds; 0 where the session has not started.
        path: what the settings are called in error messages.

    Raises:
        ProtocolError: with the protocol's ``code`` and the dotted ``param``.
    """
    given = partial or {"type": "realtime"}
    check_session(given, path)
    check_addresses(given.get("tools") or [], path)
    session = merged(_defaults(given), given)
    if is_transcription(session):
        check_live_transcription(session, path)
    session["id"], session["expires_at"] = session_id, expires_at
    return session


def _defaults(given: Settings) -> Settings:
    """What these settings are merged into."""
    if not is_transcription(given):
        return default_session(given.get("model") or DEFAULT_MODEL)
    session = default_transcription_session()
    transcription = ((given.get("audio") or {}).get("input") or {}).get("transcription") or {}
    if transcription.get("model") == LIVE_TRANSCRIPTION_MODEL:
        session["audio"]["input"]["turn_detection"] = None
    return session


def restarted(settings: Settings, *, session_id: str, expires_at: int) -> Settings:
    """A session of its own from settings that may be effective ones already.

    Raises:
        ProtocolError: the settings are not valid.
    """
    given = {key: value for key, value in settings.items() if key not in SERVER_KEYS}
    return effective_session(given, session_id=session_id, expires_at=expires_at)


def updated_session(
    session: Settings, update: Any, *, has_spoken: bool, path: str = "session"
) -> Settings:
    """The session after a client's update; the old one stays as it was.

    Args:
        session: the effective session.
        update: the ``session`` object of the update.
        has_spoken: whether assistant audio is present; the voice is fixed then.
        path: what the settings are called in error messages.

    Raises:
        ProtocolError: nothing may be applied.
    """
    check_session(update, path, own_kind=session["type"])
    result = merged(session, update)
    if is_transcription(session):
        check_live_transcription(result, path)
        return result
    model = update.get("model")
    if model is not None and model != session["model"]:
        v.refuse(
            f"Cannot update a session's model: it is '{session['model']}'.",
            "cannot_update_model",
            f"{path}.model",
        )
    check_voice(session, result["audio"]["output"]["voice"], has_spoken)
    if session["tracing"] is not None and result["tracing"] != session["tracing"]:
        v.refuse(
            "Cannot update a session's tracing configuration once tracing is enabled.",
            "cannot_update_tracing",
            f"{path}.tracing",
        )
    return result


def check_voice(session: Settings, voice: Any, has_spoken: bool) -> None:
    """Refuse another voice once assistant audio is present."""
    if has_spoken and voice != session["audio"]["output"]["voice"]:
        v.refuse(
            "Cannot update a conversation's voice if assistant audio is present.",
            "cannot_update_voice",
            None,
        )


def check_addresses(tools: list[Settings], path: str) -> None:
    """Refuse a remote tool that names no server: before a session starts, none is known."""
    for index, tool in enumerate(tools):
        if tool["type"] == "mcp" and tool.get("server_url") is None:
            v.refuse_missing(f"{path}.tools[{index}].server_url")


def check_live_transcription(session: Settings, path: str) -> None:
    """Refuse turn detection beside the transcription model that takes none."""
    settings = session["audio"]["input"]
    model = (settings["transcription"] or {}).get("model")
    if model == LIVE_TRANSCRIPTION_MODEL and settings["turn_detection"] is not None:
        v.refuse(
            f"Turn detection is not supported for '{model}' in a transcription session: "
            "'turn_detection' must be null.",
            "invalid_value",
            f"{path}.audio.input.turn_detection",
        )


def check_session(given: Any, path: str, own_kind: str | None = None) -> None:
    """Check the shape of a session object, its ``type`` first.

    Args:
        given: what a client sent.
        path: what it is called in error messages.
        own_kind: the ``type`` of the session it is to change; None for one that begins.
    """
    if not isinstance(given, dict):
        v.refuse_type(path, "an object", given)
    kind, kind_path = given.get("type"), f"{path}.type"
    if kind is None:
        v.refuse_missing(kind_path)
    if not isinstance(kind, str) or kind not in KINDS:
        shown = kind if isinstance(kind, str) else type(kind).__name__
        v.refuse_choice(kind_path, shown, tuple(KINDS))
    if own_kind is not None and kind != own_kind:
        v.refuse(WRONG_KIND.format(given=kind, own=own_kind), "invalid_value", kind_path)
    KINDS[kind].check(given, path)
    if kind == "realtime" and given.get("model") in TRANSCRIPTION_MODELS:
        v.refuse(
            f'Model "{given["model"]}" is not supported in realtime mode.',
            "invalid_model",
            f"{path}.model",
        )


def voice_name(voice: Any) -> str:
    """The name to give to the synthesiser.

    A custom voice goes by its id, which may be an engine's own name for one; for an id of the
    hosted service, whose voice nobody has here, it is always the same one of the usual voices.
    """
    if not isinstance(voice, dict):
        return str(voice)
    voice_id: str = voice["id"]
    if not voice_id.startswith(HOSTED_VOICE_PREFIX):
        return voice_id
    return VOICES[zlib.crc32(voice_id.encode()) % len(VOICES)]
