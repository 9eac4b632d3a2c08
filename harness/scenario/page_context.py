"""The browser context of a scenario's page, with Playwright's names for its options."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import Field

from harness.plain_data import Data

Pixels = Annotated[int, Field(gt=0, le=16_384)]


class Viewport(Data):
    """The size of the page, in CSS pixels."""

    width: Pixels
    height: Pixels


class Geolocation(Data):
    """Where the page finds itself, in degrees and metres; needs the permission `geolocation`."""

    latitude: Annotated[float, Field(ge=-90, le=90)]
    longitude: Annotated[float, Field(ge=-180, le=180)]
    accuracy: Annotated[float, Field(ge=0)] | None = None


class PageContext(Data):
    """Options of the context; what is not given is as Playwright has it."""

    storage_state: str | None = Field(
        default=None,
        description="cookies and storage of a login that was saved with Playwright: a file, "
        "relative to the scenario",
    )
    ignore_https_errors: bool | None = Field(
        default=None, description="true: accept a certificate that nobody vouches for"
    )
    viewport: Viewport | None = Field(default=None, description="the page's size, in CSS pixels")
    locale: str | None = Field(default=None, description="the user's language, as `de-DE`")
    timezone_id: str | None = Field(default=None, description="as `Europe/Berlin`")
    geolocation: Geolocation | None = Field(default=None, description="where the user is")
    permissions: list[str] | None = Field(
        default=None, description="granted beside the microphone, as `geolocation`"
    )
    color_scheme: Literal["light", "dark", "no-preference"] | None = Field(
        default=None, description="what the user prefers"
    )
    bypass_csp: bool | None = Field(
        default=None, description="true: the page's content security policy does not count"
    )

    def context_options(self, folder: Path) -> dict[str, Any]:
        """What Playwright's ``new_context`` takes of it; files are looked up in ``folder``."""
        options = self.model_dump(exclude_none=True, include=set(PageContext.model_fields))
        if self.storage_state is not None:
            options["storage_state"] = str(folder / self.storage_state)
        return options
