"""Several processes' metrics on one page."""

from __future__ import annotations

from prometheus_client.parser import text_string_to_metric_families

from harness.server.process.merged_metrics import merged
from harness.server.status.meter import Meter, ProcessCollector


def test_series_of_all_workers_stand_under_one_description() -> None:
    meters = [Meter("0"), Meter("1"), Meter("front")]
    for meter in meters:
        meter.registry.register(ProcessCollector(meter.worker))
    meters[0].call_began("webrtc")
    meters[1].call_began("webrtc")
    meters[1].speech("synthesis", 0.3)
    page = merged([meter.text() for meter in meters]).decode()
    assert page.count("# TYPE harness_calls_started_total counter") == 1
    families = {family.name: family for family in text_string_to_metric_families(page)}
    started = [s for s in families["harness_calls_started"].samples if s.name.endswith("_total")]
    assert {s.labels["worker"]: s.value for s in started} == {"0": 1.0, "1": 1.0}
    assert {s.labels["worker"] for s in families["harness_process_open_fds"].samples} == {
        *("0", "1", "front")
    }
    assert families["harness_speech_seconds"].type == "histogram"


def test_no_process_is_an_empty_page() -> None:
    assert merged([]) == b""
