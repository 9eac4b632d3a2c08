"""Chromium under the harness's control: the browser, its probes, its page's clock and audio."""
