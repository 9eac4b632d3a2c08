"""Chromium's arguments: a pure function of what is wanted."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

QUIET = (
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-domain-reliability",
    "--disable-sync",
    "--no-default-browser-check",
    "--no-first-run",
    "--no-pings",
)
"""No traffic of its own, no questions."""

VOICE = (
    "--autoplay-policy=no-user-gesture-required",
    "--disable-quic",
    # Hosts without a network have only the loopback interface, which WebRTC leaves out otherwise.
    "--allow-loopback-in-peer-connection",
    "--disable-background-timer-throttling",
    "--disable-backgrounding-occluded-windows",
    "--disable-renderer-backgrounding",
)
"""Calls without a user's click, on this machine alone, at full speed also in the background."""

DISABLED_FEATURES = (
    # Candidates would be “.local” names, which need multicast DNS on both sides.
    "WebRtcHideLocalIpsWithMdns",
    # Repeated here because the last --disable-features wins over Playwright's own.
    "AvoidUnnecessaryBeforeUnloadCheckSync",
    "DestroyProfileOnBrowserClose",
    "HttpsFirstBalancedModeAutoEnable",
    "HttpsUpgrades",
    "MediaRouter",
    "NetworkTimeServiceQuerying",
    "OptimizationHints",
    "PaintHolding",
    "Translate",
)


FAKE_DEVICES = "--use-fake-device-for-media-stream"
"""A camera with a moving picture. (The microphone that comes with it, pages never see.)"""

ENDPOINT = "--remote-debugging-port=0"
"""With it a Chromium speaks DevTools on loopback, on a port of its own choice."""


def chromium_flags(
    *,
    is_root: bool,
    device_mode: bool = False,
    own_devices: bool = False,
    fake_audio_file: Path | None = None,
    fake_audio_loops: bool = False,
) -> list[str]:
    """Arguments beside Playwright's own.

    Args:
        is_root: as root Chromium cannot use its sandbox; as anyone else it keeps it.
        device_mode: give pages Chromium's fake microphone, too.
        own_devices: pages get the machine's own microphone and camera, and no fake ones.
        fake_audio_file: what the fake microphone plays, once, from each capture's start on.
        fake_audio_loops: play it again and again.
    """
    flags = [*QUIET, *VOICE, "--disable-features=" + ",".join(DISABLED_FEATURES)]
    flags.append(ENDPOINT)
    if not own_devices:
        flags.append(FAKE_DEVICES)
    if is_root:
        flags.append("--no-sandbox")
    if device_mode:
        flags.append("--use-fake-ui-for-media-stream")
    if fake_audio_file is not None:
        ending = "" if fake_audio_loops else "%noloop"
        flags.append(f"--use-file-for-fake-audio-capture={fake_audio_file}{ending}")
    return flags


def with_flags(given: Sequence[str], ours: Sequence[str]) -> list[str]:
    """Arguments of somebody else with ours beside them: theirs win, lists of features are joined.

    Args:
        given: arguments that are there, for example from a test suite.
        ours: such as `chromium_flags` gives.
    """
    merged = {_name(flag): flag for flag in ours} | {_name(flag): flag for flag in given}
    for name in FEATURE_LISTS:
        lists = [flag.partition("=")[2] for flag in (*given, *ours) if _name(flag) == name]
        if lists:
            merged[name] = f"{name}={','.join(dict.fromkeys(','.join(lists).split(',')))}"
    return list(merged.values())


FEATURE_LISTS = ("--disable-features", "--enable-features")
"""The last one of each wins, so there must be one."""


def _name(flag: str) -> str:
    return flag.partition("=")[0]
