"""A step about a device says one thing about one device."""

from __future__ import annotations

import pytest
from pydantic import ValidationError

from harness.scenario.device_step import DeviceStep
from harness.scenario.model import Step


@pytest.mark.parametrize(
    ("what", "access"),
    [
        ("unplug", "none"),
        ("plug", "allow"),
        ("allow", "allow"),
        ("deny", "deny"),
        ("dismiss", "dismiss"),
    ],
)
def test_what_happens_to_the_microphone_is_what_the_page_gets_of_it(what: str, access: str) -> None:
    step = Step.model_validate({"device": {what: "microphone"}})
    assert step.device is not None
    assert (step.kind, step.device.access) == ("device", access)


@pytest.mark.parametrize(
    "given",
    [
        {},
        {"unplug": None},
        {"unplug": "microphone", "plug": "microphone"},
        {"unplug": "camera"},
        {"pull": "microphone"},
    ],
)
def test_anything_else_is_refused(given: dict[str, str]) -> None:
    with pytest.raises(ValidationError):
        DeviceStep.model_validate(given)
