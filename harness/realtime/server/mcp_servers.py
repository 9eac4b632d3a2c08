"""The remote tool servers of a session: which there are, and what tools each listed."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from harness.errors import ProtocolError
from harness.realtime import items
from harness.realtime.server.outputs import ListTools, StopRemote
from harness.realtime.server.state import SessionState
from harness.realtime.server.validation.mcp_values import (
    ADDRESS_KEYS,
    LIST_WITHIN_S,
    SECRET_KEYS,
    RemoteFailure,
    RemoteTool,
    is_allowed,
    needs_approval,
    remote_server,
)
from harness.realtime.session_object import Settings

SHELL_GRACE_S = 5.0
"""The shell keeps the limits; where it does not, this much later the session gives up itself."""

LISTING_FAILED = "external_connector_error"


@dataclass(slots=True)
class Listing:
    """What one server listed, or is about to."""

    definition: Settings
    item_id: str
    job_id: str | None
    """None once it is over."""

    give_up_at_s: float
    tools: tuple[RemoteTool, ...] | None = None
    """None while it is under way, and where it failed."""


@dataclass(frozen=True, slots=True)
class FoundTool:
    """A tool that may be called now."""

    definition: Settings
    tool: RemoteTool

    @property
    def needs_approval(self) -> bool:
        """Whether the client must approve a call of it first."""
        return needs_approval(self.definition, self.tool)


class RemoteTools:
    """Lists the tools of the servers that the session names; knows which may be called.

    A definition is listed once. It is listed again when it is given again after a failure, or
    with any change; one that is only referred to by its label is not.
    """

    def __init__(self, state: SessionState) -> None:
        self._state = state
        self._known: dict[str, Settings] = {}
        """Definitions by label, also those that the session does not use at the moment."""
        self._listings: dict[str, Listing] = {}

    def resolved(self, tools: list[Settings], path: str) -> list[Settings]:
        """The tools, with what is known of a server in place of its label alone.

        Raises:
            ProtocolError: a label that no server has.
        """
        return [self._resolved(tool, f"{path}[{index}]") for index, tool in enumerate(tools)]

    def use(self, tools: list[Settings], now_s: float) -> None:
        """The session, or a response, is to have these tools: list what is not listed."""
        for tool in tools:
            if tool["type"] != "mcp":
                continue
            listing = self._listings.get(tool["server_label"])
            is_good = listing is not None and (listing.job_id or listing.tools is not None)
            if listing is None or listing.definition != tool or not is_good:
                self._list(tool, now_s)

    def is_listing(self, tools: list[Settings]) -> bool:
        """Whether one of these servers has not said yet which tools it has."""
        labels = [tool["server_label"] for tool in tools if tool["type"] == "mcp"]
        return any(label in self._listings and self._listings[label].job_id for label in labels)

    def offered(self, tools: list[Settings]) -> list[FoundTool]:
        """Every remote tool that these tools of a session let the model call, in order."""
        found = []
        for definition in tools:
            if definition["type"] != "mcp":
                continue
            listing = self._listings.get(definition["server_label"])
            if listing is None or not _is_same_server(listing.definition, definition):
                continue
            allowed = (tool for tool in listing.tools or () if is_allowed(definition, tool))
            found += [FoundTool(definition, tool) for tool in allowed]
        return found

    def find(self, tools: list[Settings], name: str, label: str | None = None) -> FoundTool | None:
        """The remote tool of this name, on this server or on the first that has it."""
        for found in self.offered(tools):
            if found.tool.name == name and label in (None, found.definition["server_label"]):
                return found
        return None

    def on_listed(
        self, job_id: str, tools: list[RemoteTool] | None, failure: RemoteFailure | None
    ) -> None:
        """A `ListTools` came back. Unknown and late jobs are ignored."""
        for listing in self._listings.values():
            if listing.job_id == job_id:
                if tools is None:
                    self._fail(listing, failure or _failure("it gave no reason"))
                else:
                    self._complete(listing, tools)

    def advance(self, now_s: float) -> None:
        """Give up on listings that take too long."""
        if not self._listings:
            return
        for listing in list(self._listings.values()):
            if listing.job_id is not None and now_s >= listing.give_up_at_s:
                self._state.put(StopRemote(listing.job_id))
                self._fail(listing, _failure(f"no answer within {LIST_WITHIN_S:g} s"))

    def wake_at_s(self) -> float | None:
        if not self._listings:
            return None
        waiting = (listing for listing in self._listings.values() if listing.job_id is not None)
        return min((listing.give_up_at_s for listing in waiting), default=None)

    def _resolved(self, tool: Settings, path: str) -> Settings:
        if tool["type"] != "mcp":
            return tool
        label = tool["server_label"]
        if any(tool.get(key) is not None for key in ADDRESS_KEYS):
            return tool
        if label not in self._known:
            raise no_address(path)
        return {**self._known[label], **{k: v for k, v in tool.items() if v is not None}}

    def _list(self, tool: Settings, now_s: float) -> None:
        label = tool["server_label"]
        old = self._listings.get(label)
        if old is not None and old.job_id is not None:
            self._state.put(StopRemote(old.job_id))
            self._end(old, "failed", ())
        self._known[label] = tool
        job_id, item_id = self._state.new_job_id(), self._state.new_item_id()
        give_up_at_s = now_s + LIST_WITHIN_S + SHELL_GRACE_S
        self._listings[label] = Listing(tool, item_id, job_id, give_up_at_s)
        self._state.send("mcp_list_tools.in_progress", item_id=item_id)
        # There at once, still empty: stock clients retrieve the item as soon as they hear of it.
        self._state.busy_item_ids.add(item_id)
        self._state.add_item(items.mcp_list_tools(item_id, label, []))
        self._state.put(ListTools(job_id, remote_server(tool), LIST_WITHIN_S))

    def _complete(self, listing: Listing, tools: list[RemoteTool]) -> None:
        allowed = tuple(tool for tool in tools if is_allowed(listing.definition, tool))
        listing.tools = tuple(tools)
        self._end(listing, "completed", allowed)

    def _fail(self, listing: Listing, failure: RemoteFailure) -> None:
        """No event of the protocol has room for the reason, so an ``error`` tells it."""
        label, error = listing.definition["server_label"], failure.as_error()
        status = f" HTTP status code: {failure.code}." if failure.kind == "http_error" else ""
        problem = ProtocolError(
            f"Error retrieving tool list from MCP server: '{label}'.{status} {error['message']}",
            code=failure.kind,
        )
        self._state.send_error(problem, kind=LISTING_FAILED)
        self._end(listing, "failed", ())

    def _end(self, listing: Listing, how: str, tools: tuple[RemoteTool, ...]) -> None:
        listing.job_id = None
        listed: list[dict[str, Any]] = [tool.as_listed() for tool in tools]
        label = listing.definition["server_label"]
        self._state.busy_item_ids.discard(listing.item_id)
        self._state.finish_item(items.mcp_list_tools(listing.item_id, label, listed))
        self._state.send(f"mcp_list_tools.{how}", item_id=listing.item_id)


def no_address(path: str) -> ProtocolError:
    """The refusal of a tool whose server is not known."""
    return ProtocolError(
        f"Missing required parameter: '{path}.server_url'. No MCP server of this session has the "
        "label given.",
        code="missing_required_parameter",
        param=f"{path}.server_url",
    )


def _is_same_server(one: Settings, other: Settings) -> bool:
    return all(one.get(key) == other.get(key) for key in (*ADDRESS_KEYS, *SECRET_KEYS))


def _failure(reason: str) -> RemoteFailure:
    return RemoteFailure("protocol_error", f"The server could not be used: {reason}.")
