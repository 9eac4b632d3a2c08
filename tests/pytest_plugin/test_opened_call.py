"""A call with a page of its own, as pytest-playwright's options say."""

from __future__ import annotations

import pytest

from tests.pytest_plugin.test_plugin import pytester, run  # noqa: F401 - a fixture

pytest_plugins = ["pytester"]


@pytest.mark.browser
def test_the_device_holds_for_voice_calls_too(pytester: pytest.Pytester) -> None:  # noqa: F811
    pytester.makepyfile(
        """
        async def test_it_is_small(voice_call):
            call = await voice_call()
            assert await call.page.page.evaluate("innerWidth") < 500
            assert "iPhone" in await call.page.page.evaluate("navigator.userAgent")
        """
    )
    run(pytester, "--device", "iPhone 13").assert_outcomes(passed=1)


@pytest.mark.browser
def test_a_device_or_browser_that_is_not_there_is_named(
    pytester: pytest.Pytester,  # noqa: F811
) -> None:
    pytester.makepyfile(
        """
        async def test_it_is_small(voice_call):
            await voice_call("http://127.0.0.1:9/")
        """
    )
    result = run(pytester, "--device", "iPhone 1300")
    result.assert_outcomes(errors=1)
    result.stdout.fnmatch_lines(["*knows no such device. Did you mean iPhone *"])
    result = run(pytester, "--browser", "firefox")
    result.stdout.fnmatch_lines(["*--browser firefox: voice tests run in Chromium*"])
