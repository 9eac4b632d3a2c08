"""A conversation as data: what is said, what is expected, and how long to wait.

The models are the schema: `harness/scenario/scenario.schema.json` is generated from them and a
test keeps it current. A scenario speaks of speech, answers, interruptions and tools; only `send`
and `event` name things of a protocol, and they are plain data here.
"""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import AfterValidator, Field, model_validator

from harness.line.microphone_wish import MicrophoneWish
from harness.line.noise import NoiseWish
from harness.network.wish import NetworkChange, NetworkWish
from harness.plain_data import Data, RegularExpression
from harness.scenario.budgets import Budget
from harness.scenario.context_wish import ContextUse
from harness.scenario.converse_step import Converse
from harness.scenario.device_step import DeviceStep
from harness.scenario.durations import Positive, Seconds
from harness.scenario.event_steps import refuse_events
from harness.scenario.findings_wish import FindingsWish, IgnoredFindings
from harness.scenario.interruption import Interruption
from harness.scenario.key_names import known_key
from harness.scenario.locators import MaybeLocator, Some
from harness.scenario.must_not import MustNot
from harness.scenario.page_expectations import PageExpectation
from harness.scenario.page_steps import HangUp, InTime, PageStep
from harness.scenario.page_under_test import PageUnderTest
from harness.scenario.quality_bounds import AnswerQuality, QualityBounds
from harness.scenario.said import Say, Speech, StopSpeaking
from harness.scenario.stats_wish import StatsWish
from harness.scenario.thread_expectations import ThreadExpectation
from harness.scenario.thread_steps import Attach, Name, WidgetPress
from harness.scenario.tool_wishes import ToolCall, ToolResult
from harness.speech.words import can_be_looked_for


def _can_be_looked_for(word: str) -> str:
    if not can_be_looked_for(word):
        raise ValueError(f"“{word}” is no word that can be looked for, so it would always hold")
    return word


FromStart = Annotated[
    Literal["start"] | None,
    Field(
        alias="from",
        description="`start`: with `event`, one from before the user's last action counts, too, "
        "and one that another step has taken",
    ),
]

Tag = Annotated[str, Field(pattern=r"^[A-Za-z0-9][A-Za-z0-9_.-]*$", max_length=40)]

Words = Annotated[list[Annotated[str, AfterValidator(_can_be_looked_for)]], Field(min_length=1)]
"""An empty list would hold whatever is heard."""


def _only_with_event(from_: str | None, event: str | None) -> None:
    if from_ is not None and event is None:
        raise ValueError("`from: start` says where to look for an `event`, and none is given")


class Absent(Data):
    """What must not come, from the user's last action until `within_s` from now."""

    event: str | None = Field(default=None, description="a protocol event (a glob)")
    tool: ToolCall | None = Field(default=None, description="a tool call")
    words: Words | None = Field(
        default=None, description="words in any answer of this time, and none of them may come"
    )
    within_s: Positive | None = Field(default=None, description="how long; see defaults.event_s")

    @model_validator(mode="after")
    def _one(self) -> Absent:
        if sum(one is not None for one in (self.event, self.tool, self.words)) != 1:
            raise ValueError("needs one of `event`, `tool` and `words`")
        return self


class Expectation(Data):
    """What must happen next. Everything given must hold."""

    words: Words | None = Field(
        default=None, description="words that must be heard in the next answer, in any order"
    )
    phrase: Annotated[str, AfterValidator(_can_be_looked_for)] | None = Field(
        default=None, description="words that must be heard in it next to each other, in this order"
    )
    pattern: Annotated[RegularExpression, Field(min_length=1)] | None = Field(
        default=None,
        description="a regular expression that the next answer must match (case ignored)",
    )
    not_words: Words | None = Field(default=None, description="words that must not be heard in it")
    voice_to_voice_s: Positive | None = Field(
        default=None, description="the answer starts at most this long after the user's last sound"
    )
    quality: AnswerQuality | None = Field(
        default=None, description="how the next answer sounds against a known recording"
    )
    user_quality: QualityBounds | None = Field(
        default=None, description="how the server received what the user said last"
    )
    user_words: Words | None = Field(
        default=None, description="words that the transcript of what the user said must contain"
    )
    event: str | None = Field(default=None, description="a protocol event that must come (a glob)")
    from_: FromStart = None
    tool: ToolCall | None = Field(default=None, description="a tool call that must come")
    no_answer: Literal[True] | None = Field(
        default=None, description="true: nothing may be heard for `within_s` seconds"
    )
    page: PageExpectation | None = Field(
        default=None, description="what must be seen on the page; see defaults.page_s"
    )
    stats: StatsWish | None = Field(
        default=None, description="bounds on getStats since the user began to speak last"
    )
    thread: ThreadExpectation | None = Field(
        default=None, description="what must stand in the context's thread; see defaults.event_s"
    )
    absent: Absent | None = Field(
        default=None, description="an event, a tool call or words that must not come in a time"
    )
    any_of: Annotated[list[Expectation], Field(min_length=2)] | None = Field(
        default=None, description="expectations of which one has to hold; of the same next answer"
    )
    soft: bool = Field(
        default=False, description="true: noted where it does not hold, and nothing fails"
    )
    within_s: Positive | None = Field(default=None, description="how long to wait; see defaults")

    @model_validator(mode="after")
    def _expects_something(self) -> Expectation:
        given = self.model_dump(exclude_none=True, exclude={"within_s", "from_", "soft"})
        if not given:
            raise ValueError(
                "expects nothing: give words, phrase, pattern, not_words, voice_to_voice_s, "
                "quality, user_quality, user_words, event, tool, page, stats, thread, no_answer, "
                "absent or any_of"
            )
        for name in ("absent", "any_of"):
            if name in given and (len(given) > 1 or self.within_s is not None):
                raise ValueError(f"`{name}` stands alone: what belongs to it is within it")
        if any(one.any_of or one.soft for one in self.any_of or ()):
            raise ValueError("`any_of` holds plain expectations: no other any_of, nothing soft")
        if any(one.quality or one.user_quality for one in self.any_of or ()):
            raise ValueError("`any_of` chooses by words, latency, events and tools, not by quality")
        if self.no_answer and len(given) > 1:
            raise ValueError("`no_answer` stands alone: no answer can have words or a latency")
        _only_with_event(self.from_, self.event)
        return self

    @property
    def wants_answer(self) -> bool:
        """Whether it is about the next answer."""
        about = (self.words, self.phrase, self.pattern, self.not_words, self.voice_to_voice_s)
        return any(part is not None for part in (*about, self.quality))


