"""The arguments of `harness bench`."""

from harness.cli.choices import Benchmark
from tests.cli.conftest import Harness


def test_every_benchmark_is_described(harness: Harness) -> None:
    done = harness("bench", "--help")
    assert done.returncode == 0
    assert [one.value for one in Benchmark if f" {one.value}" not in done.stdout] == []


def test_a_benchmark_with_a_typo_is_misuse(harness: Harness) -> None:
    done = harness("bench", "page_overhead")
    assert done.returncode == 2
    assert "page-overhead" in done.stderr
