"""What is wrong with a page's context is known before a browser starts."""

from __future__ import annotations

import json
import re
import zoneinfo
from pathlib import Path
from typing import Any

import playwright
import pytest

from harness.scenario.page_checks import (
    PERMISSIONS,
    known_form_of_locale,
    known_permission,
    known_time_zone,
    nearest,
    read_storage_state,
)


def test_the_permissions_are_playwrights() -> None:
    driver = Path(playwright.__file__).parent / "driver" / "package" / "lib"
    for path in driver.rglob("*.js"):
        found = re.search(
            r"webPermissionToProtocol = .{0,40}?new Map\(\[(.*?)\]\);",
            path.read_text(encoding="utf-8", errors="replace"),
            re.DOTALL,
        )
        if found and "videoCapture" in found[1]:
            assert set(re.findall(r'\["([a-z-]+)", ', found[1])) <= set(PERMISSIONS)
            return
    pytest.skip("this Playwright keeps them elsewhere")


@pytest.mark.parametrize(("name", "near"), [("geolocaton", "geolocation"), ("zzz", "microphone")])
def test_an_unknown_permission_is_told_what_there_is(name: str, near: str) -> None:
    with pytest.raises(ValueError, match=f"“{name}”.*{near}"):
        known_permission(name)


def test_time_zones_are_those_of_the_machine(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(zoneinfo, "available_timezones", lambda: {"Europe/Berlin", "UTC"})
    assert known_time_zone("UTC") == "UTC"
    with pytest.raises(ValueError, match="did you mean Europe/Berlin"):
        known_time_zone("europe/berln")
    monkeypatch.setattr(zoneinfo, "available_timezones", set)
    assert known_time_zone("Mars/Base") == "Mars/Base"  # nobody here knows


@pytest.mark.parametrize("name", ["de", "de-DE", "zh-Hant-TW", "no"])
def test_a_locale_has_its_form(name: str) -> None:
    assert known_form_of_locale(name) == name


@pytest.mark.parametrize("name", ["", "de_DE", "d", "german (Germany)"])
def test_what_has_not_is_refused(name: str) -> None:
    with pytest.raises(ValueError, match="de-DE"):
        known_form_of_locale(name)


@pytest.mark.parametrize(
    ("state", "said"),
    [
        ([], "it holds a list"),
        ({}, "it has neither"),
        ({"cookies": {}}, "cookies is a dict"),
        ({"cookies": [{"name": "a", "value": "b"}, {"name": "a"}]}, "value is missing in entry 2"),
        ({"cookies": ["a"]}, "name and value"),
        ({"origins": [{}]}, "origin is missing"),
    ],
)
def test_a_file_that_is_no_login_says_why(state: Any, said: str, tmp_path: Path) -> None:
    path = tmp_path / "kim.json"
    path.write_text(json.dumps(state), encoding="utf-8")
    with pytest.raises(ValueError, match=said):
        read_storage_state(path)


def test_a_login_is_read(tmp_path: Path) -> None:
    path = tmp_path / "kim.json"
    state = {"cookies": [], "origins": [{"origin": "http://h", "localStorage": []}]}
    path.write_text(json.dumps(state), encoding="utf-8")
    assert read_storage_state(path) == state
    path.write_text("{", encoding="utf-8")
    with pytest.raises(ValueError, match="not JSON"):
        read_storage_state(path)
    with pytest.raises(ValueError, match="No such file"):
        read_storage_state(tmp_path / "kin.json")


def test_the_nearest_names_are_found_in_any_case() -> None:
    assert nearest("MICROPHONE", PERMISSIONS) == "did you mean microphone?"
    assert nearest("qqqq", PERMISSIONS) is None
