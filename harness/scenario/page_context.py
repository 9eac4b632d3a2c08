"""The browser context of a scenario's page, with Playwright's names for its options."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, Field, ValidationInfo, field_validator

from harness.plain_data import Data
from harness.scenario.page_access import Cookie, Headers, HttpCredentials, Proxy, secrets_in_headers
from harness.scenario.page_checks import (
    known_form_of_locale,
    known_permission,
    known_time_zone,
    read_storage_state,
)

Pixels = Annotated[int, Field(gt=0, le=16_384)]


class Viewport(Data):
    """The size of the page, in CSS pixels."""

    width: Pixels
    height: Pixels


class Geolocation(Data):
    """Where the page finds itself, in degrees and metres; the page may ask for it."""

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
    device: str | None = Field(
        default=None,
        description="of Playwright's list, as `Pixel 7`; what else is given here wins over it",
    )
    user_agent: str | None = Field(default=None, description="what the browser says that it is")
    is_mobile: bool | None = Field(
        default=None, description="true: the page's viewport tag counts, as on a telephone"
    )
    has_touch: bool | None = Field(default=None, description="true: the screen can be touched")
    device_scale_factor: Annotated[float, Field(gt=0, le=10)] | None = Field(
        default=None, description="pixels of the screen in one of CSS"
    )
    locale: Annotated[str, AfterValidator(known_form_of_locale)] | None = Field(
        default=None, description="the user's language, as `de-DE`"
    )
    timezone_id: Annotated[str, AfterValidator(known_time_zone)] | None = Field(
        default=None, description="as `Europe/Berlin`"
    )
    geolocation: Geolocation | None = Field(
        default=None, description="where the user is; gives the permission `geolocation`, too"
    )
    permissions: list[Annotated[str, AfterValidator(known_permission)]] | None = Field(
        default=None, description="granted beside the microphone, as `geolocation`"
    )
    color_scheme: Literal["light", "dark", "no-preference"] | None = Field(
        default=None, description="what the user prefers"
    )
    reduced_motion: Literal["reduce", "no-preference"] | None = Field(
        default=None, description="what the user prefers"
    )
    forced_colors: Literal["active", "none"] | None = Field(
        default=None, description="whether the user's own colours are used"
    )
    contrast: Literal["more", "no-preference"] | None = Field(
        default=None, description="what the user prefers"
    )
    bypass_csp: bool | None = Field(
        default=None, description="true: the page's content security policy does not count"
    )
    extra_http_headers: Headers | None = Field(
        default=None, description="sent with every request of the page"
    )
    http_credentials: HttpCredentials | None = Field(
        default=None, description="for a server that asks for them by HTTP; see `start` for forms"
    )
    proxy: Proxy | None = Field(default=None, description="of the page's requests")
    cookies: list[Cookie] | None = Field(default=None, description="what the page begins with")

    @field_validator("storage_state")
    @classmethod
    def _is_a_saved_login(cls, name: str | None, info: ValidationInfo) -> str | None:
        """Looked at where it is known which folder the scenario is in."""
        if name is not None and info.context is not None:
            read_storage_state(Path(info.context["folder"]) / name)
        return name

    def context_options(self, folder: Path) -> dict[str, Any]:
        """As `harness.browser.new_context` takes it; files are looked up in ``folder``."""
        options = self.model_dump(exclude_none=True, include=set(PageContext.model_fields))
        if self.storage_state is not None:
            options["storage_state"] = str(folder / self.storage_state)
        if self.geolocation is not None:  # told to nobody, it would be of no use
            options["permissions"] = sorted({*(self.permissions or ()), "geolocation"})
        return options

    def passwords(self) -> Iterator[tuple[str, str]]:
        """What in it lets somebody in: how people call it, and the value."""
        if self.http_credentials is not None:
            yield "http_credentials.password", self.http_credentials.password
        if self.proxy is not None and self.proxy.password is not None:
            yield "proxy.password", self.proxy.password
        yield from secrets_in_headers(self.extra_http_headers or {})

    def cookie_values(self, folder: Path) -> Iterator[tuple[str, str]]:
        """The same of its cookies, and of those of a saved login."""
        for cookie in self.cookies or ():
            yield f"the cookie {cookie.name}", cookie.value
        if self.storage_state is not None:
            for saved in read_storage_state(folder / self.storage_state).get("cookies", ()):
                yield f"the cookie {saved['name']}", str(saved["value"])
