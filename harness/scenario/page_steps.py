"""Steps on the page: what its user does there, before the call comes up and at any moment of it."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Annotated, Any, Literal, cast

from pydantic import AfterValidator, Discriminator, Field, Tag, WithJsonSchema, model_validator

from harness.engines.browser.targets import WAYS
from harness.plain_data import Data
from harness.scenario.key_names import known_keys
from harness.scenario.locators import Locator, MaybeLocator, Place, Selector, Some, in_words
from harness.scenario.thread_steps import WidgetPress

PageSeconds = Annotated[float, Field(gt=0, le=3600)]
Keys = Annotated[Some, AfterValidator(known_keys)]
FileName = Annotated[str, Field(pattern=r"^[A-Za-z0-9][A-Za-z0-9_.-]*$", max_length=80)]


class InTime(Data):
    """Something that may take its time."""

    within_s: PageSeconds | None = Field(
        default=None, description="how long it may take; see defaults.page_s"
    )


class OnElement(Locator, InTime):
    """An act on one element."""


class HangUp(Data):
    """The page's own button ends the call."""

    click: Selector | OnElement
    within_s: PageSeconds | None = Field(
        default=None, description="how long the call may take to end; see defaults.page_s"
    )


class Fill(Locator, InTime):
    """A text for a field; what was in it goes."""

    value: str


class Press(MaybeLocator, InTime):
    """A key, in an element or wherever the focus is."""

    key: Keys = Field(description="as Playwright calls it: `Enter`, `a`, `Control+A`")


def _press_form(value: Any) -> str:
    """A key by its name, more about it, or something in a widget of the thread."""
    if isinstance(value, WidgetPress):
        return "WidgetPress"
    if isinstance(value, dict):
        return "WidgetPress" if "widget" in value else "Press"
    return "Press" if isinstance(value, Press) else "str"


Pressing = Annotated[
    Annotated[Keys, Tag("str")]
    | Annotated[Press, Tag("Press")]
    | Annotated[WidgetPress, Tag("WidgetPress")],
    Discriminator(_press_form),
]


class Select(Locator, InTime):
    """An option of a list, by its value or by what it shows."""

    value: str | list[str]


class Upload(Locator, InTime):
    """Files for a file input."""

    files: Annotated[list[Some], Field(min_length=1)] = Field(
        description="relative to the scenario"
    )


class GoTo(InTime):
    """An address to open in the page."""

    url: Some = Field(description="also relative to the page's own")


class PageWait(MaybeLocator, InTime):
    """Wait until an element is there or not, or until the page has an address."""

    state: Literal["visible", "hidden", "attached", "detached"] = "visible"
    url: Some | None = Field(default=None, description="a glob, as `**/menu`")

    @model_validator(mode="after")
    def _for_something(self) -> PageWait:
        if self.names_an_element == (self.url is not None):
            raise ValueError(f"waits for an element (one of {', '.join(WAYS)}) or for a `url`")
        return self


class Evaluate(Place, InTime):
    """JavaScript, run in the page."""

    js: Some = Field(description="an expression, or a function that is called; may be async")


_OF_FILL = tuple(Fill.model_fields)
_SHORT_SCHEMA = {
    "type": "object",
    "additionalProperties": {"type": "string"},
    "propertyNames": {"not": {"enum": list(_OF_FILL)}},
}


def _fill_form(value: Any) -> str:
    """The short form has selectors for its keys."""
    is_short = isinstance(value, dict) and value and not value.keys() & set(_OF_FILL)
    return "dict[" if is_short else "Fill"


Filling = Annotated[
    Annotated[Fill, Tag("Fill")]
    | Annotated[dict[str, str], WithJsonSchema(_SHORT_SCHEMA), Tag("dict[")],
    Discriminator(_fill_form),
]


class PageStep(Data):
    """One thing to do on the page; exactly one of its fields is given."""

    click: Selector | OnElement | None = Field(
        default=None, description="click on an element: a Playwright selector, or what a user sees"
    )
    fill: Filling | None = Field(
        default=None, description="fill a field with `value`; or, in short, selector: text"
    )
    press: Pressing | None = Field(
        default=None,
        description="press a key, for example Enter, in an element if one is named; or something "
        "in a widget of the context's thread: {widget: Confirm}",
    )
    select: Select | None = Field(default=None, description="choose the option `value` of a list")
    check: Selector | OnElement | None = Field(default=None, description="tick a box")
    uncheck: Selector | OnElement | None = Field(default=None, description="untick a box")
    upload: Upload | None = Field(default=None, description="give `files` to a file input")
    goto: Some | GoTo | None = Field(default=None, description="open an address in the page")
    wait_for: Selector | PageWait | None = Field(
        default=None, description="wait until an element is there (`state`), or for a `url`"
    )
    screenshot: FileName | None = Field(
        default=None, description="a picture of the page, kept under this name beside the trace"
    )
    evaluate: Some | Evaluate | None = Field(
        default=None, description="run JavaScript in the page; what it gives is in the trace"
    )

    @property
    def kind(self) -> str:
        """Its keyword, as in "click"."""
        return next(iter(self.model_fields_set))


class PageOnlyStep(PageStep):
    """One thing to do on the page before there is a call."""

    @model_validator(mode="after")
    def _exactly_one(self) -> PageOnlyStep:
        if len(self.model_dump(exclude_none=True)) != 1:
            raise ValueError(f"needs exactly one of {', '.join(PAGE_KINDS)}")
        if isinstance(self.press, WidgetPress):
            raise ValueError("before the call there is no thread with a widget to press")
        return self


PAGE_KINDS: tuple[str, ...] = tuple(PageStep.model_fields)


def act_of(step: PageStep, folder: Path, within_s: float) -> dict[str, Any]:
    """A step as engines take it.

    Args:
        folder: where its files are.
        within_s: how long it may take, where it does not say.
    """
    kind = step.kind
    content = getattr(step, kind)
    if isinstance(content, str | dict):
        return {kind: content, "within_s": within_s}
    given = cast("Data", content).model_dump(exclude_none=True, by_alias=True)
    if "files" in given:
        given["files"] = [str(folder / name) for name in given["files"]]
    return {kind: given, "within_s": given.pop("within_s", within_s)}


def acts_of(steps: Sequence[PageStep], folder: Path, within_s: float) -> list[dict[str, Any]]:
    """Steps as engines take them; see `act_of`."""
    return [act_of(step, folder, within_s) for step in steps]


def page_text(step: PageStep) -> str:
    """What a step on the page is about, in words; never what is typed."""
    content = getattr(step, step.kind)
    if isinstance(content, dict):
        return ", ".join(in_words(selector) for selector in content)
    if isinstance(content, str):
        return content
    if isinstance(content, Press):
        return content.key + (f" in {content.in_words}" if content.names_an_element else "")
    if isinstance(content, MaybeLocator) and content.names_an_element:
        state = f"{content.state}: " if isinstance(content, PageWait) else ""
        return state + content.in_words
    return str(getattr(content, "url", None) or getattr(content, "js", ""))
