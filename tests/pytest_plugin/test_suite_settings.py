"""What a suite says by its own fixtures and markers, as `voice_call` gets it."""

from __future__ import annotations

from pathlib import Path

import pytest

from harness.pytest_plugin.artifacts import PluginOptions
from harness.pytest_plugin.suite_settings import SuiteSettings, launch_args
from tests.pytest_plugin.test_plugin import pytester, run  # noqa: F401 - a fixture

pytest_plugins = ["pytester"]


def test_an_address_is_relative_to_where_the_suite_is() -> None:
    here = SuiteSettings(base_url="http://127.0.0.1:3000/app/")
    assert here.address(None) == "http://127.0.0.1:3000/app/"
    assert here.address("talk") == "http://127.0.0.1:3000/app/talk"
    assert here.address("/talk") == "http://127.0.0.1:3000/talk"
    assert here.address("http://127.0.0.1:9/") == "http://127.0.0.1:9/"
    assert SuiteSettings().address(None) is None
    assert SuiteSettings().address("http://127.0.0.1:9/") == "http://127.0.0.1:9/"


def test_the_command_line_is_said_as_pytest_playwright_says_it() -> None:
    assert launch_args(PluginOptions(Path())) == {}
    given = PluginOptions(Path(), headed=True, channel="msedge", slow_mo_ms=20)
    assert launch_args(given) == {"headless": False, "channel": "msedge", "slow_mo": 20}


SUITE = """
import pytest

over = []

@pytest.fixture(scope="session")
def site():
    return "http://127.0.0.1:3000/"

@pytest.fixture(scope="session")
def base_url(site):
    return site

@pytest.fixture(scope="session")
def browser_context_args(browser_context_args, playwright, site):
    phone = playwright.devices["iPhone 13"]
    own = {"user_agent": phone["user_agent"], "extra_http_headers": {"x": site}}
    yield {**browser_context_args, **own}
    over.append("context")

@pytest.fixture(scope="session")
def browser_type_launch_args(browser_type_launch_args):
    return {**browser_type_launch_args, "args": ["--lang=de"]}

@pytest.mark.browser_context_args(locale="de-DE")
def test_overrides_and_a_marker(voice_suite_settings, voice_plugin_options):
    context = dict(voice_suite_settings.context)
    assert "iPhone" in context.pop("user_agent")
    assert context.pop("viewport")["width"] > 1000, "the device of the command line"
    assert context["base_url"] == voice_suite_settings.base_url == "http://127.0.0.1:3000/"
    assert context["locale"] == "de-DE"
    assert context["extra_http_headers"] == {"x": "http://127.0.0.1:3000/"}
    assert voice_suite_settings.launch == {"slow_mo": 5, "args": ["--lang=de"]}

def test_what_a_generator_does_after_is_done():
    assert over == ["context"]

@pytest.mark.parametrize("browser_type_launch_args", [{"devtools": True}], indirect=True)
def test_a_parameter(browser_type_launch_args, voice_suite_settings):
    assert voice_suite_settings.launch["devtools"] is True

class TestClass:
    color_scheme = "dark"

    @pytest.fixture
    def browser_context_args(self, browser_context_args):
        return {**browser_context_args, "color_scheme": self.color_scheme}

    def test_a_class_has_its_own(self, voice_suite_settings):
        assert voice_suite_settings.context["color_scheme"] == "dark"
        assert "extra_http_headers" in voice_suite_settings.context
"""

REFUSED = """
import pytest

class TestConnect:
    @pytest.fixture(scope="class")
    def connect_options(self):
        return {"ws_endpoint": "ws://127.0.0.1:1/"}

    async def test_connect(self, voice_call): ...

class TestCoroutine:
    @pytest.fixture
    async def browser_context_args(self):
        return {}

    async def test_coroutine(self, voice_call): ...

class TestApi:
    @pytest.fixture
    def browser_context_args(self, playwright):
        return {"storage_state": playwright.request.new_context()}

    async def test_api(self, voice_call): ...

class TestThrough:
    @pytest.fixture
    def state(self, playwright):
        return playwright

    @pytest.fixture
    def browser_context_args(self, state):
        return {"storage_state": state}

    async def test_through(self, voice_call): ...

class TestOwnContext:
    @pytest.fixture
    def context(self):
        return None

    def test_own_context(self, voice_suite_settings): ...

@pytest.mark.only_browser("firefox")
async def test_elsewhere(voice_call): ...

@pytest.mark.skip_browser("chromium")
async def test_not_here(voice_call): ...
"""


def test_a_suite_s_own_settings_hold(pytester: pytest.Pytester) -> None:  # noqa: F811
    pytester.makepyfile(SUITE)
    result = run(pytester, "--device", "Desktop Chrome HiDPI", "--slowmo", "5")
    result.assert_outcomes(passed=4)


def test_what_cannot_be_had_is_refused_with_the_way(
    pytester: pytest.Pytester,  # noqa: F811
) -> None:
    pytester.makepyfile(REFUSED)
    result = pytester.runpytest_subprocess("-p", "no:cacheprovider")
    result.assert_outcomes(errors=4, passed=1, skipped=2, warnings=1)
    result.stdout.fnmatch_lines_random(
        [
            "*connect_options: voice_call launches a Chromium of its own on this machine*",
            "*browser_context_args: beside voice_call it is a plain function*",
            "*playwright.request: beside voice_call a fixture finds playwright.devices alone*",
            "*browser_context_args: a fixture that it asks for needs Playwright's synchronous API*",
            "*the suite's fixture `context` has no effect on it*",
        ]
    )