class WaitFor(Data):
    """Wait without judging (beyond that it comes at all)."""

    event: str | None = Field(default=None, description="a protocol event (a glob)")
    from_: FromStart = None
    answer: Literal[True] | None = Field(
        default=None, description="true: until the next answer is over"
    )
    pause_s: Seconds | None = Field(
        default=None, description="with `answer`: go on so long after its last sound"
    )
    within_s: Positive | None = None

    @model_validator(mode="after")
    def _one(self) -> WaitFor:
        if (self.event is None) == (self.answer is None):
            raise ValueError("needs either `event` or `answer: true`")
        if self.pause_s is not None and self.answer is None:
            raise ValueError("`pause_s` counts from the end of an `answer`, and none is waited for")
        _only_with_event(self.from_, self.event)
        return self


class Hold(MaybeLocator, InTime):
    """The mouse held down on an element, or a key, for as long as something is said."""

    key: Annotated[Some, AfterValidator(known_key)] | None = Field(
        default=None, description="as Playwright calls it: `Space`"
    )
    while_: str | Speech = Field(alias="while", description="what is said meanwhile")

    @model_validator(mode="after")
    def _something(self) -> Hold:
        if self.names_an_element == (self.key is not None):
            raise ValueError("holds an element (by role, text, css and so on) or a `key`")
        return self


class Use(Data):
    """Steps of another file, put in here."""

    steps: str = Field(description="a file with `shared_steps`, relative to this one")
    with_: dict[str, Any] = Field(
        default_factory=dict, alias="with", description="values for its arguments"
    )


class Repeat(Data):
    """Steps that are taken several times."""

    times: int | str | None = Field(default=None, description="how often")
    until: Expectation | None = Field(
        default=None, description="asked after each round; where it holds, no other round follows"
    )
    at_most: int | str | None = Field(default=None, description="rounds, where there is an `until`")
    steps: Annotated[list[Step | str], Field(min_length=1)]


class Step(PageStep):
    """One step; exactly one of its fields is given."""

    say: str | Say | None = Field(default=None, description="speak, and go on when it was said")
    type: str | None = Field(
        default=None,
        min_length=1,
        description="write a message, as in a chat beside the call, and ask for an answer",
    )
    attach: Name | Attach | None = Field(
        default=None, description="a file for the next message in the context's thread"
    )
    stop: Literal[True] | StopSpeaking | None = Field(
        default=None, description="say no more of what is being said, as after `wait: false`"
    )
    expect: Expectation | None = Field(default=None, description="what must happen now")
    interrupt: Interruption | None = Field(default=None, description="barge into the next answer")
    converse: Annotated[str, Field(min_length=1)] | Converse | None = Field(
        default=None, description="let a caller that thinks speak, until their talk ends"
    )
    wait: WaitFor | None = Field(
        default=None, description="wait for an event or the end of an answer"
    )
    silence: Positive | None = Field(default=None, description="say nothing for so many seconds")
    mute: bool | Positive | None = Field(
        default=None, description="true/false: microphone off/on; a number: off for so many seconds"
    )
    device: DeviceStep | None = Field(
        default=None, description="plug or unplug the microphone, deny or allow it to the page"
    )
    tool_result: ToolResult | None = Field(
        default=None, description="answer a tool call, and let the assistant go on"
    )
    end_turn: Literal[True] | None = Field(
        default=None, description="true: end the user's turn by hand"
    )
    send: dict[str, Any] | None = Field(default=None, description="a protocol event, sent as it is")
    network: NetworkChange | None = Field(
        default=None, description="the network from here on, between the page and its remote peers"
    )
    noise: NoiseWish | None = Field(
        default=None, description="the noise behind the user's voice from here on; `off`"
    )
    microphone: MicrophoneWish | None = Field(
        default=None, description="what the microphone does to its sound from here on; `clean`"
    )
    hold: Hold | None = Field(
        default=None, description="push to talk: press, speak, release; an element or a `key`"
    )
    hang_up: Literal[True] | HangUp | None = Field(
        default=None, description="close the call; `click`: by the page's own button"
    )
    use: str | Use | None = Field(default=None, description="steps of a file that others use, too")
    repeat: Repeat | None = Field(
        default=None, description="steps that are taken several times, or until something holds"
    )

    @model_validator(mode="before")
    @classmethod
    def _exactly_one(cls, value: Any) -> Any:
        if isinstance(value, str):
            value = {value: True}
        if isinstance(value, dict):
            if len(value) != 1:
                raise ValueError(
                    f"a step has exactly one of {', '.join(STEP_KINDS)}; found "
                    + (", ".join(map(str, value)) or "none")
                )
            kind, content = next(iter(value.items()))
            if content in (None, {}) and kind in ("hang_up", "end_turn", "stop"):
                return {kind: True}
            if content is None:
                raise ValueError(f"`{kind}` needs a value")
        return value

    @property
    def needs_page(self) -> bool:
        """Whether an engine without a page cannot take it."""
        if self.expect is not None:
            return any(one.page for one in (self.expect, *(self.expect.any_of or ())))
        is_in_thread = isinstance(self.press, WidgetPress)
        return isinstance(self.hang_up, HangUp) or (self.kind in PAGE_KINDS and not is_in_thread)


