"""A call whose client is a list: what was sent to it, and whether it reads."""

from __future__ import annotations

import json
from typing import Any

from harness.clock import MonotonicClock
from harness.server.calls.call_runner import CallRunner
from tests.support.fake_session import FakeSession
from tests.support.fake_speech import fake_speech_workers


class ListCall(CallRunner):
    """A `CallRunner` round a `FakeSession`."""

    transport = "webrtc"

    def __init__(self, call_id: str = "rtc_list") -> None:
        self.session = FakeSession()
        super().__init__(call_id, self.session, fake_speech_workers(), MonotonicClock())
        self.texts: list[str] = []
        self.waiting_bytes = 0
        self.is_freed = False

    @property
    def sent(self) -> list[dict[str, Any]]:
        return [json.loads(text) for text in self.texts]

    def kinds(self) -> list[str]:
        return [event["type"] for event in self.sent]

    def send_text(self, text: str, kind: str) -> None:
        self.texts.append(text)

    def unsent_bytes(self) -> int:
        return self.waiting_bytes

    async def free(self) -> None:
        self.is_freed = True
