"""Prometheus metrics of one server process: calls, events, audio, speech, itself.

Every series carries the worker it comes from, so that several workers' metrics can stand on one
page. Labels are few and from fixed sets: no id, no text of a user.
"""

from __future__ import annotations

import threading
from collections.abc import Iterator, Mapping
from typing import Any

from prometheus_client import CollectorRegistry, Counter, Histogram, generate_latest
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, Metric
from prometheus_client.registry import Collector

from harness.speech.workers import Work

BUCKETS_S = (0.025, 0.05, 0.1, 0.2, 0.3, 0.5, 0.75, 1.0, 1.5, 2.5, 5.0, 10.0)
MOST_REASONS = 24
"""Why calls ended: an engine's own words are among it, so the label's values are limited."""

_PACKETS = {"packets_sent": "sent", "packets_received": "received", "packets_lost": "lost"}
_SAMPLES = {"total_samples_received": "received", "concealed_samples": "concealed"}
_FRAMES = {"late_frames": "late", "slipped_frames": "slipped", "discarded_frames": "discarded"}


class Meter:
    """The counts of one process.

    Args:
        worker: the label; a number, or "front".
    """

    def __init__(self, worker: str = "0") -> None:
        self.worker = worker
        self.registry = CollectorRegistry(auto_describe=False)
        self._reasons: set[str] = set()
        self._calls_started = self._counter("harness_calls_started", "Calls begun.", "transport")
        self._calls_ended = self._counter("harness_calls_ended", "Calls over, by reason.", "reason")
        self._refused = self._counter(
            "harness_requests_refused", "HTTP answers of 400 and above.", "status"
        )
        self._events = self._counter("harness_events", "Realtime events.", "direction")
        self._packets = self._counter("harness_audio_packets", "Audio packets.", "kind")
        self._samples = self._counter(
            "harness_audio_samples", "48 kHz samples played out by the jitter buffer.", "kind"
        )
        self._frames = self._counter(
            "harness_audio_frames_held_up", "Frames that this process was too slow for.", "kind"
        )
        self._speech = Histogram(
            "harness_speech_seconds",
            "Time of one piece of speech work, waiting for its turn included.",
            ["worker", "work"],
            buckets=BUCKETS_S,
            registry=self.registry,
        )

    def _counter(self, name: str, text: str, label: str) -> Counter:
        return Counter(name, text, ["worker", label], registry=self.registry)

    def call_began(self, transport: str) -> None:
        """Count a call of this transport."""
        self._calls_started.labels(self.worker, transport).inc()

    def call_ended(self, because: str) -> None:
        """Count the end of a call, by its reason."""
        if because not in self._reasons and len(self._reasons) >= MOST_REASONS:
            because = "other"
        self._reasons.add(because)
        self._calls_ended.labels(self.worker, because).inc()

    def refused(self, status: int) -> None:
        """Count a refused request, by its HTTP status."""
        self._refused.labels(self.worker, str(status)).inc()

    def events(self, received: int, sent: int) -> None:
        """More events that came and went."""
        self._events.labels(self.worker, "in").inc(received)
        self._events.labels(self.worker, "out").inc(sent)

    def audio(self, before: Mapping[str, Any], now: Mapping[str, Any]) -> None:
        """A call's connection numbers, and those that were counted already."""
        for counter, names in (
            (self._packets, _PACKETS),
            (self._samples, _SAMPLES),
            (self._frames, _FRAMES),
        ):
            for name, kind in names.items():
                grown = (now.get(name) or 0) - (before.get(name) or 0)
                counter.labels(self.worker, kind).inc(max(0, grown))

    def speech(self, work: Work, took_s: float) -> None:
        """Count a piece of speech work, and how many seconds it took."""
        self._speech.labels(self.worker, work).observe(took_s)

    def totals(self) -> dict[str, dict[str, float]]:
        """Counters by name and label, for people: ``{"calls_ended": {"hung up": 3.0}}``."""
        found: dict[str, dict[str, float]] = {}
        for metric in self.registry.collect():
            if metric.type != "counter":
                continue
            for sample in metric.samples:
                if sample.name.endswith("_total") and len(sample.labels) == 2:
                    label = next(v for k, v in sample.labels.items() if k != "worker")
                    name = metric.name.removeprefix("harness_")
                    found.setdefault(name, {})[label] = sample.value
        return found

    def text(self) -> bytes:
        """All of it in Prometheus' text format."""
        return generate_latest(self.registry)


class ProcessCollector(Collector):
    """This process's CPU time, memory and open files, with the worker's label.

    prometheus_client has a collector of that kind, but its series cannot carry a label: those of
    two workers would be one.
    """

    def __init__(self, worker: str) -> None:
        self._worker = worker

    def collect(self) -> Iterator[Metric]:
        """The process's own numbers of this moment."""
        numbers = process_numbers()
        cpu = CounterMetricFamily(
            "harness_process_cpu_seconds", "CPU time, all threads.", labels=["worker"]
        )
        cpu.add_metric([self._worker], numbers["cpu_s"])
        yield cpu
        for name, text, key in (
            ("harness_process_resident_memory_bytes", "Resident memory.", "memory_bytes"),
            ("harness_process_open_fds", "Open files and sockets.", "open_files"),
            ("harness_process_threads", "Threads.", "threads"),
        ):
            gauge = GaugeMetricFamily(name, text, labels=["worker"])
            gauge.add_metric([self._worker], numbers[key])
            yield gauge


def process_numbers() -> dict[str, float]:
    """``cpu_s``, ``memory_bytes``, ``open_files`` and ``threads`` of this process."""
    import psutil

    process = psutil.Process()
    with process.oneshot():
        cpu = process.cpu_times()
        return {
            "cpu_s": cpu.user + cpu.system,
            "memory_bytes": process.memory_info().rss,
            "open_files": process.num_fds(),
            "threads": process.num_threads() or threading.active_count(),
        }
