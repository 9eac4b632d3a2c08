"""Every engine's line is a line: mypy reads this, and so does a newcomer."""

from harness.engines.browser.line import PageLine
from harness.engines.browser.probed_line import page_capabilities
from harness.engines.native.line import NativeLine
from harness.engines.simulated.line import SimulatedLine
from harness.line.interface import Line


def lines(page: PageLine, native: NativeLine, simulated: SimulatedLine) -> list[Line]:
    return [page, native, simulated]


def test_engines_say_what_they_can() -> None:
    known = [page_capabilities("allow"), NativeLine.capabilities, SimulatedLine.capabilities]
    assert [c.engine for c in known] == ["browser", "native", "simulated"]
    assert [c.has_page for c in known] == [True, False, False]
    assert [c.is_real_time for c in known] == [True, True, False]
