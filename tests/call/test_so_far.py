"""Findings and statistics of a call that runs."""

from __future__ import annotations

from pathlib import Path
from types import SimpleNamespace
from typing import Any, cast

import pytest

from harness.call.so_far import findings_so_far, stats_so_far
from harness.errors import UsageError
from harness.score.playback import Unplayed
from harness.trace import TraceWriter
from tests.support.healthy_call import HEALTHY, ticking


def recorder_of(folder: Path, unplayed: list[Unplayed]) -> Any:
    path = folder / "trace.jsonl"
    with TraceWriter(path, {}) as trace:
        for t_s, fact in [*HEALTHY, *ticking(4)]:
            trace.write(fact.source, fact.type, fact.to_data(), t_s)
    playback = SimpleNamespace(unplayed=lambda: unplayed)
    return cast("Any", SimpleNamespace(trace_path=path, playback=playback))


def test_what_was_not_played_until_now_counts(tmp_path: Path) -> None:
    lost = Unplayed(2.0, 4.0, "the element is muted", "track-0")
    (found,) = findings_so_far(recorder_of(tmp_path, [lost]))
    assert (found.name, found.at_s) == ("element_muted", 2.0)


def test_a_healthy_call_has_none(tmp_path: Path) -> None:
    assert findings_so_far(recorder_of(tmp_path, [])) == []


def test_statistics(tmp_path: Path) -> None:
    assert stats_so_far(recorder_of(tmp_path, [])).inbound_audio.concealment == 0.0


def test_a_temporary_trace_that_is_gone_is_told_with_the_way_to_keep_it(tmp_path: Path) -> None:
    recorder = recorder_of(tmp_path, [])
    recorder.trace_path = tmp_path / "gone" / "trace.jsonl"
    with pytest.raises(UsageError, match=r"`call\.findings` needs .* gone with its block"):
        findings_so_far(recorder)
    with pytest.raises(UsageError, match=r"out=folder"):
        stats_so_far(recorder)
