"""Remote tools in a conversation: approvals, approved calls, the answer afterwards."""

from __future__ import annotations

from collections import deque
from dataclasses import replace

from harness.errors import ProtocolError
from harness.realtime.items import Item
from harness.realtime.server.responses import Responses
from harness.realtime.server.state import SessionState
from harness.realtime.server.validation.mcp_values import WantedCall

FOLLOW_UP_AFTER_S = 1.0
"""The client has this long to ask for the answer to a remote call itself, as stock clients do;
then the server gives it by itself, as the guide says."""

MOST_FOLLOW_UPS = 8
"""Answers in a row that nobody asked for; a script that always calls would go on for ever."""


class RemoteTurns:
    """Requests for approval that are open, calls that were approved, and answers that are due.

    An approved call is made in a response of its own, as soon as no other is active. The answer
    to a remote call, or to a refused one, is started here unless the client asks for one first or
    the user speaks.
    """

    def __init__(self, state: SessionState, responses: Responses) -> None:
        self._open = state.open_approvals
        self._responses = responses
        self._approved: deque[WantedCall] = deque()
        self._follow_up_at_s: float | None = None
        self._asked = 0
        self._in_a_row = 0

    def check_response(self, item: Item) -> None:
        """Refuse an approval that answers no open request.

        Raises:
            ProtocolError: nothing may be applied.
        """
        if item["type"] != "mcp_approval_response":
            return
        request_id = item["approval_request_id"]
        if request_id not in self._open:
            raise ProtocolError(
                f"No open MCP approval request has the id '{request_id}'.",
                code="invalid_approval_request_id",
                param="item.approval_request_id",
            )

    def receive_response(self, item: Item, now_s: float) -> None:
        """A client's decision, which is in the conversation now."""
        if item["type"] != "mcp_approval_response":
            return
        request_id = item["approval_request_id"]
        wanted = self._open.pop(request_id)
        if item["approve"]:
            self._approved.append(replace(wanted, approval_request_id=request_id))
        else:
            self._plan_follow_up(now_s)

    def advance(self, now_s: float, is_user_speaking: bool) -> None:
        """Start what is due by now."""
        if self._responses.asked != self._asked:
            self._asked, self._in_a_row = self._responses.asked, 0
        if self._responses.take_end_with_remote_call():
            self._plan_follow_up(now_s)
        if self._responses.active is not None or is_user_speaking:
            self._follow_up_at_s = None
        elif self._approved:
            wanted = self._approved.popleft()
            self._follow_up_at_s = None
            self._responses.start_by_itself(now_s, wanted)
        elif self._follow_up_at_s is not None and now_s >= self._follow_up_at_s:
            self._follow_up_at_s = None
            self._in_a_row += 1
            if self._in_a_row <= MOST_FOLLOW_UPS:
                self._responses.start_by_itself(now_s)

    def _plan_follow_up(self, now_s: float) -> None:
        """Unless a decision of the client's is still to come, which leads to more."""
        if self._open.keys() <= self._responses.put_off:
            self._follow_up_at_s = now_s + FOLLOW_UP_AFTER_S

    def wake_at_s(self) -> float | None:
        """When an answer is due that nobody asked for."""
        return self._follow_up_at_s
