"""The network that a scenario asks for."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from pydantic import ValidationError

from harness.errors import ScenarioError, UsageError
from harness.network.wish import read_wish
from harness.scenario.load import load_scenario
from harness.scenario.model import Scenario
from harness.scenario.network import network_of, refuse_network_in_memory
from harness.scenario.schema import scenario_schema
from harness.scenario.step_text import step_text


def scenario(*steps: Any, **given: Any) -> Scenario:
    return Scenario.model_validate({"name": "s", "steps": [*steps, "hang_up"], **given})


def test_the_scenario_says_what_stands_between_and_the_command_line_replaces_it() -> None:
    asking = scenario(network={"loss": "5%", "seed": 3})
    assert network_of(asking) == read_wish({"loss": "5%", "seed": 3})
    assert network_of(asking, "satellite") == read_wish("satellite")
    assert network_of(scenario()) is None


def test_packets_are_kept_whatever_else_stands_between() -> None:
    asking = scenario(network={"loss": "5%", "seed": 3})
    kept = network_of(asking, pcap=True)
    assert kept == read_wish({"loss": "5%", "seed": 3, "pcap": True})
    assert network_of(scenario(), pcap=True) == read_wish({"profile": "transparent", "pcap": True})
    assert network_of(scenario(network={"pcap": True})) == read_wish({"pcap": True})


def test_where_only_a_step_asks_nothing_happens_to_packets_until_then() -> None:
    assert network_of(scenario({"network": "3g"})) == read_wish("transparent")


def test_a_call_in_memory_is_refused_a_network() -> None:
    refuse_network_in_memory([scenario()])
    for asking in (scenario(network="3g"), scenario({"network": {"blackout": True}})):
        with pytest.raises(UsageError, match="--engine browser or --engine native"):
            refuse_network_in_memory([scenario(), asking])


def test_a_step_is_told_in_words() -> None:
    step = scenario({"network": {"profile": "3g", "loss": "5%"}}).steps[0]
    assert step_text(step, None) == "3g, loss 5 %"


def test_a_step_has_no_seed() -> None:
    with pytest.raises(ValidationError, match="seed"):
        scenario({"network": {"loss": "5%", "seed": 3}})


@pytest.mark.parametrize(
    ("written", "said"),
    [
        ("network: {los: 5%}", "“los” is not known here.*did you mean “loss”"),
        ("network: {loss: 5}", r"network.loss: it is no share of packets: write it as 5%"),
        ("network: {down: {delay: 5}}", "did you mean “delay_ms”"),
        ("network: 5g", "there is no network “5g”"),
    ],
)
def test_a_mistake_is_told_with_its_place(written: str, said: str, tmp_path: Path) -> None:
    path = tmp_path / "s.yaml"
    path.write_text(f"name: s\n{written}\nsteps: [hang_up]\n", encoding="utf-8")
    with pytest.raises(ScenarioError, match=f"(?s):2: .*{said}"):
        load_scenario(path)


def test_the_schema_knows_the_profiles() -> None:
    assert '"enum": ["transparent", "good-wifi"' in json.dumps(scenario_schema())
