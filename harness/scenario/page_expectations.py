"""Expectations on the page: what its user can see there, and the sentence for each."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Annotated, Any, ClassVar

from pydantic import Field, model_validator

from harness.engines.browser.targets import read_target
from harness.plain_data import Data, RegularExpression
from harness.scenario.locators import Element, Selector, Some
from harness.scenario.page_steps import InTime, OnElement


class Fits(InTime):
    """A text of the page, compared in one way; spaces and line ends in a row count as one space."""

    is_: str | None = Field(default=None, alias="is", description="the whole text")
    contains: Some | None = Field(default=None, description="a part of it")
    matches: Annotated[RegularExpression, Field(min_length=1)] | None = Field(
        default=None, description="a regular expression that is found in it"
    )

    may_be_any: ClassVar[bool] = False

    @model_validator(mode="after")
    def _in_one_way(self) -> Fits:
        ways = [way for way in (self.is_, self.contains, self.matches) if way is not None]
        if len(ways) > 1 or not (ways or self.may_be_any):
            raise ValueError("compare it in one way: `is`, `contains` or `matches`")
        return self

    @property
    def in_words(self) -> str:
        """As in "is “Kim”"."""
        if self.is_ is not None:
            return f"is “{self.is_}”"
        if self.contains is not None:
            return f"contains “{self.contains}”"
        return f"matches “{self.matches}”"


class TextOf(Fits):
    """The text that an element shows, or the value that a field holds."""

    of: Element


class AttributeOf(Fits):
    """An attribute of an element; without a comparison: it is there."""

    may_be_any: ClassVar[bool] = True

    of: Element
    name: Some

    @property
    def in_words(self) -> str:
        """As in "is “Kim”"."""
        compared = (self.is_, self.contains, self.matches) != (None, None, None)
        return super().in_words if compared else "is there"


class CountOf(InTime):
    """How many elements there are of a kind."""

    of: Element
    is_: Annotated[int, Field(alias="is", ge=0)]


class Address(Fits):
    """The address that the page has."""


@dataclass(frozen=True)
class PageCheck:
    """One thing that is expected of the page."""

    kind: str
    """As the scenario calls it: visible, text, and so on."""

    content: dict[str, Any]
    """As engines take it: the element as ``of``, and what is wanted of it."""

    text: str
    """As a sentence."""

    within_s: float | None


class PageExpectation(Data):
    """What the user of the page must come to see. Everything given must hold."""

    visible: Selector | OnElement | None = Field(default=None, description="it can be seen")
    hidden: Selector | OnElement | None = Field(
        default=None, description="it cannot be seen, or is not there"
    )
    text: TextOf | None = Field(default=None, description="the text that an element shows")
    value: TextOf | None = Field(default=None, description="what a field holds")
    count: CountOf | None = Field(default=None, description="how many there are")
    url: Some | Address | None = Field(
        default=None,
        description="the page's address: a glob, as `**/menu` or `/menu`; or compared otherwise",
    )
    attribute: AttributeOf | None = Field(default=None, description="an element's attribute")

    @model_validator(mode="after")
    def _expects_something(self) -> PageExpectation:
        if not self.model_dump(exclude_none=True):
            raise ValueError(f"expects nothing: give {', '.join(type(self).model_fields)}")
        return self

    @property
    def checks(self) -> list[PageCheck]:
        """Each of its parts."""
        return list(self._checks())

    @property
    def in_words(self) -> str:
        """In one line."""
        return "; ".join(check.text for check in self.checks)

    def _checks(self) -> Iterator[PageCheck]:
        for kind in type(self).model_fields:
            part = getattr(self, kind)
            if part is None:
                continue
            content = _content(kind, part)
            within_s = None if isinstance(part, str) else part.within_s
            yield PageCheck(kind, content, _sentence(kind, part, content), within_s)


def _content(kind: str, part: Any) -> dict[str, Any]:
    if isinstance(part, str):
        return {"glob" if kind == "url" else "of": part}
    content = part.model_dump(exclude_none=True, by_alias=True, exclude={"within_s"})
    return {"of": content} if isinstance(part, OnElement) else dict(content)


def _sentence(kind: str, part: Any, content: dict[str, Any]) -> str:
    if kind == "url":
        wanted = f"is “{part}”" if isinstance(part, str) else part.in_words
        return f"the page's address {wanted}"
    element = read_target(content["of"])
    if kind in ("visible", "hidden"):
        return f"{element} is {kind}"
    if kind == "count":
        times = {0: "not at all", 1: "once"}.get(part.is_, f"{part.is_} times")
        return f"{element} is there {times}"
    what = f"attribute “{part.name}”" if kind == "attribute" else kind
    return f"the {what} of {element} {part.in_words}"
