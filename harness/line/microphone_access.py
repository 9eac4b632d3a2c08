"""Words for whether a page gets a microphone, and who decides it."""

from __future__ import annotations

from typing import Literal, Protocol

MicrophoneAccess = Literal["allow", "deny", "dismiss", "none"]
"""deny: the user says no; dismiss: the user closes the question; none: there is no microphone.

A page sees NotAllowedError for deny and dismiss, and NotFoundError for none.
"""


PageMicrophoneWish = Literal["allow", "deny", "dismiss", "none", "device"]
"""The same before a page is opened; device: it finds a sound device of the machine, and is allowed
to use it."""


class PageMicrophone(Protocol):
    """A microphone that a page has to ask for."""

    async def set_access(self, access: MicrophoneAccess) -> None:
        """From now on the page gets it so; what is open ends with "none" and "deny".

        The page is told as by a browser: "ended" of its tracks, "devicechange" where a microphone
        comes or goes, "change" of its permission.
        """
        ...
