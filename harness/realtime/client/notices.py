"""Notices from the server's events, beside answers and tools."""

from __future__ import annotations

from typing import Any

from harness.realtime.client.core import SessionCore, is_outside
from harness.realtime.client.events import (
    ApprovalRequested,
    RateLimits,
    ToolsListed,
    UnknownEvent,
    UserSpeechStarted,
    UserSpeechStopped,
    UserTranscript,
    UserTranscriptFailed,
)
from harness.realtime.client.responses import Responses
from harness.realtime.client.updates import Updates
from harness.realtime.wire import Event


class News:
    """The user's speech and its words, approvals, rate limits, unknown events."""

    def __init__(self, core: SessionCore, answers: Responses, updates: Updates) -> None:
        self._core = core
        self._answers = answers
        self._updates = updates
        self.speaking_item_id: str | None = None
        self.approvals: dict[str, None] = {}
        """Requests for approval that were not answered yet."""

        self._listed: dict[str, dict[str, Any]] = {}
        """What remote tool servers listed, by item, until the server says how the listing ended."""

        self.rate_limits: list[dict[str, Any]] = []
        self.received = 0
        self.unknown = 0
        self.malformed = 0

    def on_server_event(self, event: Event) -> None:
        """One checked server event."""
        match event["type"]:
            case "input_audio_buffer.speech_started":
                self.speaking_item_id = event["item_id"]
                at_ms = event.get("audio_start_ms")
                self._core.notify(UserSpeechStarted(event["item_id"], at_ms))
            case "input_audio_buffer.speech_stopped":
                self.speaking_item_id = None
                at_ms = event.get("audio_end_ms")
                self._core.notify(UserSpeechStopped(event["item_id"], at_ms))
            case "conversation.item.input_audio_transcription.completed":
                self._core.notify(UserTranscript(event["item_id"], event["transcript"]))
            case "conversation.item.input_audio_transcription.failed":
                self._transcript_failed(event)
            case "conversation.item.done" | "conversation.item.added":
                self._look_for_approval(event["item"])
                self._look_for_listing(event["item"])
            case "mcp_list_tools.completed" | "mcp_list_tools.failed":
                self._listing_ended(event.get("item_id"), event["type"].endswith(".failed"))
            case "response.done":
                self._go_on_after_remote_tools(event["response"])
            case "rate_limits.updated":
                self.rate_limits = event["rate_limits"]
                self._core.notify(RateLimits(self.rate_limits))

    def unknown_event(self, event: Event) -> None:
        """Kept as it came."""
        self.unknown += 1
        self._core.notify(UnknownEvent(event))

    def connection_ended(self) -> None:
        """Forget what held for the connection that is gone."""
        self.speaking_item_id = None
        self.approvals.clear()
        self._listed.clear()

    def _transcript_failed(self, event: Event) -> None:
        error = event.get("error")
        message = str(error.get("message") or "") if isinstance(error, dict) else ""
        self._core.notify(UserTranscriptFailed(event["item_id"], message))

    def _look_for_approval(self, item: dict[str, Any]) -> None:
        if item["type"] == "mcp_approval_response":
            self.approvals.pop(str(item.get("approval_request_id")), None)
        elif item["type"] == "mcp_approval_request" and item["id"] not in self.approvals:
            self.approvals[item["id"]] = None
            told = (item.get(key) for key in ("server_label", "name", "arguments"))
            self._core.notify(ApprovalRequested(item["id"], *told))

    def _look_for_listing(self, item: dict[str, Any]) -> None:
        if item["type"] == "mcp_list_tools":
            self._listed[item["id"]] = item

    def _listing_ended(self, item_id: Any, failed: bool) -> None:
        item = self._listed.pop(item_id, None) if isinstance(item_id, str) else None
        if item is not None:
            tools = item.get("tools") or []
            names = [tool.get("name") for tool in tools if isinstance(tool, dict)]
            self._core.notify(ToolsListed(item.get("server_label"), names, failed))

    def _go_on_after_remote_tools(self, response: dict[str, Any]) -> None:
        """An answer that ends with a remote tool's result says nothing about it yet."""
        output = response.get("output") or []
        ends_with_call = bool(output) and output[-1]["type"] == "mcp_call"
        wants_more = self._updates.settings.mcp_follow_up and response["status"] == "completed"
        if not (ends_with_call and wants_more) or is_outside(response):
            return
        if not (self._answers.is_busy() or self._answers.asking.will_answer()):
            self._answers.ask({"type": "response.create"}, "mcp")
