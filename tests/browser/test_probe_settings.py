"""Settings of the probe."""

from harness.browser.probe_settings import ProbeSettings


def test_names_and_keys_are_new_for_every_page() -> None:
    """A page cannot learn them from another."""
    one, two = ProbeSettings(), ProbeSettings()
    assert len({one.binding, two.binding, one.key, two.key, one.device_seed}) == 5
    assert one.key in one.script()
