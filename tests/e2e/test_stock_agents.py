"""The `openai-agents` package's realtime session against our server, over a WebSocket.

One conversation with everything in it: settings, a spoken turn, a tool that the package runs and
what is said about its result, an answer that the program stops, and one that the user talks into.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Any

from harness.client.server_api import set_script
from harness.server.process.launch import RunningServer
from tests.support.stock_speech import SteadyMicrophone, words_in
from tests.support.stock_waiter import BOOKED, INSTRUCTIONS, SCRIPT

WITHIN_S = 60


class Talk:
    """A session of the package, read event by event."""

    def __init__(self, session: Any) -> None:
        self.session = session
        self.sounds: dict[str, bytearray] = {}
        """What came to be played, by item."""
        self.history: list[Any] = []
        """The conversation, as the package keeps it."""

    async def until(self, match: Callable[[Any], bool]) -> Any:
        """The next event that matches; an error is nobody's answer to a well-behaved client."""
        async with asyncio.timeout(WITHIN_S):
            async for event in self.session:
                assert event.type != "error", event.error
                if event.type == "history_updated":
                    self.history = event.history
                if event.type == "audio":
                    self.sounds.setdefault(event.item_id, bytearray()).extend(event.audio.data)
                if match(event):
                    return event
        raise AssertionError("the session ended")

    async def until_over(self, kinds: set[str]) -> dict[str, dict[str, Any]]:
        """The server's next event of each of these types, in whatever order they come."""
        found: dict[str, dict[str, Any]] = {}
        while kinds - found.keys():
            event = await self.until(lambda e: (_raw(e) or {}).get("type") in kinds - found.keys())
            raw = _raw(event) or {}
            found[raw["type"]] = raw
        return found

    async def until_raw(self, kind: str) -> dict[str, Any]:
        """The next event of the server of this type."""
        event = await self.until(lambda e: (_raw(e) or {}).get("type") == kind)
        return _raw(event) or {}


def _raw(event: Any) -> dict[str, Any] | None:
    """The server's own event in an event of the package."""
    if event.type == "raw_model_event" and event.data.type == "raw_server_event":
        raw: dict[str, Any] = event.data.data
        return raw
    return None


def new_session(server: RunningServer, booked: list[int]) -> Any:
    """A session as the package's readers make one; only its address is not the hosted one."""
    from agents import function_tool
    from agents.realtime import RealtimeAgent, RealtimeRunner

    @function_tool
    def book_table(persons: int) -> str:
        """Book a table."""
        booked.append(persons)
        return "Table seven."

    agent: Any = RealtimeAgent(name="waiter", instructions=INSTRUCTIONS, tools=[book_table])
    url = f"{server.url.replace('http', 'ws', 1)}/v1/realtime?model=gpt-realtime-2.1"
    return RealtimeRunner(agent).run(model_config={"url": url, "api_key": server.api_key})


async def test_a_realtime_session_talks_over_a_websocket(shared_server: RunningServer) -> None:
    from agents.realtime.model_inputs import RealtimeModelSendInterrupt

    await set_script(shared_server, SCRIPT)
    booked: list[int] = []
    async with (
        await new_session(shared_server, booked) as session,
        SteadyMicrophone(session.send_audio) as microphone,
    ):
        talk = Talk(session)
        assert (await talk.until_raw("session.updated"))["session"]["instructions"] == INSTRUCTIONS

        microphone.say("booking-table-for-two")
        await talk.until(lambda event: event.type == "tool_end")
        over = await talk.until(lambda event: event.type == "audio_end")
        assert booked == [2]
        assert "weather" in await words_in(bytes(talk.sounds[over.item_id]))

        await session.send_message("Please count.")
        sound = await talk.until(lambda event: event.type == "audio")
        await session.model.send_event(RealtimeModelSendInterrupt(force_response_cancel=True))
        await talk.until(lambda event: event.type == "audio_interrupted")
        stopped = await talk.until_over({"conversation.item.truncated", "response.done"})
        assert stopped["conversation.item.truncated"]["item_id"] == sound.item_id
        details = stopped["response.done"]["response"]["status_details"]
        assert (details["type"], details["reason"]) == ("cancelled", "client_cancelled")

        await session.send_message("Please count.")
        await talk.until(lambda event: event.type == "audio")
        microphone.say("interruption-stop")
        await talk.until(lambda event: event.type == "audio_interrupted")
        stopped = await talk.until_over({"conversation.item.truncated", "response.done"})
        details = stopped["response.done"]["response"]["status_details"]
        assert (details["type"], details["reason"]) == ("cancelled", "turn_detected")
        last = await talk.until(lambda event: event.type == "audio")
        await talk.until(lambda event: event.type == "audio_end" and event.item_id == last.item_id)
        assert "quiet" in await words_in(bytes(talk.sounds[last.item_id]))
        check_history(talk.history)


def check_history(history: list[Any]) -> None:
    """The transcripts of both sides are in it."""
    told = [
        (item.role, part.transcript)
        for item in history
        if item.type == "message"
        for part in item.content
        if part.type in ("input_audio", "audio")
    ]
    assert any(role == "user" and "table" in (words or "") for role, words in told)
    assert ("assistant", BOOKED) in told
