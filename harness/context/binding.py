"""The binding of a context to a call that another client leads, such as a page: pure.

It puts the thread in front of the conversation, keeps the context's instructions and tools beside
the session's own, whatever the page asks for meanwhile, and says what is to be kept of the call.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from harness.context.context import Context, Row
from harness.context.delivery import Delivery, LateResult
from harness.context.own_shapes import conversation_items
from harness.context.searches import (
    answers_by_itself,
    as_system,
    turn_detection_of,
    words_to_search_for,
)
from harness.context.settings import definitions_of, instructions_with, tools_with
from harness.context.thread_items import (
    history_of_thread,
    kept_id,
    noted_row,
    put_in_items,
    written_row,
)
from harness.context.transcript import CallTranscript, Kept, is_transcribed
from harness.context.widgets import WidgetAction
from harness.realtime.client.outputs import Output
from harness.realtime.client.side_session import SideSession
from harness.realtime.client.tools import Tool
from harness.realtime.ids import Ids
from harness.realtime.items import Item, is_user_message, text_of
from harness.realtime.session_parts import Transcription
from harness.realtime.widgets import action_note


@dataclass(frozen=True, slots=True)
class Standing:
    """How a session stands, as far as a context has a part in it."""

    instructions: str
    tools: tuple[str, ...]
    """Their names."""

    is_written: bool
    """Whether the user's speech is written down."""

    is_asked: bool
    """Whether it is answered by itself."""


@dataclass(frozen=True, slots=True)
class Asked:
    """An update of the session, and how it is to stand then."""

    event_id: str
    standing: Standing
    heard: frozenset[str]
    """Settings of what is heard that are in it; the others may be another's meanwhile."""

    def is_answered_by(self, found: Standing) -> bool:
        """Whether a session stands as it was asked to."""
        wanted = self.standing
        return (
            (found.instructions, found.tools) == (wanted.instructions, wanted.tools)
            and ("transcription" not in self.heard or found.is_written == wanted.is_written)
            and ("turn_detection" not in self.heard or found.is_asked == wanted.is_asked)
        )


