"""Artifacts of a test: where they go, and when they stay."""

from __future__ import annotations

import dataclasses
import os
from pathlib import Path
from types import SimpleNamespace
from typing import Any, cast

import pytest
from playwright.async_api import Browser

from harness.pytest_plugin.artifacts import (
    PluginOptions,
    TestFolder,
    WatchedBrowser,
    empty_output,
    failure_text,
    folder_name,
)

NODE = "tests/test_booking.py::test_a_table[two]"


@pytest.fixture
def wishes(tmp_path: Path) -> PluginOptions:
    return PluginOptions(output=tmp_path / "results")


@pytest.fixture
def temporary(tmp_path: Path) -> Path:
    folder = tmp_path / "temporary"
    (folder / "call").mkdir(parents=True)
    for name in ("trace.jsonl", "screenshot.png", "page.webm", "playwright-trace.zip"):
        (folder / "call" / name).write_text(name)
    return folder


def kept(folder: TestFolder) -> set[str]:
    return {path.name for path in folder.kept_at.rglob("*") if path.is_file()}


def test_a_failed_test_keeps_everything(temporary: Path, wishes: PluginOptions) -> None:
    folder = TestFolder(NODE, temporary, wishes)
    folder.settle(failed=True)
    assert kept(folder) == {"trace.jsonl", "screenshot.png", "page.webm", "playwright-trace.zip"}
    assert not temporary.exists()


def test_a_failed_test_that_began_no_call_leaves_no_folder(
    tmp_path: Path, wishes: PluginOptions
) -> None:
    (tmp_path / "temporary" / "call").mkdir(parents=True)
    folder = TestFolder(NODE, tmp_path / "temporary", wishes)
    assert folder.is_empty
    folder.settle(failed=True)
    assert not wishes.output.exists()


def test_a_passed_test_keeps_nothing(temporary: Path, wishes: PluginOptions) -> None:
    folder = TestFolder(NODE, temporary, wishes)
    folder.settle(failed=False)
    assert not wishes.output.exists()
    assert not temporary.exists()


@pytest.mark.parametrize(
    ("option", "name"),
    [("screenshot", "screenshot.png"), ("video", "page.webm"), ("tracing", "playwright-trace.zip")],
)
def test_on_keeps_what_it_names_also_of_a_passed_test(
    temporary: Path, wishes: PluginOptions, option: str, name: str
) -> None:
    folder = TestFolder(
        NODE, temporary, dataclasses.replace(wishes, **cast("dict[str, Any]", {option: "on"}))
    )
    folder.settle(failed=False)
    assert kept(folder) == {name}


def test_the_folder_is_named_after_the_test() -> None:
    assert folder_name(NODE) == "tests-test-booking-py-test-a-table-two"


def test_a_long_name_is_cut_and_stays_unique() -> None:
    names = {folder_name("x" * 300 + end) for end in ("a" * 120, "a" * 121)}
    assert len(names) == 2
    assert all(len(name) < 256 for name in names)


def test_options_are_read_where_playwrights_plugin_is_not_in_use() -> None:
    def getini(name: str) -> str:
        raise ValueError(f"unknown configuration value: {name!r}")

    config = SimpleNamespace(getoption=lambda name, default: default, getini=getini)
    wishes = PluginOptions.of(cast("pytest.Config", config))
    assert wishes.output == Path("test-results").absolute()
    assert not wishes.headed


def test_a_base_url_of_the_ini_file_holds_unless_the_command_line_has_another() -> None:
    def options(given: str | None) -> PluginOptions:
        values = {"--base-url": given, "--browser": ["chromium"], "--device": "Pixel 5"}
        config = SimpleNamespace(
            getoption=lambda name, default: values.get(name, default),
            getini=lambda name: "http://127.0.0.1:3000/",
        )
        return PluginOptions.of(cast("pytest.Config", config))

    assert options(None).base_url == "http://127.0.0.1:3000/"
    assert options("http://127.0.0.1:1/").base_url == "http://127.0.0.1:1/"
    assert options(None).browsers == ("chromium",)
    assert options(None).device == "Pixel 5"


def test_attempts_of_one_test_are_kept_apart(temporary: Path, wishes: PluginOptions) -> None:
    assert TestFolder(NODE, temporary, wishes, attempt=1).kept_at.name == folder_name(NODE)
    assert TestFolder(NODE, temporary, wishes, attempt=3).kept_at.name.endswith("two-retry2")


def test_the_reason_of_a_failure_is_one_line() -> None:
    crash = SimpleNamespace(message="assert 1 == 2\n +  where 1 = x")
    longrepr = SimpleNamespace(reprcrash=crash)
    failed = SimpleNamespace(failed=True, longrepr=longrepr, longreprtext="")
    passed = SimpleNamespace(failed=False)
    assert failure_text(cast("Any", [passed, failed])) == "assert 1 == 2"
    assert failure_text(cast("Any", [passed])) is None


class FakeBrowser:
    """Remembers how contexts were made."""

    version = "156"

    def __init__(self) -> None:
        self.options: dict[str, Any] = {}

    async def new_context(self, **options: Any) -> Any:
        self.options = options
        return SimpleNamespace(pages=[])


async def test_video_is_recorded_into_the_tests_folder(
    tmp_path: Path, wishes: PluginOptions
) -> None:
    browser = FakeBrowser()
    filmed = dataclasses.replace(wishes, video="retain-on-failure")
    watched = WatchedBrowser(cast("Browser", browser), tmp_path, filmed, "call")
    await watched.as_browser().new_context(locale="de-DE")
    assert browser.options == {"locale": "de-DE", "record_video_dir": tmp_path}


async def test_nothing_is_recorded_unless_asked_for(tmp_path: Path, wishes: PluginOptions) -> None:
    browser = FakeBrowser()
    watched = WatchedBrowser(cast("Browser", browser), tmp_path, wishes, "call")
    await watched.as_browser().new_context()
    await watched.finish()
    assert browser.options == {}
    assert watched.version == "156"


def test_what_runs_before_left_goes_and_what_is_of_this_one_stays(tmp_path: Path) -> None:
    for name, at_s in (("old", 10), ("new", 30)):
        (tmp_path / name).mkdir()
        os.utime(tmp_path / name, (at_s, at_s))
    empty_output(tmp_path, began_s=20)
    assert [path.name for path in tmp_path.iterdir()] == ["new"]
    empty_output(tmp_path / "nowhere", began_s=20)
