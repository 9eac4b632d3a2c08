"""The events a client session has for people, and what each carries.

Their meaning is the same whatever carries the call; an engine without a button or a page simply
never has the clicks.
"""

from __future__ import annotations

EVENTS: dict[str, str] = {
    "opened": "the session is ready. session_id, resumed",
    "lost": "the connection went; it may come back. reason",
    "resumed": "settings and conversation are back. items, left_out",
    "closed": "over for good. reason",
    "peer_state": "the peer connection's state. state",
    "data_channel": "the events channel's state. label, state",
    "realtime_event": "one event of the wire. direction, event",
    "volume_changed": "volume, 0 to 1",
    "microphone_changed": "the microphone is heard or not. is_on",
    "microphone_clicked": "somebody used the microphone button. is_on",
    "close_clicked": "somebody used the close button.",
    "user_speech_started": "item_id, audio_ms",
    "user_speech_stopped": "item_id, audio_ms",
    "user_transcript": "item_id, text",
    "user_transcript_failed": "item_id, message",
    "answer_started": "response_id, is_outside",
    "answer_text": "response_id, item_id, delta",
    "audio_started": "the assistant is heard. response_id",
    "audio_ended": "it is not heard any more. response_id, how: stopped, cleared, lost or unknown",
    "answer_over": "done, and played to its end. response_id, status, reason, text, is_outside",
    "tool_called": "call_id, name, arguments (text), is_ours",
    "tool_finished": "call_id, name, output (text), failed",
    "tools_listed": "a remote tool server said what it has, or failed. server_label, names, failed",
    "approval_requested": "a remote tool waits for yes or no. approval_request_id, server_label, "
    "name, arguments",
    "rate_limits": "rate_limits",
    "unknown_event": "the server sent a type we do not know; kept as it came. event",
    "error": "kind (its class), code, message, param, event_id, is_race, error (the exception), "
    "received",
}
