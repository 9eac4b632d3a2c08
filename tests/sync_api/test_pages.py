"""Playwright's synchronous pages, which go on while we wait."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

PROGRAM = """
import harness
from harness import sync_api
from playwright.sync_api import sync_playwright

served = []


def serve(route):
    served.append(route.request.url)
    route.fulfill(body="<title>t</title><p>from the test</p>", content_type="text/html")


with sync_playwright() as playwright:
    browser = playwright.chromium.launch(**harness.launch_options())
    page = browser.new_page()
    page.route("**/*", serve)
    page.goto("http://example.test/")
    with sync_api.listen(page) as call:
        page.evaluate("() => { fetch('/later').then(() => console.error('served')); }")
        event = call.expect("page.console", within_s=10)
        print(event.data["text"])
    print(page.title(), served[-1])
    try:
        with sync_api.listen(browser):
            pass
    except harness.HarnessError as error:
        print(error.hint)
    browser.close()
"""
"""In a process of its own: Playwright's synchronous API keeps a thread's loop to itself."""


@pytest.mark.browser
def test_the_tests_routes_are_served_while_the_harness_waits(tmp_path: Path) -> None:
    ran = subprocess.run(
        [sys.executable, "-c", PROGRAM],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )
    assert ran.returncode == 0, ran.stderr
    assert ran.stdout.splitlines() == [
        "served",
        "t http://example.test/later",
        "give the page that calls; or its context, for every page and popup in it",
    ]
