"""Chromium's arguments."""

from __future__ import annotations

from pathlib import Path

from harness.browser.flags import chromium_flags, with_flags


def test_only_root_gives_up_the_sandbox() -> None:
    """Anyone else keeps it."""
    assert "--no-sandbox" in chromium_flags(is_root=True)
    assert "--no-sandbox" not in chromium_flags(is_root=False)


def test_it_stays_quiet_and_local() -> None:
    """No traffic of its own, DevTools on a port that the system chooses."""
    flags = chromium_flags(is_root=False)
    for flag in (
        "--disable-background-networking",
        "--disable-component-update",
        "--disable-sync",
        "--no-first-run",
        "--autoplay-policy=no-user-gesture-required",
        "--disable-quic",
        "--remote-debugging-port=0",
    ):
        assert flag in flags


def test_the_fake_device_is_there_only_when_asked_for() -> None:
    """Device mode, and the file it plays once or again and again."""
    usual = chromium_flags(is_root=False)
    assert [f for f in usual if "fake" in f] == ["--use-fake-device-for-media-stream"]  # the camera
    once = chromium_flags(is_root=False, device_mode=True, fake_audio_file=Path("/a.wav"))
    assert "--use-fake-ui-for-media-stream" in once
    assert "--use-file-for-fake-audio-capture=/a.wav%noloop" in once
    loops = chromium_flags(is_root=False, fake_audio_file=Path("/a.wav"), fake_audio_loops=True)
    assert "--use-file-for-fake-audio-capture=/a.wav" in loops


def test_somebody_elses_arguments_win_beside_ours() -> None:
    merged = with_flags(
        ["--lang=de", "--remote-debugging-port=9222", "--disable-features=Translate,Mine"],
        ["--remote-debugging-port=0", "--no-pings", "--disable-features=Translate,Ours"],
    )
    assert sorted(merged) == [
        "--disable-features=Translate,Mine,Ours",
        "--lang=de",
        "--no-pings",
        "--remote-debugging-port=9222",
    ]
