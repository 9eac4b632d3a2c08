"""Acts of a recorded session, done on its page as a person would do them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from playwright.async_api import Error as PlaywrightError
from playwright.async_api import expect

from harness.errors import UsageError
from harness.typed_commands import Click, Command, Fill, Hold, Press, Release

if TYPE_CHECKING:
    from playwright.async_api import Page

ACT_WITHIN_MS = 5000.0


async def act_on_page(page: Page, command: Command) -> None:
    """Do it; the page's recorder sees it as it sees what a hand does.

    Raises:
        UsageError: it could not be done; ``found`` says why.
    """
    try:
        await _act(page, command)
    except (PlaywrightError, AssertionError) as error:
        raise UsageError(
            "This could not be done on the page.",
            expected=_shown(command),
            found=str(error).splitlines()[0],
        ) from error


async def _act(page: Page, command: Command) -> None:
    match command:
        case Click(selector):
            await page.locator(selector).click(timeout=ACT_WITHIN_MS)
        case Fill(selector, text):
            field = page.locator(selector)
            await field.select_text(timeout=ACT_WITHIN_MS)
            await field.press_sequentially(text)  # the recorder hears keys alone
        case Press(key):
            await page.keyboard.press(key)
        case Hold(selector):
            button = page.locator(selector)
            await expect(button).to_be_enabled(timeout=ACT_WITHIN_MS)
            await button.hover(timeout=ACT_WITHIN_MS)
            await page.mouse.down()
        case Release():
            await page.mouse.up()


def _shown(command: Command) -> str:
    """As it was typed, without a field's text, which may be a password."""
    match command:
        case Click(what) | Press(what) | Hold(what) | Fill(what, _):
            return f"{type(command).__name__.lower()} {what}"
    return type(command).__name__.lower()
