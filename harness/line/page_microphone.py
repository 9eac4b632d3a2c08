"""The microphone of a page, which a line without a page does not have."""

from __future__ import annotations

from typing import cast

from harness.errors import UsageError
from harness.line.interface import Line
from harness.line.microphone_access import MicrophoneAccess, PageMicrophone


async def change_access(line: Line, access: MicrophoneAccess) -> None:
    """Whether the page of a line gets its microphone from now on.

    Raises:
        UsageError: the engine has no page.
    """
    if not line.capabilities.has_page:
        raise UsageError(
            "There is no page that could lose its microphone.",
            expected="a call of a page",
            found=f"the {line.capabilities.engine} engine",
            hint="run it with the browser engine",
        )
    await cast("PageMicrophone", line.microphone).set_access(access)
