"""Every engine's line is a line: mypy reads this, and so does a newcomer."""

from harness.call.line import Line
from harness.call.native_line import NativeLine
from harness.call.page_line import PageLine
from harness.call.simulated_line import SimulatedLine


def lines(page: PageLine, native: NativeLine, simulated: SimulatedLine) -> list[Line]:
    return [page, native, simulated]


def test_engines_say_what_they_can() -> None:
    known = [PageLine.capabilities, NativeLine.capabilities, SimulatedLine.capabilities]
    assert [c.engine for c in known] == ["browser", "native", "simulated"]
    assert [c.has_page for c in known] == [True, False, False]
    assert [c.is_real_time for c in known] == [True, True, False]
