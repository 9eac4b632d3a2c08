"""The page about a protocol of one's own: its code is the example's, and passes the contract."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

import harness
from harness.protocols.choice import KNOWN, NONE

PAGE = Path(harness.__file__).parent / "docs" / "own-protocol.md"
EXAMPLE = PAGE.parents[2] / "fixtures" / "examples" / "own-protocol"
TEXT = PAGE.read_text(encoding="utf-8")
FILES = dict(re.findall(r"```python\n# (\w+\.py)\n(.*?)```", TEXT, re.DOTALL))


def test_the_adapter_is_the_example_s() -> None:
    assert FILES["toy_protocol.py"] == (EXAMPLE / "toy_protocol.py").read_text(encoding="utf-8")


def test_the_example_is_started_as_the_page_says() -> None:
    scenario = (EXAMPLE / "scenario.yaml").read_text(encoding="utf-8")
    assert "protocol: toy_protocol:ToyProtocol" in scenario
    for block in re.findall(r"```yaml\n(.*?)```", TEXT, re.DOTALL):
        assert block in scenario


def test_every_protocol_that_is_recognised_is_on_the_page() -> None:
    names = re.findall(r"^\| `(\w+)` \|", TEXT.partition("## 2.")[0], re.MULTILINE)
    assert names == [*KNOWN, NONE]


def test_the_adapter_passes_the_contract_suite(tmp_path: Path) -> None:
    """As the page says to run it, without any setting of pytest."""
    for name, code in FILES.items():
        (tmp_path / name).write_text(code, encoding="utf-8")
    paths = [str(tmp_path), str(PAGE.parents[2]), os.environ.get("PYTHONPATH", "")]
    done = subprocess.run(
        [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "test_toy_protocol.py"],
        cwd=tmp_path,
        env={**os.environ, "PYTHONPATH": os.pathsep.join(filter(None, paths))},
        capture_output=True,
        text=True,
        timeout=100,
        check=False,
    )
    assert done.returncode == 0, done.stdout[-4_000:]
    assert " passed" in done.stdout
    assert "skipped" not in done.stdout


@pytest.mark.parametrize("block", re.findall(r"`((?:open_call|listen|CallOptions)\(.*?\))`", TEXT))
def test_what_takes_a_protocol_takes_it_as_the_page_says(block: str) -> None:
    import inspect

    name = block.partition("(")[0]
    if name == "CallOptions":
        from harness.call.opening import CallOptions

        assert CallOptions(protocol="rtvi").protocol == "rtvi"
    else:
        assert "protocol" in inspect.signature(getattr(harness, name)).parameters
