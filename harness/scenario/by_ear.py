"""Expectations of a page that tells little: judged by ear, or refused with the reason."""

from __future__ import annotations

from harness.call.sent_words import SentWords
from harness.protocols.by_ear import WHY, ByEar
from harness.protocols.interface import VoiceProtocol
from harness.scenario.expectations import Judgement
from harness.speech.words import missing_words

AS_SENT = "as sent, by our own ear: the page told no transcript"

NAME_IT = "name it (`page: {protocol: module:name}`), or leave the expectation out"


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


def no_tools(protocol: VoiceProtocol) -> str | None:
    """Why no tool call can be seen, in words; None: the protocol tells them."""
    if "tools" in protocol.tells:
        return None
    if isinstance(protocol, ByEar):
        return f"{WHY}: no tool call can be seen. If it has a protocol, {NAME_IT}"
    return f"{protocol.name} tells no tool calls: look at what the call changes on the page"


def no_events(protocol: VoiceProtocol) -> str | None:
    """Why no event of a protocol can come, in words; None: there is a protocol."""
    if not isinstance(protocol, ByEar):
        return None
    return f"{WHY}: of events, only the browser's own are seen. If it has a protocol, {NAME_IT}"
