"""Expectations of a page that tells little: judged by ear, or refused with the reason."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from fnmatch import fnmatchcase

from harness.call.call import Call
from harness.call.events import CallEvent
from harness.call.sent_words import SentWords
from harness.facts.catalogue import CATALOGUE
from harness.protocols.by_ear import WHY, ByEar
from harness.protocols.interface import VoiceProtocol
from harness.scenario.expectations import (
    Judgement,
    judge_tool,
    judge_user_words,
    tool_text,
)
from harness.scenario.tool_wishes import ToolCall
from harness.speech.words import missing_words

AS_SENT = "as sent, by our own ear: the page told no transcript"

CUT_BY_EAR = "by ear: the page tells no interruption, so this is when the voice fell silent"

SEEN = frozenset(
    type for source, type in CATALOGUE if source in ("page", "harness") and type != "error"
)
"""Events of the browser and of the harness: they come whatever a page speaks. An error is told in
the trace alone, and who names that event means the service's."""

NAME_IT = "name it (`page: {protocol: module:name}`), or leave the expectation out"


async def judge_words_of_user(call: Call, words: list[str], within_s: float) -> Judgement:
    """What the user was understood to say; by our own ear, where nobody tells that in this call."""
    transcript = None
    if "user_words" in call.protocol.tells_now():
        transcript = await call.user_transcript(within_s)
    if not tells_user_words(call.protocol, call.user_transcripts):
        return judge_sent_words(words, await call.sent_words())
    judged = judge_user_words(words, transcript)
    if transcript is None:
        judged = replace(judged, evidence=f"no transcript of this turn came in {within_s:g} s")
    return judged


def judge_sent_words(words: list[str], sent: SentWords | None) -> Judgement:
    """The words of the user in what was sent, where the page tells nobody what was understood."""
    listed = ", ".join(f"“{word}”" for word in words)
    text = f"the user was sent saying {listed}"
    if sent is None:
        return Judgement("user_words", text, False, "the user has said nothing yet")
    found = f"heard: “{sent.text}” ({AS_SENT})"
    if sent.unsent:
        found = f"the page did not send all of it, {sent.unsent}; {found}"
        return Judgement("user_words", text, False, found)
    missing = missing_words(sent.text, words)
    if missing:
        found += f"; missing {', '.join(f'“{word}”' for word in missing)}"
    return Judgement("user_words", text, not missing, found)


def tells_user_words(protocol: VoiceProtocol, told: Mapping[str, str]) -> bool:
    """Whether what was understood of the user is the protocol's to tell in this call.

    Args:
        told: what it has told so far, by turn.
    """
    if told:
        return "user_words" in protocol.tells
    return "user_words" in protocol.tells_now() and not protocol.user_words_may_lack


def no_tools(protocol: VoiceProtocol) -> str | None:
    """Why no tool call can be seen, in words; None: the protocol tells them."""
    if "tools" in protocol.tells:
        return None
    if isinstance(protocol, ByEar):
        return f"{WHY}: no tool call can be seen. If it has a protocol, {NAME_IT}"
    return f"{protocol.name} tells no tool calls: look at what the call changes on the page"


def judge_tool_call(wanted: ToolCall, came: CallEvent | str, protocol: VoiceProtocol) -> Judgement:
    """A tool call beside what is wanted of it.

    Args:
        came: the call, or in words what came instead.
    """
    if not isinstance(came, str):
        return judge_tool(wanted, dict(came.data))
    why = no_tools(protocol)
    return Judgement("tool", tool_text(wanted), False, why or came, in_doubt=why is not None)


def no_such_events(protocol: VoiceProtocol, pattern: str) -> str | None:
    """Why no event of this type (a glob) can come, in words; None: one may be seen."""
    if any(fnmatchcase(type, pattern) for type in SEEN):
        return None
    return no_events(protocol)


def no_events(protocol: VoiceProtocol) -> str | None:
    """Why no event of a protocol can come, in words; None: there is a protocol."""
    if not isinstance(protocol, ByEar):
        return None
    return f"{WHY}: of events, only the browser's own are seen. If it has a protocol, {NAME_IT}"
