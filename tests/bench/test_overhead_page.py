"""The public client as a first script."""

from pathlib import Path

from harness.bench.overhead_page import RTCSTATS_HOME, rtcstats_script


def test_the_client_sends_to_the_sink_at_the_interval() -> None:
    script = rtcstats_script("ws://127.0.0.1:9", 1.0)
    assert script is not None
    assert '("ws://127.0.0.1:9")' in script
    assert '(trace, 1000, [""])' in script


def test_without_the_package_there_is_none(tmp_path: Path) -> None:
    assert rtcstats_script("ws://127.0.0.1:9", 1.0, tmp_path) is None


def test_it_is_where_the_checks_of_the_page_install_it() -> None:
    assert (RTCSTATS_HOME.parents[1] / "package.json").is_file()
