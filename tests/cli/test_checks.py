"""What the harness needs: found, or named with the way to get it."""

from __future__ import annotations

import importlib.metadata
import os
import shutil
from pathlib import Path

import pytest

from harness.cli import checks as doctor
from harness.cli.checks import required_packages
from harness.cli.findings import Diagnosis, Finding
from harness.errors import ChromiumMissing

needs_pulse = pytest.mark.skipif(
    not (shutil.which("pulseaudio") and shutil.which("pacat")),
    reason="NOT RUN: PulseAudio (pulseaudio, pulseaudio-utils) is not installed",
)


def test_the_versions_of_python_and_packages_are_found() -> None:
    assert doctor.check_python().status == "ok"
    assert doctor.check_packages().status == "ok"


def test_required_packages_are_names_without_versions_or_extras(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    lines = [
        "aiohttp>=3.10",
        "PyYAML",
        "pesq==0.0.4; extra == 'metrics'",
        "a[b]>1 ; python_version",
    ]
    monkeypatch.setattr(importlib.metadata, "requires", lambda _: lines)
    assert required_packages() == ["aiohttp", "PyYAML", "a"]


def test_a_missing_package_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(doctor, "required_packages", lambda: ["numpy", "no-such-package"])
    finding = doctor.check_packages()
    assert finding.status == "missing"
    assert finding.found == "not installed: no-such-package"


def test_a_check_that_raises_becomes_a_finding() -> None:
    def check() -> Finding:
        raise ChromiumMissing("No Chromium.", found="nothing", hint="install one")

    finding = doctor._safely("chromium", check)
    assert finding == Finding("chromium", "missing", "No Chromium. Found: nothing.", "install one")


def test_a_check_that_breaks_becomes_a_finding_too() -> None:
    finding = doctor._safely("speech", lambda: 1 / 0)  # type: ignore[arg-type,return-value]
    assert finding.status == "missing"
    assert "ZeroDivisionError" in finding.found


def test_a_key_is_mentioned_and_never_shown(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OPENAI_API_KEY", "sk-very-secret")
    assert "secret" not in str(doctor.check_key())
    monkeypatch.delenv("OPENAI_API_KEY")
    assert doctor.check_key().status == "optional"


def test_a_full_disk_is_missing_room(monkeypatch: pytest.MonkeyPatch) -> None:
    usage = shutil.disk_usage(Path.cwd())._replace(free=1000)
    monkeypatch.setattr(shutil, "disk_usage", lambda _: usage)
    assert doctor.check_room().status == "missing"


def program(folder: Path, name: str, text: str = "exit 0") -> None:
    (folder / name).write_text(f"#!/bin/sh\n{text}\n", encoding="utf-8")
    (folder / name).chmod(0o755)


def test_a_sound_device_is_optional_and_all_that_it_lacks_is_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    finding = doctor.check_sound_device()
    assert (finding.status, finding.found) == ("optional", "no pulseaudio and no pacat on the PATH")
    assert "apt-get install --no-remove pulseaudio pulseaudio-utils" in str(finding.hint)
    assert "`page: {microphone: device}`" in str(finding.hint)
    program(tmp_path, "pacat")
    program(tmp_path, "pipewire")
    found = doctor.check_sound_device().found
    assert found.startswith("no pulseaudio on the PATH; PipeWire is there, and does not do")


def test_a_sound_server_that_does_not_start_is_told_with_its_words_and_stops_nobody(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Set-up asks the doctor, and a machine without such a device is as good as any."""
    program(tmp_path, "pulseaudio", "echo 'E: no such module' >&2; exit 1")
    program(tmp_path, "pacat")
    monkeypatch.setenv("PATH", str(tmp_path), prepend=os.pathsep)
    finding = doctor.check_sound_device()
    assert finding.status == "optional"
    assert "no such module" in finding.found


@needs_pulse
def test_a_sound_device_is_really_started() -> None:
    finding = doctor.check_sound_device()
    assert finding.status == "ok"
    assert "pulseaudio, starts" in finding.found


def test_nothing_is_installed_when_chromium_is_there() -> None:
    said: list[str] = []
    doctor.install_missing(Diagnosis([Finding("chromium", "ok", "156")]), said.append)
    assert said == []


@pytest.mark.browser
def test_chromium_is_really_started() -> None:
    finding = doctor.check_chromium()
    assert finding.status == "ok"
    assert "starts" in finding.found