class Binding:
    """One context in one call, or in a part of it.

    After every call its owner drains `take_outputs`, as with a `SideSession`.

    Args:
        context: as it stands in this call.
        rows: its thread, the oldest first.
        tools: its tools that are done in Python.
        now_s: now, on the call's clock.
        searches: whether each answer waits for a search, see `take_searches`.
        pictures: of the thread, see `harness.context.threads.pictures`.
    """

    def __init__(
        self,
        context: Context,
        rows: Sequence[Row],
        tools: Sequence[Tool],
        now_s: float,
        *,
        searches: bool = False,
        pictures: Mapping[str, str] | None = None,
    ) -> None:
        self.context = context
        self.pictures = dict(pictures or {})
        """Those that the model is shown with their messages, by the attachments' ids."""

        self._searches = searches
        self._to_search: list[str] = []
        tokens = context.definition.history_tokens
        self.history = history_of_thread(rows, tokens, self.pictures)
        self.session = SideSession(tools, now_s, _ids(context))
        self._transcript = CallTranscript(context, (item["id"] for item in self.history.items))
        self._tools = list(tools)
        self._prompts = ""
        self._own_instructions = ""
        self._own_tools: list[dict[str, Any]] = []
        self._own_transcribes = True
        self._own_turns: dict[str, Any] | None = None
        self._offered: set[str] = set()
        """Names of tools that the session has, or had, of the context."""

        self._told: Standing | None = None
        self._asked: list[Asked] = []
        """What the server has not answered. It does in its own time: what it tells meanwhile may be
        older."""

        self._delivery = Delivery(now_s)
        self._delivered: list[LateResult] = []
        self._is_open = False
        self._typed = self._pressed = 0

    def offer(self, tools: Sequence[Tool], prompts: str = "") -> None:
        """Its tools that somebody does, as they are known before the call is `open`.

        Args:
            prompts: instructions that stand with the context's own.
        """
        self._tools = list(tools)
        self._prompts = prompts
        self.session.offer(tools)

    def open(self, now_s: float) -> None:
        """The call is up.

        A session that has not told what it is is asked; it gets the context's part then.
        """
        self._is_open = True
        if self._told is None:  # what the session has of its own must not be written over
            self.session.update({"type": "realtime"}, now_s)
        else:
            self._update(now_s)
        self.session.put_in(self.history, now_s)

    def skip_so_far(self) -> None:
        """What was said by now is none of the context's."""
        self._transcript.skip_so_far()

    @property
    def is_ready(self) -> bool:
        """Whether the whole history is in, and the session's settings are known."""
        return self.session.is_put_in and self._told is not None

    def on_server_event(self, event: Mapping[str, Any], now_s: float, unix_s: float) -> list[Kept]:
        """One event of the server; gives what is to be kept of the call by now."""
        received = dict(event)
        self.session.on_server_event(received, now_s)
        self._delivery.on_server_event(received, now_s)
        if received.get("type") in ("session.created", "session.updated"):
            self._session_is(received.get("session"), now_s)
        elif received.get("type") == "error":
            self._refused(received.get("error"))
        if self._searches and self._is_open:
            self._to_search += words_to_search_for(received)
        kept = self._transcript.on_server_event(received, now_s, unix_s)
        self._deliver(now_s)
        return kept

    def result_is_there(self, result: LateResult, now_s: float) -> None:
        """What long work came to: put in, with an answer asked for, when neither side speaks."""
        self._delivery.add(result)
        self._deliver(now_s)

    def drop_results(self, tool: str) -> None:
        """What waits of this tool is not wanted any more."""
        self._delivery.drop(one.job for one in self._delivery.waiting if one.tool == tool)

    def take_delivered(self) -> list[LateResult]:
        """What was put in since the last time."""
        taken, self._delivered = self._delivered, []
        return taken

    def is_kept(self, item_id: str) -> bool:
        """Whether this item of the conversation was handed out for the thread."""
        return self._transcript.is_kept(item_id)

    def advance(self, now_s: float) -> None:
        """Time passed."""
        self.session.advance(now_s)
        self._deliver(now_s)

    def wake_at_s(self) -> float | None:
        """When `advance` is needed at the latest; None: nothing is waited for."""
        times = [self.session.wake_at_s()]
        if self._can_deliver:
            times.append(self._delivery.wake_at_s())
        return min((time for time in times if time is not None), default=None)

    def type_text(
        self, text: str, now_s: float, unix_s: float, attachments: Sequence[Row] = ()
    ) -> tuple[Row, Item]:
        """Something that the user writes: the thread's item, and the conversation's.

        Once the first is kept, `send_typed` the second.
        """
        self._typed += 1
        item_id = kept_id(self.context, f"typed {self._typed}")
        self._transcript.is_there(item_id)
        row = written_row(self.context, item_id, text, unix_s, attachments)
        return row, conversation_items([row], self.pictures)[0]

    def press(self, action: WidgetAction, widget_id: str | None, unix_s: float) -> tuple[Row, Item]:
        """An action of a widget: the note of it in the thread, and in the conversation.

        Once the first is kept, `send_typed` the second.
        """
        self._pressed += 1
        item_id = kept_id(self.context, f"action {self._pressed}")
        self._transcript.is_there(item_id)
        note = action_note(action.type, action.payload, widget_id)
        row = noted_row(self.context, item_id, note, unix_s)
        return row, conversation_items([row])[0]

    def send_typed(self, item: Item, now_s: float) -> None:
        """Put it in, and ask for an answer; where a search comes before, after that."""
        self.session.create_item(item, now_s)
        if self._searches and is_user_message(item):
            self._to_search.append(text_of(item))
        else:
            self.session.respond(now_s)

    def put_written(self, row: Row, now_s: float) -> None:
        """What was written into the thread meanwhile: put it in, and ask for an answer."""
        items = put_in_items(row, self.pictures)
        if isinstance(items, str):
            return
        for item in items:
            self._transcript.is_there(item["id"])
            self.send_typed(item, now_s)

    def take_searches(self) -> list[str]:
        """Words of the user whose answers wait for a search; each wants an `answer_with`."""
        taken, self._to_search = self._to_search, []
        return taken

    def answer_with(self, found: str, now_s: float) -> None:
        """Put in what was found for words of the user, and ask for the answer."""
        self.session.create_item(as_system(found), now_s)
        self.session.respond(now_s)

    def redefine(
        self,
        context: Context,
        tools: Sequence[Tool],
        now_s: float,
        *,
        searches: bool = False,
        prompts: str = "",
    ) -> None:
        """The context is another from here on: its instructions, state and tools."""
        self._searches = searches
        self.context = self._transcript.context = context
        self.offer(tools, prompts)
        self._update(now_s)

    def release(self, now_s: float, unix_s: float) -> list[Kept]:
        """Let the call go on without the context; gives what is to be kept of it so far."""
        self._update(now_s, is_released=True)
        self._is_open = False
        self.session.end(now_s)
        return self._transcript.release(now_s, unix_s)

    def end(self, now_s: float, unix_s: float) -> list[Kept]:
        """The call is over; gives what is still to be kept of it."""
        self._is_open = False
        self.session.end(now_s)
        return self._transcript.end(now_s, unix_s)

    def take_outputs(self) -> list[Output]:
        """Everything to be done since the last call, in order."""
        return self.session.take_outputs()

    @property
    def _can_deliver(self) -> bool:
        """An answer comes after a tool that runs."""
        return self._is_open and not self.session.is_working

    def _deliver(self, now_s: float) -> None:
        if not self._can_deliver:
            return
        due = self._delivery.due(now_s)
        for result in due:
            for item in result.items():
                self.session.create_item(item, now_s)
        if due:
            self.session.respond(now_s)
        self._delivered += due

    def _session_is(self, session: Any, now_s: float) -> None:
        """Another's update may have taken the context's part away: it is put back then."""
        if not isinstance(session, dict):
            return
        found = _standing(session)
        if not self._is_answer(found):
            self._note_own(session, found)
        self._told = found
        # One at a time: an older one's answer would be taken for another's update, for ever.
        if self._is_open and not self._asked:
            self._update(now_s)

    def _is_answer(self, found: Standing) -> bool:
        """Whether this is the answer to an own update; those before it are answered, too."""
        for number, asked in enumerate(self._asked):
            if asked.is_answered_by(found):
                del self._asked[: number + 1]
                return True
        return False

    def _note_own(self, session: Mapping[str, Any], found: Standing) -> None:
        """What the session has of its own, where another has set it."""
        told = self._told
        if told is None or found.instructions != told.instructions:
            self._own_instructions = str(session.get("instructions") or "")
        if told is None or found.tools != told.tools:
            tools = session.get("tools") or []
            self._own_tools = [tool for tool in tools if tool.get("name") not in self._offered]
        if told is None or not found.is_written:
            self._own_transcribes = found.is_written
        if told is None or found.is_asked:
            self._own_turns = turn_detection_of(session)

    def _refused(self, error: Any) -> None:
        event_id = error.get("event_id") if isinstance(error, dict) else None
        self._asked = [one for one in self._asked if one.event_id != event_id]

    def _update(self, now_s: float, *, is_released: bool = False) -> None:
        """Ask for the session as it is to be, where it is not, or will not be."""
        before = self._asked[-1].standing if self._asked else self._told
        if before is None:
            return
        ours = [] if is_released else definitions_of(self.context, self._tools)
        self._offered.update(tool["name"] for tool in ours)
        context = None if is_released else self.context
        instructions = instructions_with(self._own_instructions, context, self._prompts)
        tools = tools_with(self._own_tools, ours)
        is_written = self._own_transcribes or not is_released
        is_asked = answers_by_itself(self._own_turns) and not (self._searches and not is_released)
        wanted = Standing(
            instructions.strip(),
            tuple(str(tool.get("name")) for tool in tools),
            is_written,
            is_asked,
        )
        if wanted == before:
            return
        change: dict[str, Any] = {"type": "realtime", "instructions": instructions, "tools": tools}
        heard = dict[str, Any]()
        if is_written != before.is_written:
            heard["transcription"] = (
                Transcription().model_dump(exclude_none=True) if is_written else None
            )
        if is_asked != before.is_asked:
            heard["turn_detection"] = {**(self._own_turns or {}), "create_response": is_asked}
        if heard:
            change["audio"] = {"input": heard}
        self._asked.append(Asked(self.session.update(change, now_s), wanted, frozenset(heard)))


def _standing(session: Mapping[str, Any]) -> Standing:
    return Standing(
        str(session.get("instructions") or "").strip(),
        tuple(str(tool.get("name")) for tool in session.get("tools") or []),
        is_transcribed(session),
        answers_by_itself(turn_detection_of(session)),
    )


def _ids(context: Context) -> Ids:
    """Of its own in each call of each context, and the same when a simulated run is repeated."""
    return Ids(int.from_bytes(f"{context.id}/{context.calls}".encode(), "big"))
