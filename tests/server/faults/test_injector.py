"""The faults of one call at work: what is sent, when, and what is broken."""

from __future__ import annotations

import json
from typing import Any

import numpy as np

from harness.clock import MonotonicClock
from harness.network.relay import open_relay
from harness.realtime.faults.call import CallFaults
from harness.realtime.faults.parse import read_faults
from harness.realtime.faults.triggers import Applied
from harness.realtime.server.outputs import BeginFaults, NoteFault
from harness.server.faults.injector import CRASH_EXIT_CODE, FaultInjector
from tests.support.waiting import until


class SomeCall:
    """Keeps what reaches the client."""

    def __init__(self, *faults: str) -> None:
        self.call_id = "rtc_A"
        self.sent: list[dict[str, Any]] = []
        self.is_closed = False
        self.crashed: list[int] = []
        self.applied: list[Applied] = []
        machine = CallFaults(read_faults(list(faults)), self.applied.append)
        self.injector = FaultInjector(
            self,
            machine,
            self.applied.append,
            MonotonicClock(),
            open_relay([]),
            self.crashed.append,
        )
        self.injector.open()

    def send_message(self, text: str, kind: str) -> None:
        self.sent.append(json.loads(text))

    def close_channel(self) -> None:
        self.is_closed = True


async def test_late_events_come_by_themselves() -> None:
    call = SomeCall("event_late; events=a; delay_s=0.02")
    call.injector.offer({"type": "a"})
    call.injector.offer({"type": "b"})
    assert call.sent == [{"type": "b"}]
    await until(lambda: call.sent == [{"type": "b"}, {"type": "a"}])
    call.injector.close()


async def test_what_is_broken_is_broken_when_its_time_comes() -> None:
    call = SomeCall(
        "channel_closes; on=a; after_s=0", "ice_fails; after_s=0.02", "server_crash; on=b"
    )
    call.injector.offer({"type": "a"})
    assert call.is_closed
    relay = call.injector.relay
    assert relay is not None
    await until(lambda: relay.is_cut)
    assert call.crashed == []
    call.injector.offer({"type": "b"})
    assert call.crashed == [CRASH_EXIT_CODE]
    call.injector.close()


async def test_audio_is_pulled_through_the_faults() -> None:
    call = SomeCall("audio_silence")
    assert not call.injector.pull(480, lambda frames: np.ones(frames, np.float32)).any()
    call.injector.close()


async def test_the_session_hands_in_faults_and_what_it_did_itself() -> None:
    call = SomeCall()
    call.injector.on_output(NoteFault("answer_failed", "resp_A failed"))
    call.injector.on_output(BeginFaults(read_faults(["event_missing; events=a"]), "resp_A"))
    call.injector.offer({"type": "a", "response_id": "resp_A"})
    assert call.sent == []
    assert [one.name for one in call.applied] == ["answer_failed", "event_missing"]
    call.injector.close()


async def test_nothing_comes_after_the_end() -> None:
    call = SomeCall("event_late; delay_s=0.01")
    call.injector.offer({"type": "a"})
    call.injector.close()
    call.injector.close()
    assert call.injector.relay is not None
    assert call.injector.relay.is_cut
