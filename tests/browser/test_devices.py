"""Playwright's own list of devices is read without a browser."""

from harness.browser.devices import known_devices


async def test_the_list_is_had_beside_a_running_loop() -> None:
    devices = known_devices()
    assert len(devices) > 50
    assert devices["iPhone 13"]["has_touch"] is True
    assert known_devices() is devices
