"""Needs of a scenario's page and the steps on it, seen before anything starts: files, devices."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from harness.engines.browser.page_acts import PICTURE
from harness.engines.browser.page_snapshot import forget_snapshots
from harness.errors import LaunchError, ScenarioError, UsageError
from harness.scenario.load import LoadedScenario
from harness.scenario.model import Scenario
from harness.scenario.page_steps import PAGE_KINDS, PageStep, page_text


def check_page_steps(loaded: LoadedScenario, engine: str, page_url: str | None) -> None:
    """See that the engine has a page where steps are about one, and that their files are there.

    Args:
        page_url: the page of the command line.

    Raises:
        ScenarioError: with file, line and step.
    """
    if engine != "browser":
        _refuse_without_page(loaded, engine)
        return
    page = loaded.scenario.page
    if page.login and page_url is None and page.url is None:
        raise ScenarioError(
            f"{loaded.place('page', 'login')}: there is no page to log in to.",
            expected="page: {url: …}, or --page",
            found="our own page, which needs no login",
        )
    _check_files(loaded)


def check_devices(scenarios: Sequence[LoadedScenario]) -> None:
    """See that Playwright knows the devices; asks it where there are any.

    Raises:
        ScenarioError: it does not know one; with file and line.
    """
    for loaded in scenarios:
        if loaded.scenario.page.device is None:
            continue
        from harness.browser.new_context import find_device  # with all of Playwright

        try:
            find_device(loaded.scenario.page.device)
        except UsageError as error:
            raise ScenarioError(
                f"{loaded.place('page', 'device')}: {error.message}",
                expected=error.expected,
                found=error.found,
                hint=error.hint,
            ) from error


def check_sound(scenarios: Sequence[LoadedScenario]) -> None:
    """See that there is a sound device to be had, where one is wanted.

    Raises:
        LaunchError: there is none; with file and line.
    """
    for loaded in scenarios:
        if loaded.scenario.page.microphone != "device":
            continue
        from harness.browser.sound_server import check_sound_server  # late, as Playwright is

        with told_at(loaded.place("page", "microphone")):
            check_sound_server()


@contextmanager
def told_at(place: str) -> Iterator[None]:
    """Whatever is wrong in the block is told with the place where it is written.

    Raises:
        UsageError, LaunchError: the block did.
    """
    try:
        yield
    except (UsageError, LaunchError) as error:
        raise type(error)(
            f"{place}: {error.message}",
            expected=error.expected,
            found=error.found,
            hint=error.hint,
        ) from error


def forget_pictures(loaded: LoadedScenario, out: Path) -> None:
    """Take away the pictures that an earlier run of this scenario has left in its folder."""
    names = [step.screenshot for _, step in _page_steps(loaded) if step.screenshot is not None]
    if loaded.scenario.page.login:
        names.append(PICTURE)
    if loaded.scenario.page.snapshots:
        forget_snapshots(out)
    for name in names:
        for path in [out / f"{name}.png", *out.glob(f"{name}-[0-9]*.png")]:
            path.unlink(missing_ok=True)


def to_call(scenario: Scenario) -> str:
    """What may make the page call, where it does not; "" if the scenario gives no sign of it.

    Who begins with a step on the page may have meant it to begin the call; and what is done to
    begin it may be done before the page's scripts are there.
    """
    first = scenario.steps[0] if scenario.steps else None
    if first is not None and first.kind in PAGE_KINDS:
        return (
            "steps begin once the page has called: if that is what "
            f"“{first.kind} {page_text(first)}” is for, move it under page: {{start: […]}}"
        )
    if not scenario.page.start:
        return ""
    last = scenario.page.start[-1]
    return (
        f"“{last.kind} {page_text(last)}” was done, and no call followed: a page whose scripts "
        "come late takes no click before, so let start first wait for what shows that it is "
        "ready, as with `wait_for`; or more has to be done on it"
    )


def _refuse_without_page(loaded: LoadedScenario, engine: str) -> None:
    needing = [
        (number, step.kind) for number, step in enumerate(loaded.scenario.steps) if step.needs_page
    ]
    if not needing:
        return
    named = ", ".join(f"step {number + 1} ({kind})" for number, kind in needing)
    raise ScenarioError(
        f"{loaded.place('steps', needing[0][0])}: {named} "
        f"{'needs' if len(needing) == 1 else 'need'} a page.",
        expected="an engine with a page",
        found=f"the {engine} engine, which calls the server itself",
        hint="use --engine browser, or take these steps out",
    )


def _check_files(loaded: LoadedScenario) -> None:
    for place, step in _page_steps(loaded):
        for name in step.upload.files if step.upload is not None else ():
            if not (loaded.folder / name).is_file():
                raise ScenarioError(
                    f"{loaded.place(*place)}: there is no such file to upload.",
                    expected="files relative to the scenario",
                    found=str(loaded.folder / name),
                )


def _page_steps(loaded: LoadedScenario) -> Iterator[tuple[tuple[str | int, ...], PageStep]]:
    page = loaded.scenario.page
    lists: list[tuple[tuple[str, ...], Sequence[PageStep]]] = [
        (("page", "login"), page.login),
        (("page", "start"), page.start),
        (("steps",), loaded.scenario.steps),
    ]
    for place, steps in lists:
        for number, step in enumerate(steps):
            yield (*place, number), step
