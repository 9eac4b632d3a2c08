"""The class of a machine names what its times depend on."""

import re

from harness.machine import machine_class


def test_it_names_system_processor_and_cores() -> None:
    assert re.fullmatch(r"\S+ \S+, (1 core|\d+ cores)", machine_class())
