"""Which microphones cut in by themselves."""

from harness.browser.virtual_microphone import VirtualMicrophone
from harness.line.cut_in import CutsIn
from harness.line.mixing_microphone import MixingMicrophone
from harness.timeline import Timeline


def test_a_page_s_microphone_cuts_in_by_itself_and_one_without_a_page_does_not() -> None:
    assert not isinstance(MixingMicrophone(Timeline()), CutsIn)
    assert issubclass(VirtualMicrophone, CutsIn)
