"""Steps in a few words, for the trace and for people who watch."""

from __future__ import annotations

from harness.call.utterance import Utterance
from harness.line.microphone_wish import MicrophoneWish
from harness.line.noise import NoiseWish
from harness.network.wish import NetworkChange
from harness.scenario.converse_step import Converse
from harness.scenario.expectations import describe
from harness.scenario.model import Expectation, Step, WaitFor
from harness.scenario.page_runner import step_text as page_step_text
from harness.scenario.said import StopSpeaking
from harness.scenario.thread_steps import Attach, WidgetPress
from harness.scenario.tool_wishes import ToolResult


def step_text(step: Step, utterance: Utterance | None) -> str:
    """A step in a few words, for the trace and for people who watch."""
    content = getattr(step, step.kind)
    if step.expect is None and step.needs_page:
        return page_step_text(step)
    if utterance is not None:
        return utterance.text or utterance.name
    if isinstance(content, WidgetPress):
        return content.in_words
    if isinstance(content, Attach):
        return content.file
    if isinstance(content, Expectation):
        return describe(content)
    if isinstance(content, Converse):
        return content.persona
    if isinstance(content, ToolResult):
        return f"{content.name} gives {content.output}"
    if isinstance(content, WaitFor):
        pause = "" if content.pause_s is None else f", and {content.pause_s:g} s"
        return content.event or f"an answer{pause}"
    if isinstance(content, NoiseWish):
        return f"{content.name}, {content.snr_db:g} dB below speech" if content.name else "off"
    if isinstance(content, MicrophoneWish):
        return content.in_words
    if isinstance(content, StopSpeaking):
        return f"within {content.fade_ms:g} ms"
    if isinstance(content, NetworkChange):
        return content.in_words()
    if isinstance(content, dict):
        return str(content.get("type", ""))
    return "" if content is True else str(content)
