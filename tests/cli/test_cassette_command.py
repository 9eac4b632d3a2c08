"""The arguments of `harness cassette`, as a process."""

from __future__ import annotations

import json
from pathlib import Path

from tests.cli.conftest import Harness
from tests.support.make_cassette import write_orders


def test_a_cassette_is_checked_and_a_call_refused_that_is_none(
    harness: Harness, tmp_path: Path
) -> None:
    write_orders(tmp_path / "orders")
    checked = harness("cassette", "check", "orders", "--json")
    assert json.loads(checked.stdout)["cassette"] == "orders", checked.stderr
    taken = harness("cassette", "take", "gone", "--to", "new")
    assert taken.returncode == 3
    assert "gone" in taken.stderr
