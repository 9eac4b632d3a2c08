"""A rule for the dialogs of a page: `dialogs: [{contains: …, answer: dismiss}]`."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from harness.plain_data import Data


class DialogRule(Data):
    """How a dialog of the page is answered whose text holds `contains`."""

    contains: str = Field(description="part of its text, case ignored")
    answer: Literal["accept", "dismiss"] = "accept"
    prompt: str | None = Field(default=None, description="what is typed into a prompt()")
