from __future__ import annotations

import inspect

from harness.realtime.server.session import ServerSession
from harness.server.calls.call_session import CallSession
from tests.support.fake_session import FakeSession


def test_sessions_have_every_method() -> None:
    """With the same arguments."""
    wanted = {name: method for name, method in vars(CallSession).items() if name[0] != "_"}
    for session in (ServerSession, FakeSession):
        for name, method in wanted.items():
            expected = list(inspect.signature(method).parameters)
            assert list(inspect.signature(getattr(session, name)).parameters) == expected
