"""Dialogs of a page: answered as a scenario says, else as a user who wants the call."""

from __future__ import annotations

import asyncio

from playwright.async_api import Dialog, Page
from playwright.async_api import Error as PlaywrightError

from harness.browser.page_watch import LONGEST_TEXT, Note
from harness.call.dialog_answers import DialogAnswers, Reply, reply_to
from harness.facts.browser import DialogAnswered


def answer_dialogs(page: Page, wishes: DialogAnswers, note: Note) -> None:
    """Answer the page's dialogs from now on; each is noted as ``page.dialog``."""
    answering: set[asyncio.Task[None]] = set()

    def opened(dialog: Dialog) -> None:
        reply = reply_to(dialog.type, dialog.message, wishes)
        text = dialog.message[:LONGEST_TEXT]
        note(DialogAnswered(dialog.type, text, reply.answer))
        task = asyncio.ensure_future(_answer(dialog, reply))
        answering.add(task)
        task.add_done_callback(answering.discard)

    page.on("dialog", opened)


async def _answer(dialog: Dialog, reply: Reply) -> None:
    try:
        if reply.answer == "dismiss":
            await dialog.dismiss()
        elif dialog.type == "prompt":
            await dialog.accept(dialog.default_value if reply.prompt is None else reply.prompt)
        else:
            await dialog.accept()
    except PlaywrightError:
        pass  # a test has answered it itself, or the page is gone
