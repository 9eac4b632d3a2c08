"""Whatever is done to a client, in any order and at once: named errors, and nothing left behind."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from functools import partial
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from harness.errors import HarnessError
from tests.support.fake_client import FakeCall, make_call, settle

EVENTS: list[dict[str, Any]] = [
    {"type": "response.created", "response": {"id": "resp_1"}},
    {"type": "output_audio_buffer.started", "response_id": "resp_1"},
    {"type": "response.done", "response": {"id": "resp_1", "status": "completed", "output": []}},
    {"type": "input_audio_buffer.speech_started", "item_id": "item_1"},
    {"type": "error", "error": {"message": "no"}},
    {"type": "brand.new"},
    {"type": "session.updated"},
]


def far_says(event: dict[str, Any], peer: Any) -> None:
    peer.far_says(**event)


def with_peer(act: Callable[[Any], object]) -> Callable[[FakeCall], None]:
    """On the newest connection, where there is one."""

    def done(call: FakeCall) -> None:
        if call.peers.made:
            act(call.peer)

    return done


STEPS: dict[str, Callable[[FakeCall], Awaitable[object] | object]] = {
    "connect": lambda call: call.client.connect(),
    "disconnect": lambda call: call.client.disconnect(),
    "reinitialise": lambda call: call.client.reinitialise(),
    "loss": with_peer(lambda peer: peer.far_goes()),
    "channel closes": with_peer(lambda peer: peer.listener.channel_closed("oai-events")),
    "disconnected": with_peer(lambda peer: peer.far_state("disconnected")),
    "half a message": with_peer(
        lambda peer: peer.listener.channel_message("oai-events", '{"type": "res')
    ),
    "binary": with_peer(lambda peer: peer.listener.channel_message("oai-events", b"\xff")),
    "text": lambda call: call.client.send_text("Hello."),
    "respond": lambda call: call.client.respond(),
    "interrupt": lambda call: call.client.interrupt(),
    "commit": lambda call: call.client.commit(),
    "update": lambda call: call.client.update({"instructions": "Be brief."}),
    "microphone": lambda call: call.client.microphone.toggle(),
    "louder": lambda call: call.client.set_volume(1.0),
    "softer": lambda call: call.client.set_volume(0.5),
    "history": lambda call: call.client.restore(call.client.history()),
    "no server": lambda call: setattr(call.peers, "opens_by_itself", False),
    "server": lambda call: setattr(call.peers, "opens_by_itself", True),
    "wait": lambda call: settle(),
    **{event["type"]: with_peer(partial(far_says, event)) for event in EVENTS},
}


async def play(steps: list[tuple[str, bool]]) -> None:
    call = make_call(connect_within_s=0.02)
    working: list[asyncio.Task[Any]] = []

    async def do(step: str) -> None:
        try:
            done = STEPS[step](call)
            if asyncio.iscoroutine(done):
                await done
        except HarnessError:
            pass

    for step, at_once in steps:
        task = asyncio.create_task(do(step))
        working.append(task)
        await (asyncio.sleep(0) if at_once else asyncio.wait({task}))
    await call.client.aclose()
    for task in working:
        await task
    await settle()
    assert call.client.state == "idle"
    assert all(peer.closed for peer in call.peers.made)
    others = asyncio.all_tasks() - {asyncio.current_task()}
    assert not others
    kinds = [event.type for event in call.told("opened", "closed", "lost", "resumed")]
    assert kinds.count("closed") <= kinds.count("opened") + len(steps)


@settings(max_examples=200)
@given(st.lists(st.tuples(st.sampled_from(sorted(STEPS)), st.booleans()), max_size=25))
def test_any_sequence_ends_in_order(steps: list[tuple[str, bool]]) -> None:
    complaints: list[dict[str, Any]] = []

    async def watched() -> None:
        asyncio.get_running_loop().set_exception_handler(lambda _, c: complaints.append(c))
        async with asyncio.timeout(20):
            await play(steps)

    asyncio.run(watched())
    assert not complaints
