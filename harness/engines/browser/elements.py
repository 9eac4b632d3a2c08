"""Elements of a page, its frames and the windows that it opened, as Playwright's locators."""

from __future__ import annotations

import asyncio
from typing import Any, cast

from playwright.async_api import Error as PlaywrightError
from playwright.async_api import Frame, FrameLocator, Locator, Page

from harness.engines.browser.targets import Target
from harness.errors import UsageError

LOOK_EVERY_S = 0.1

PRESSABLE = ", ".join(
    [
        "a[href], button, input, select, textarea, summary, label",
        *(f"[role={role}]" for role in ("button", "link", "tab", "switch", "checkbox", "radio")),
        *(f"[role={role}]" for role in ("menuitem", "option")),
    ]
)
"""What is there to be clicked on, as a selector."""


class Elements:
    """Finds what targets name.

    Args:
        page: of the call; its context is its own, so that other pages in it are windows it opened.
    """

    def __init__(self, page: Page) -> None:
        self.page = page

    @property
    def windows(self) -> list[Page]:
        """The windows that the page opened and that are open, the oldest first."""
        return [each for each in self.page.context.pages if each is not self.page]

    def window(self, number: int | None) -> Page | None:
        """The page itself, or a window, see `Target.window`; None: there is no such one."""
        if number is None:
            return self.page
        windows = self.windows  # 0, the newest, is the last of them
        return windows[number - 1] if number <= len(windows) and windows else None

    async def find(self, target: Target) -> Locator | None:
        """Where the target is now; matches nothing where it is nowhere. None: no such window.

        Without frames of its own it is looked for in the page, then in its frames; the first
        document that has it counts.

        Raises:
            UsageError: the selector cannot be read.
        """
        page = self.window(target.window)
        if page is None:
            return None
        if target.frames:
            return locator_in(_frame_of(page, target.frames), target)
        for frame in page.frames:
            located = locator_in(frame, target)
            if await _matches(located, target):
                return located
        return locator_in(page, target)

    async def wait(self, target: Target, within_s: float) -> Locator | None:
        """As `find`, once there is such an element; None where there was none in time."""
        loop = asyncio.get_running_loop()
        until_s = loop.time() + within_s
        while True:
            located = await self.find(target)
            if located is not None and await _matches(located, target):
                return located
            if loop.time() >= until_s:
                return None
            await asyncio.sleep(LOOK_EVERY_S)


async def only_pressable(located: Locator) -> Locator | None:
    """The one of several elements that a person would press; None: it is not just one.

    A word stands in a heading, in a paragraph and on a button; who says “click on it” means the
    button. What is inside it counts as the button itself.
    """
    index = await located.evaluate_all(
        """(elements, pressable) => {
            const seen = elements.map((one) => one.checkVisibility() && one.closest(pressable));
            const buttons = new Set(seen.filter(Boolean));
            return buttons.size === 1 ? seen.findIndex(Boolean) : -1;
        }""",
        PRESSABLE,
    )
    return located.nth(index) if index >= 0 else None


def locator_in(scope: Page | Frame | FrameLocator, target: Target) -> Locator:
    """Playwright's locator for a target in a document."""
    what, exact = target.what, target.exact or None
    match target.way:
        case "role":
            found = scope.get_by_role(cast("Any", what), name=target.name, exact=exact)
        case "text":
            found = scope.get_by_text(what, exact=exact)
        case "label":
            found = scope.get_by_label(what, exact=exact)
        case "placeholder":
            found = scope.get_by_placeholder(what, exact=exact)
        case "test_id":
            found = scope.get_by_test_id(what)
        case _:
            found = scope.locator(what)
    return found if target.nth is None else found.nth(target.nth)


def _frame_of(page: Page, frames: tuple[Target, ...]) -> FrameLocator:
    scope: Page | FrameLocator = page
    for frame in frames:
        scope = locator_in(scope, frame).content_frame
    return cast("FrameLocator", scope)


async def _matches(located: Locator, target: Target) -> bool:
    try:
        return await located.count() > 0
    except PlaywrightError as error:
        if "while parsing" in error.message or "Unknown engine" in error.message:
            raise unreadable(target, error) from error
        return False  # its frame went away meanwhile


def unreadable(target: Target, error: PlaywrightError) -> UsageError:
    """The error for a selector that Playwright cannot read."""
    return UsageError(
        f"The selector {target} cannot be read.",
        expected="a selector of Playwright's, or a mapping such as {role: button, name: Call us}",
        found=error.message.splitlines()[0],
    )
