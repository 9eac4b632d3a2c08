"""A step about the user's devices: `device: {unplug: microphone}`."""

from __future__ import annotations

from typing import Literal

from pydantic import Field, model_validator

from harness.line.microphone_access import MicrophoneAccess
from harness.plain_data import Data

Device = Literal["microphone"]

ACCESS: dict[str, MicrophoneAccess] = {
    "unplug": "none",
    "plug": "allow",
    "deny": "deny",
    "dismiss": "dismiss",
    "allow": "allow",
}
"""What each does to the page's microphone."""


class DeviceStep(Data):
    """What happens to a device of the user's; exactly one is given."""

    unplug: Device | None = Field(
        default=None,
        description="pull it out: its tracks end, `devicechange` is fired, it is listed no more",
    )
    plug: Device | None = Field(
        default=None, description="plug it in (again): `devicechange`, and the page may ask for it"
    )
    deny: Device | None = Field(
        default=None, description="take the permission away: its tracks end, asking is refused"
    )
    dismiss: Device | None = Field(
        default=None, description="from now on close the browser's question without an answer"
    )
    allow: Device | None = Field(default=None, description="give the permission (again)")

    @model_validator(mode="after")
    def _exactly_one(self) -> DeviceStep:
        if len(self.model_fields_set) != 1 or None in self.model_dump(exclude_unset=True).values():
            raise ValueError(f"needs exactly one of {', '.join(ACCESS)}, as `unplug: microphone`")
        return self

    @property
    def access(self) -> MicrophoneAccess:
        """Whether the page gets its microphone from now on."""
        (kind,) = self.model_fields_set
        return ACCESS[kind]
