"""Steps in the thread of a call's context: a file is attached, something in a widget is pressed."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Any

from pydantic import Field

from harness.call.call import Call
from harness.errors import ExpectationFailed
from harness.plain_data import Data
from harness.score.judgement import Judgement

Name = Annotated[str, Field(min_length=1)]


class Attach(Data):
    """A file for a message in the context's thread."""

    file: Name = Field(description="beside the scenario or below it; elsewhere only as a full path")
    mime_type: str | None = Field(
        default=None,
        pattern=r"^[a-z]+/[A-Za-z0-9.+_-]+$",
        description="what it is, as `application/pdf`; absent: as its name says",
    )
    alone: bool = Field(
        default=False,
        description="true: it is a message of its own, and an answer is asked for; else the next "
        "`type` has it",
    )


class WidgetPress(Data):
    """Something that is pressed in a widget of the context's thread."""

    widget: Name = Field(
        description="what it shows, as `Confirm`, or its id or key; of the newest that has it"
    )
    values: dict[str, Any] = Field(
        default_factory=dict, description="what the user fills into the widget's fields, by name"
    )
    within_s: Annotated[float, Field(gt=0, le=3600)] | None = Field(
        default=None, description="how long such a widget is waited for; see defaults.event_s"
    )

    @property
    def in_words(self) -> str:
        """What is pressed, for people."""
        return f"“{self.widget}” in a widget"


class ThreadSteps:
    """The steps of one run in the thread of its call's context.

    Args:
        files: what is attached, by step number, from 1.
        within_s: how long a widget is waited for, where the step does not say.
    """

    def __init__(self, call: Call, files: Mapping[int, Path], within_s: float) -> None:
        self._call, self._files, self._within_s = call, files, within_s

    async def attach(self, number: int, wanted: str | Attach) -> None:
        """Attach a step's file; raises as `harness.call.call_context.CallContext.attach`."""
        how = as_attach(wanted)
        await self._call.context.attach(
            self._files[number], mime_type=how.mime_type, alone=how.alone
        )

    async def press(self, wanted: WidgetPress) -> list[Judgement]:
        """Press something; what it failed by."""
        within_s = wanted.within_s or self._within_s
        try:
            await self._call.context.press(wanted.widget, values=wanted.values, within_s=within_s)
        except ExpectationFailed as error:
            text = f"{wanted.in_words} is pressed"
            return [Judgement("press", text, False, error.found or error.message)]
        return []


def as_attach(wanted: str | Attach) -> Attach:
    """A file's name alone stands for what is said of it where nothing else is."""
    return wanted if isinstance(wanted, Attach) else Attach(file=wanted)
