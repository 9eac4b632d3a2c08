"""The `openai` package's realtime client against our server, over a WebSocket.

One conversation with everything in it: settings, a spoken turn, a tool and what is said about its
result, an answer that the program cancels, and one that the user talks into.
"""

from __future__ import annotations

import asyncio
import base64
from typing import Any, cast

from harness.client.server_api import set_script
from harness.server.process.launch import RunningServer
from tests.support.stock_speech import SteadyMicrophone, words_in
from tests.support.stock_waiter import BOOKED, INSTRUCTIONS, QUIET, SCRIPT

WITHIN_S = 60
BOOK_TABLE = {
    "type": "function",
    "name": "book_table",
    "description": "Book a table.",
    "parameters": {"type": "object", "properties": {"persons": {"type": "integer"}}},
}
SESSION = {
    "type": "realtime",
    "instructions": INSTRUCTIONS,
    "tools": [BOOK_TABLE],
    "audio": {"input": {"transcription": {"model": "gpt-4o-mini-transcribe"}}},
}


class Talk:
    """A connection of the stock client, read event by event."""

    def __init__(self, connection: Any) -> None:
        self.connection = connection
        self.told: list[Any] = []

    async def until(self, kind: str) -> Any:
        """The next event of this type; an error is nobody's answer to a well-behaved client."""
        async with asyncio.timeout(WITHIN_S):
            while True:
                event = await self.connection.recv()
                self.told.append(event)
                assert event.type != "error", event
                if event.type == kind:
                    return event

    async def ask(self, text: str) -> None:
        """Write something, and ask for an answer."""
        content = [{"type": "input_text", "text": text}]
        item = {"type": "message", "role": "user", "content": content}
        await self.connection.conversation.item.create(item=item)
        await self.connection.response.create()

    def sound_of(self, response: Any) -> bytes:
        """All audio that came with a response."""
        deltas = (e for e in self.told if e.type == "response.output_audio.delta")
        return b"".join(base64.b64decode(e.delta) for e in deltas if e.response_id == response.id)


async def test_the_stock_client_talks_over_a_websocket(shared_server: RunningServer) -> None:
    from openai import AsyncOpenAI

    await set_script(shared_server, SCRIPT)
    async with (
        AsyncOpenAI(base_url=f"{shared_server.url}/v1", api_key=shared_server.api_key) as client,
        client.realtime.connect(model="gpt-realtime") as connection,
        SteadyMicrophone(lambda pcm: append(connection, pcm)) as microphone,
    ):
        talk = Talk(connection)
        assert (await talk.until("session.created")).session.model == "gpt-realtime"
        await connection.session.update(session=cast("Any", SESSION))
        assert (await talk.until("session.updated")).session.instructions == INSTRUCTIONS

        await a_table_is_booked(talk, microphone)
        await an_answer_is_cancelled(talk)
        await an_answer_is_talked_into(talk, microphone)
    kinds = {event.type for event in talk.told}
    assert not {kind for kind in kinds if kind.startswith("output_audio_buffer.")}


async def append(connection: Any, pcm: bytes) -> None:
    await connection.input_audio_buffer.append(audio=base64.b64encode(pcm).decode())


async def a_table_is_booked(talk: Talk, microphone: SteadyMicrophone) -> None:
    microphone.say("booking-table-for-two")
    turn = await talk.until("input_audio_buffer.speech_started")
    assert (await talk.until("input_audio_buffer.committed")).item_id == turn.item_id
    done = await talk.until("response.done")
    (call,) = done.response.output
    assert (call.name, call.arguments) == ("book_table", '{"persons": 2}')

    result = {"type": "function_call_output", "call_id": call.call_id, "output": "Table seven."}
    await talk.connection.conversation.item.create(item=result)
    await talk.connection.response.create()
    assert (await talk.until("response.output_audio_transcript.done")).transcript == BOOKED
    done = await talk.until("response.done")
    assert "weather" in await words_in(talk.sound_of(done.response))
    kind = "conversation.item.input_audio_transcription.completed"
    (heard,) = [event for event in talk.told if event.type == kind]
    assert heard.item_id == turn.item_id
    assert "table" in heard.transcript


async def an_answer_is_cancelled(talk: Talk) -> None:
    await talk.ask("Please think.")
    created = await talk.until("response.created")
    await talk.connection.response.cancel()
    done = await talk.until("response.done")
    assert (done.response.id, done.response.status) == (created.response.id, "cancelled")
    assert done.response.status_details.reason == "client_cancelled"


async def an_answer_is_talked_into(talk: Talk, microphone: SteadyMicrophone) -> None:
    await talk.ask("Please count.")
    sound = await talk.until("response.output_audio.delta")
    microphone.say("interruption-stop")
    await talk.until("input_audio_buffer.speech_started")
    done = await talk.until("response.done")
    assert (done.response.status, done.response.status_details.reason) == (
        "cancelled",
        "turn_detected",
    )
    await talk.connection.conversation.item.truncate(
        item_id=sound.item_id, content_index=0, audio_end_ms=100
    )
    truncated = await talk.until("conversation.item.truncated")
    assert (truncated.item_id, truncated.audio_end_ms) == (sound.item_id, 100)
    done = await talk.until("response.done")
    (answer,) = done.response.output
    assert answer.content[0].transcript == QUIET