Repeat.model_rebuild()

PAGE_KINDS = frozenset({"hold", "device", *PageStep.model_fields})
STEP_KINDS: tuple[str, ...] = (
    *(kind for kind in Step.model_fields if kind not in PageStep.model_fields),
    *PageStep.model_fields,
)
"""What is said and heard comes first."""


class Defaults(Data):
    """How long to wait where a step does not say."""

    connect_s: Positive = 20
    answer_s: Positive = Field(default=15, description="for an answer to be over")
    event_s: Positive = 10
    page_s: Positive = Field(
        default=5, description="for a step on the page, and for what is expected of the page"
    )


class Scenario(Data):
    """One scripted conversation."""

    name: Annotated[str, Field(pattern=r"^[A-Za-z0-9][A-Za-z0-9_.-]*$", max_length=80)]
    description: str = ""
    tags: list[Tag] = Field(default_factory=list, description="what it is chosen by: --tag smoke")
    variables: dict[str, Any] = Field(
        default_factory=dict, description="values for ${name}, where nothing else gives one"
    )
    each: str | list[dict[str, Any]] | None = Field(
        default=None, description="a table, or a CSV file: one run a row, with its variables"
    )
    timeout_s: Annotated[float, Field(gt=0, le=86_400)] | None = Field(
        default=None, description="for all steps together; what is not over then has failed"
    )
    page: PageUnderTest = PageUnderTest()
    context: str | ContextUse | None = Field(
        default=None,
        description="a context's YAML file: what the call knows from before and keeps for later",
    )
    session: dict[str, Any] = Field(
        default_factory=dict, description="session settings for our own page, partial"
    )
    assistant: dict[str, Any] | None = Field(
        default=None, description="what the local server's assistant says: rules as data"
    )
    network: NetworkWish | None = Field(
        default=None, description="what packets meet between the page and its remote peers"
    )
    noise: NoiseWish | None = Field(
        default=None, description="what sounds behind the user's voice, as `cafe`"
    )
    microphone: MicrophoneWish | None = Field(
        default=None, description="what the microphone does to its sound, as `telephone`"
    )
    defaults: Defaults = Defaults()
    findings: FindingsWish | None = Field(
        default=None, description="what may be wrong with the call: `none`, or findings by name"
    )
    stats: StatsWish | None = Field(
        default=None, description="bounds on getStats over the call: {concealment: < 1 %}"
    )
    ignore_findings: IgnoredFindings = Field(
        default_factory=dict, description="findings that do not count, each with the reason why"
    )
    budgets: list[Budget] = Field(
        default_factory=list, description="bounds on numbers over all turns, judged at the end"
    )
    must_not: list[MustNot] = Field(
        default_factory=list, description="tools that must not be called, judged at the end"
    )
    public_variables: list[str] = Field(
        default_factory=list,
        description="names of variables whose values are no secrets: these are shown",
    )
    secret_variables: list[str] = Field(
        default_factory=list,
        description="names of variables that are secrets, though the environment did not give them",
    )
    allow_problems: list[str] = Field(
        default_factory=list,
        description="codes of problems (errors) that the service may report without failing the "
        "scenario (globs); those that a step waits for as an `event` are expected anyway. "
        "second_answer allows two answers to one turn, own_voice an answer that is what a user "
        "said, played again",
    )
    steps: Annotated[list[Step], Field(min_length=1)]

    @model_validator(mode="after")
    def _needs_its_protocol(self) -> Scenario:
        refuse_events(self.page.protocol, self.steps)
        return self
