"""Elements of a page, as a scenario names them: by a selector, or by what a user sees."""

from __future__ import annotations

import difflib
from typing import Annotated, Any, Literal, TypeVar

from pydantic import AfterValidator, Field, model_validator

from harness.engines.browser.targets import WAYS, read_target
from harness.plain_data import Data

Selector = Annotated[str, Field(min_length=1)]
"""Any selector of Playwright's, as `#start`, `text=Call us`, `[name=email] >> nth=0`."""

Some = Annotated[str, Field(min_length=1)]
Window = Literal["popup"] | Annotated[int, Field(ge=1, le=20)]


ROLES = frozenset({
    "alert", "alertdialog", "application", "article", "banner", "blockquote", "button", "caption",
    "cell", "checkbox", "code", "columnheader", "combobox", "complementary", "contentinfo",
    "definition", "deletion", "dialog", "directory", "document", "emphasis", "feed", "figure",
    "form", "generic", "grid", "gridcell", "group", "heading", "img", "insertion", "link", "list",
    "listbox", "listitem", "log", "main", "marquee", "math", "menu", "menubar", "menuitem",
    "menuitemcheckbox", "menuitemradio", "meter", "navigation", "none", "note", "option",
    "paragraph", "presentation", "progressbar", "radio", "radiogroup", "region", "row",
    "rowgroup", "rowheader", "scrollbar", "search", "searchbox", "separator", "slider",
    "spinbutton", "status", "strong", "subscript", "superscript", "switch", "tab", "table",
    "tablist", "tabpanel", "term", "textbox", "time", "timer", "toolbar", "tooltip", "tree",
    "treegrid", "treeitem",
})  # fmt: skip
"""Those of WAI-ARIA that Playwright finds."""


def _is_a_role(role: str) -> str:
    if role not in ROLES:
        close = difflib.get_close_matches(role, ROLES, n=1)
        hint = f" (did you mean “{close[0]}”?)" if close else ", such as button, link, textbox"
        raise ValueError(f"“{role}” is no role{hint}")
    return role


class Named(Data):
    """What a user sees of an element; or nothing."""

    role: Annotated[Some, AfterValidator(_is_a_role)] | None = Field(
        default=None, description="its ARIA role, as `button`"
    )
    name: str | None = Field(default=None, description="with `role`: its accessible name")
    text: Some | None = Field(default=None, description="a text that it shows")
    label: Some | None = Field(default=None, description="the label of a field")
    placeholder: Some | None = Field(default=None, description="the placeholder of a field")
    test_id: Some | None = Field(default=None, description="its `data-testid`")
    css: Selector | None = Field(default=None, description="any selector of Playwright's")
    exact: bool | None = Field(
        default=None, description="true: all of the name or text, and its case, has to fit"
    )
    nth: Annotated[int, Field(ge=-1, le=10_000)] | None = Field(
        default=None, description="which of several, from 0; -1 is the last"
    )

    @model_validator(mode="after")
    def _one_way(self) -> Named:
        given = [way for way in WAYS if getattr(self, way) is not None]
        if len(given) > 1:
            raise ValueError(f"an element is named in one way, not by {' and '.join(given)}")
        if not given and (self.name, self.exact, self.nth) != (None, None, None):
            raise ValueError(f"names no element: give one of {', '.join(WAYS)}")
        if self.name is not None and given != ["role"]:
            raise ValueError("`name` is the accessible name of a `role`, and none is given")
        if self.exact is not None and (given == ["css"] or given == ["test_id"]):
            raise ValueError(f"`exact` is about a name or a text, and this is by {given[0]}")
        return self

    @property
    def names_an_element(self) -> bool:
        """Whether it says which one."""
        return any(getattr(self, way) is not None for way in WAYS)


class FrameLocator(Named):
    """An iframe of the page."""

    @model_validator(mode="after")
    def _is_there(self) -> FrameLocator:
        return _some(self)


class Place(Data):
    """Where on the page something is: a frame, a window that the page opened."""

    frame: Selector | FrameLocator | list[Selector | FrameLocator] | None = Field(
        default=None,
        description="the iframe it is in; a list: from the outermost. Without: the page, and where "
        "that does not have it, any frame",
    )
    page: Window | None = Field(
        default=None,
        description="`popup`: the window that the page opened last; 1, 2: in their order",
    )


class MaybeLocator(Named, Place):
    """An element, or none."""

    @property
    def in_words(self) -> str:
        """The element, for people."""
        return in_words(self)


class Locator(MaybeLocator):
    """An element of the page."""

    @model_validator(mode="after")
    def _is_there(self) -> Locator:
        return _some(self)


N = TypeVar("N", bound=Named)


def _some(named: N) -> N:
    if not named.names_an_element:
        raise ValueError(f"names no element: give one of {', '.join(WAYS)}")
    return named


Element = Selector | Locator
"""A text is a selector of Playwright's."""


def plain(wanted: Any) -> Any:
    """As engines take it: a selector, or plain data."""
    return wanted if isinstance(wanted, str) else wanted.model_dump(exclude_none=True)


def in_words(wanted: str | MaybeLocator) -> str:
    """An element, for people."""
    return str(read_target(plain(wanted)))
