"""Finding a Chromium."""

from __future__ import annotations

from pathlib import Path

import pytest

from harness.browser.chromium import find_chromium, locate_chromium
from harness.errors import ChromiumMissing


def make_executable(
    path: Path, text: str = "#!/bin/sh\necho Chromium 99.1.2.3 built on x\n"
) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")
    path.chmod(0o755)
    return path


def environ(tmp_path: Path, **more: str) -> dict[str, str]:
    """A machine with nothing on it."""
    return {"HOME": str(tmp_path), "PATH": str(tmp_path / "bin"), **more}


def test_the_one_that_is_named_comes_first(tmp_path: Path) -> None:
    """HARNESS_CHROMIUM beats everything else."""
    named = make_executable(tmp_path / "mine")
    make_executable(tmp_path / "bin" / "chromium")
    found = locate_chromium(environ(tmp_path, HARNESS_CHROMIUM=str(named)))
    assert found == (named, "HARNESS_CHROMIUM")


def test_a_name_that_leads_nowhere_is_an_error(tmp_path: Path) -> None:
    """And no other is taken in its place."""
    make_executable(tmp_path / "bin" / "chromium")
    with pytest.raises(ChromiumMissing, match="HARNESS_CHROMIUM does not name"):
        locate_chromium(environ(tmp_path, HARNESS_CHROMIUM="/nowhere/chromium"))


def test_playwrights_newest_comes_before_the_systems(tmp_path: Path) -> None:
    """By its revision as a number; the headless shell is never taken."""
    cache = tmp_path / ".cache" / "ms-playwright"
    make_executable(cache / "chromium-999" / "chrome-linux" / "chrome")
    newest = make_executable(cache / "chromium-1200" / "chrome-linux" / "chrome")
    make_executable(cache / "chromium_headless_shell-1300" / "chrome-linux" / "headless_shell")
    make_executable(tmp_path / "bin" / "chromium")
    assert locate_chromium(environ(tmp_path)) == (newest, "playwright")


@pytest.mark.parametrize(
    "place",
    [
        "chrome-linux64/chrome",
        "chrome-mac/Chromium.app/Contents/MacOS/Chromium",
        "chrome-mac-arm64/Google Chrome for Testing.app/Contents/MacOS/Google Chrome for Testing",
        "chrome-win64/chrome.exe",
    ],
)
def test_playwrights_own_is_found_where_it_installs_it(tmp_path: Path, place: str) -> None:
    """On every system, and in a folder that was named."""
    program = make_executable(tmp_path / "named" / "chromium-1200" / place)
    found = locate_chromium(environ(tmp_path, PLAYWRIGHT_BROWSERS_PATH=str(tmp_path / "named")))
    assert found == (program, "playwright")


def test_the_systems_is_the_last(tmp_path: Path) -> None:
    """chromium before google-chrome."""
    make_executable(tmp_path / "bin" / "google-chrome")
    chromium = make_executable(tmp_path / "bin" / "chromium")
    assert locate_chromium(environ(tmp_path)) == (chromium, "system")


def test_none_at_all_says_what_to_do(tmp_path: Path) -> None:
    """The message has the command."""
    with pytest.raises(ChromiumMissing, match="apt-get install -y chromium"):
        locate_chromium(environ(tmp_path))


async def test_the_version_is_its_own_word(tmp_path: Path) -> None:
    """Read from --version; unknown where it says nothing."""
    named = make_executable(tmp_path / "mine")
    info = await find_chromium(environ(tmp_path, HARNESS_CHROMIUM=str(named)))
    assert info.version == "99.1.2.3"
    silent = make_executable(tmp_path / "silent", "#!/bin/sh\nexit 1\n")
    info = await find_chromium(environ(tmp_path, HARNESS_CHROMIUM=str(silent)))
    assert info.version == "unknown"
