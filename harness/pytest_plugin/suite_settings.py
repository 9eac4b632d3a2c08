"""Settings of a suite, from its own fixtures and markers: browser, context, address of a call.

pytest-playwright's fixtures of that kind need its synchronous API, which keeps the event loop to
itself; a coroutine test cannot have them. So the functions with which a suite overrides them are
called here, with what they ask for: the value so far, any other fixture, and Playwright's devices.
"""

from __future__ import annotations

import inspect
import warnings
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urljoin

import pytest

from harness.pytest_plugin.artifacts import PluginOptions, device_options, playwright_devices
from harness.pytest_plugin.begun import run_to_its_end

CONTEXT, LAUNCH, CONNECT, ADDRESS = (
    "browser_context_args",
    "browser_type_launch_args",
    "connect_options",
    "base_url",
)
OPENERS = ("launch_browser", "browser", "new_context", "context")
"""Fixtures of pytest-playwright that open what `voice_call` opens by itself."""

PLAYWRIGHTS = ("pytest_playwright", "pytest_playwright_asyncio", "pytest_base_url")
"""Packages whose own fixtures say what the command line does; that is known here."""

_evaluating: list[str] = []
"""Names of the fixtures that are being evaluated."""


@dataclass(frozen=True)
class SuiteSettings:
    """How the pages of one test are opened."""

    context: Mapping[str, Any] = field(default_factory=dict)
    """As Playwright's ``new_context`` takes it."""

    launch: Mapping[str, Any] = field(default_factory=dict)
    """As Playwright's ``launch`` takes it; what the command line says included."""

    base_url: str | None = None

    def address(self, url: str | None) -> str | None:
        """The page of a call: relative addresses begin at ``base_url``."""
        return urljoin(self.base_url, url) if self.base_url and url else url or self.base_url


def settings_of(request: pytest.FixtureRequest, options: PluginOptions) -> SuiteSettings:
    """What holds for the test of a request.

    Raises:
        pytest.UsageError: the suite asks for a browser that cannot be had here.
    """
    if _evaluated(request, CONNECT, None):
        raise pytest.UsageError(
            f"{CONNECT}: voice_call launches a Chromium of its own on this machine, and a browser "
            "elsewhere cannot be given a microphone. Take the test out of the runs with it."
        )
    base_url = base_url_of(request, options)
    base: dict[str, Any] = run_to_its_end(device_options(options.device))
    if base_url:
        base["base_url"] = base_url
    context = {**_evaluated(request, CONTEXT, base)}
    marker = next(request.node.iter_markers(CONTEXT), None)
    context.update(marker.kwargs if marker else {})
    return SuiteSettings(context, {**_evaluated(request, LAUNCH, launch_args(options))}, base_url)


def launch_args(options: PluginOptions) -> dict[str, Any]:
    """What the command line says of the launch, as pytest-playwright puts it."""
    wanted = {
        "headless": False if options.headed else None,
        "channel": options.channel,
        "slow_mo": options.slow_mo_ms or None,
    }
    return {name: value for name, value in wanted.items() if value is not None}


def base_url_of(request: pytest.FixtureRequest, options: PluginOptions) -> str | None:
    """The suite's own fixture of that name, where it has one; else what the command line says."""
    given = request.getfixturevalue(ADDRESS) if overridden(request, [ADDRESS]) else None
    return given or options.base_url


def overridden(request: pytest.FixtureRequest, names: Sequence[str]) -> list[str]:
    """Those of pytest-playwright's fixtures that the suite has made anew."""
    return [
        name for name in names if any(not _is_playwrights(d) for d in _definitions(request, name))
    ]


def warn_of_openers(request: pytest.FixtureRequest) -> None:
    """Warn of fixtures of the suite's own that open what `voice_call` opens by itself."""
    for name in overridden(request, OPENERS):
        warnings.warn(
            f"voice_call opens a page of its own: the suite's fixture `{name}` has no effect on "
            "it. To speak with a page that it opened, use voice.listen(page).",
            stacklevel=2,
        )


def refuse_playwright() -> None:
    """Fail where a fixture that is evaluated needs Playwright's synchronous API.

    Raises:
        pytest.UsageError: one does.
    """
    if _evaluating:
        raise pytest.UsageError(
            f"{_evaluating[-1]}: a fixture that it asks for needs Playwright's synchronous API, "
            "which cannot run beside voice_call's event loop. Ask for `playwright` in "
            f"{_evaluating[-1]} itself and use its devices alone, or give voice_call what the "
            "page needs: await voice_call(url, context={…})."
        )


class PlaywrightDevices:
    """Stands in for `playwright` in fixtures that look a device up."""

    @property
    def devices(self) -> Mapping[str, Any]:
        """Playwright's devices by name."""
        return run_to_its_end(playwright_devices())

    def __getattr__(self, name: str) -> Any:
        if name.startswith("__"):
            raise AttributeError(name)
        raise pytest.UsageError(
            f"playwright.{name}: beside voice_call a fixture finds playwright.devices alone; "
            "Playwright's synchronous API cannot run beside its event loop."
        )


class _Request:
    """A fixture's request, with the parameter of the fixture that is evaluated."""

    def __init__(self, request: pytest.FixtureRequest, name: str) -> None:
        self._request = request
        params = getattr(getattr(request.node, "callspec", None), "params", {})
        if name in params:
            self.param = params[name]

    def __getattr__(self, name: str) -> Any:
        return getattr(self._request, name)


def _evaluated(request: pytest.FixtureRequest, name: str, base: Any) -> Any:
    """The value of a fixture as the suite has it, from a base in the place of the plugin's own."""
    own = _Request(request, name)
    param = getattr(own, "param", None)
    value = {**base, **param} if isinstance(param, Mapping) and isinstance(base, Mapping) else base
    for definition in _definitions(request, name):
        if not _is_playwrights(definition):
            with _noted(name):
                value = _called(definition, request, own, name, value)
    return value


def _called(
    definition: pytest.FixtureDef[Any],
    request: pytest.FixtureRequest,
    own: _Request,
    name: str,
    value: Any,
) -> Any:
    function = _bound(definition.func, request)
    if inspect.iscoroutinefunction(function) or inspect.isasyncgenfunction(function):
        raise pytest.UsageError(
            f"{name}: beside voice_call it is a plain function, and here it is a coroutine. Make "
            "it a plain one, or give voice_call(…, context={…}) what it gives."
        )
    known = {name: value, "playwright": PlaywrightDevices(), "request": own}
    arguments = {
        one: known[one] if one in known else request.getfixturevalue(one)
        for one in definition.argnames
    }
    made = function(**arguments)
    if not inspect.isgenerator(made):
        return made
    request.addfinalizer(lambda: next(made, None))
    return next(made)


def _bound(function: Callable[..., Any], request: pytest.FixtureRequest) -> Callable[..., Any]:
    """A method of a test class as a method of the test's instance."""
    first = next(iter(inspect.signature(function).parameters), "")
    is_method = first == "self" and request.instance is not None
    return function.__get__(request.instance) if is_method else function


def _definitions(request: pytest.FixtureRequest, name: str) -> Sequence[pytest.FixtureDef[Any]]:
    """Every fixture of a name that the test sees, the one that overrides the others last."""
    return request.session._fixturemanager.getfixturedefs(name, request.node) or ()


def _is_playwrights(definition: pytest.FixtureDef[Any]) -> bool:
    return definition.func.__module__.partition(".")[0] in PLAYWRIGHTS


@contextmanager
def _noted(name: str) -> Iterator[None]:
    _evaluating.append(name)
    try:
        yield
    finally:
        _evaluating.pop()
