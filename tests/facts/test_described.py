from __future__ import annotations

from dataclasses import fields

import pytest

from harness.facts.catalogue import CATALOGUE
from harness.facts.connection import DataChannelOpen
from harness.facts.described import field_lines, summary
from harness.facts.fact import Typed
from harness.facts.steps import EarEvidence, Evidence
from harness.realtime.client.events import EVENTS

EVERY = [*CATALOGUE.values(), *EVENTS.values()]


@pytest.mark.parametrize("known", EVERY, ids=lambda known: known.__name__)
def test_every_event_and_every_field_has_its_line(known: type[Typed]) -> None:
    lines = field_lines(known)
    assert summary(known).endswith(".")
    for field in fields(known):
        assert lines[field.name].endswith((".", '"'))


@pytest.mark.parametrize("known", EVERY, ids=lambda known: known.__name__)
def test_a_field_with_a_unit_in_its_name_says_which(known: type[Typed]) -> None:
    units = {"_s": "second", "_ms": "millisecond", "_frames": "48 kHz"}
    for name, line in field_lines(known).items():
        for ending, unit in units.items():
            assert not name.endswith(ending) or unit in line, name


def test_a_base_s_fields_are_described_too() -> None:
    assert list(field_lines(DataChannelOpen))[-3:] == ["connection", "channel", "label"]


def test_typed_dictionaries_are_described_alike() -> None:
    assert set(field_lines(Evidence)) == set(Evidence.__annotations__)
    assert set(field_lines(EarEvidence)) == set(EarEvidence.__annotations__)
