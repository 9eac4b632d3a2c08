"""Real dumps of Chromium's, in both of its forms, and dumps that are not what they should be."""

from __future__ import annotations

import contextlib
import gzip
import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from harness.errors import ArtifactError
from harness.exchange import load_dump as loading
from harness.exchange.load_dump import is_dump, is_of_firefox, load_dump, write_as_trace
from harness.findings.watch import findings_of
from harness.resources import fixtures_dir
from harness.trace import read_trace

DUMPS = fixtures_dir() / "dumps"


def found_in(path: Path, folder: Path) -> list[str]:
    write_as_trace(path, folder)
    return [finding.name for finding in findings_of(read_trace(folder / "trace.jsonl").events)]


@pytest.mark.parametrize("form", ["internals", "rtcstats"])
def test_a_real_dump_says_what_is_wrong(tmp_path: Path, form: str) -> None:
    assert found_in(DUMPS / f"wrong-port.{form}.gz", tmp_path) == ["ice_unanswered"]
    header = read_trace(tmp_path / "trace.jsonl").header
    assert (header["engine"], header["name"]) == ("dump", f"wrong-port.{form}")


@pytest.mark.parametrize("form", ["internals", "rtcstats"])
def test_a_real_dump_of_a_healthy_call_raises_no_alarm(tmp_path: Path, form: str) -> None:
    assert found_in(DUMPS / f"healthy-ordinary.{form}.gz", tmp_path) == []
    trace = read_trace(tmp_path / "trace.jsonl")
    assert {event.type for event in trace.events} >= {
        "dump.read", "page.loaded", "peer_connection.created", "peer_connection.offer",
        "peer_connection.answer", "peer_connection.candidate", "peer_connection.state",
        "peer_connection.track", "data_channel.created", "data_channel.open", "stats",
    }  # fmt: skip
    assert "Chromium" in trace.of_type("dump.read")[0].data["user_agent"] + "Chromium"


def test_both_forms_tell_the_same(tmp_path: Path) -> None:
    told = []
    for form in ("internals", "rtcstats"):
        write_as_trace(DUMPS / f"wrong-port.{form}.gz", tmp_path / form)
        events = read_trace(tmp_path / form / "trace.jsonl").events
        told.append([(event.type, event.data) for event in events if event.type != "dump.read"])
    assert [kind for kind, _ in told[0] if kind != "note"] == [
        kind for kind, _ in told[1] if kind != "note"
    ]


def test_an_answer_that_was_refused_is_named(tmp_path: Path) -> None:
    path = DUMPS / "answer-applied-twice.internals.gz"
    assert found_in(path, tmp_path) == ["answer_applied_twice"]


def unpacked(name: str, path: Path) -> bytes:
    data = gzip.decompress((DUMPS / name).read_bytes())
    path.write_bytes(data)
    return data


def test_a_cut_dump_is_read_as_far_as_its_form_lets(tmp_path: Path) -> None:
    path = tmp_path / "dump.txt"
    data = unpacked("healthy-ordinary.rtcstats.gz", path)
    path.write_bytes(data[: len(data) // 2])
    dump = load_dump(path)
    assert "is no JSON" in dump.cut
    assert len(dump.events) > 20
    data = unpacked("healthy-ordinary.internals.gz", path)
    path.write_bytes(data[: len(data) // 2])
    with pytest.raises(ArtifactError, match="cannot be read as a dump"):
        load_dump(path)


@pytest.mark.parametrize("part", [0.2, 0.5, 0.9])
def test_json_that_is_cut_anywhere_is_told_as_such(tmp_path: Path, part: float) -> None:
    path = tmp_path / "dump.txt"
    data = unpacked("healthy-ordinary.internals.gz", path)
    path.write_bytes(data[: int(len(data) * part)])
    with pytest.raises(ArtifactError, match="JSON that is cut after"):
        load_dump(path)


def test_a_cut_gzip_is_read_as_far_as_its_form_lets(tmp_path: Path) -> None:
    path = tmp_path / "dump.gz"
    for form in ("rtcstats", "internals"):
        data = (DUMPS / f"healthy-ordinary.{form}.gz").read_bytes()
        path.write_bytes(data[: len(data) * 2 // 3])
        if form == "rtcstats":
            assert load_dump(path).cut
        else:
            with pytest.raises(ArtifactError, match="ends early"):
                load_dump(path)


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ('{"PeerConnections": {}}', "There is no call"),
        ('{"PeerConnections": 3}', "no dump of webrtc-internals"),
        ("RTCStatsDump\n", "without its second line"),
        ('RTCStatsDump\n{"fileFormat": 2}\n', "another format"),
        ('RTCStatsDump\n{"fileFormat": 3}\n', "There is no call"),
        ('{"getUserMedia": [], "x"', "cannot be read as a dump"),
    ],
)
def test_what_is_wrong_with_a_dump_is_told(tmp_path: Path, text: str, told: str) -> None:
    path = tmp_path / "dump.txt"
    path.write_text(text, encoding="utf-8")
    assert is_dump(path)
    with pytest.raises(ArtifactError) as caught:
        write_as_trace(path, tmp_path / "run")
    assert told in str(caught.value)


def test_what_is_too_large_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(loading, "MOST_JSON_BYTES", 1_000)
    with pytest.raises(ArtifactError, match="too large"):
        load_dump(DUMPS / "wrong-port.internals.gz")
    monkeypatch.setattr(loading, "MOST_LINE_BYTES", 1_000)
    with pytest.raises(ArtifactError, match="too large"):
        load_dump(DUMPS / "wrong-port.rtcstats.gz")


def test_other_files_are_no_dumps(tmp_path: Path) -> None:
    for name, text in {
        "a.json": '{"schema": 1}',
        "b.jsonl": '{"harness_trace": 1}',
        "c": "",
        "trace.jsonl": '{"harness_trace": 1}\n{"type": "page.webrtc_call", "data": {"name": '
        '"getUserMedia"}}\n',
    }.items():
        (tmp_path / name).write_text(text, encoding="utf-8")
        assert not is_dump(tmp_path / name)
    assert not is_dump(tmp_path)


def test_what_firefox_saves_is_known_as_such(tmp_path: Path) -> None:
    page = tmp_path / "aboutWebrtc.html"
    page.write_text('<link href="chrome://global/skin/aboutWebrtc.css">', encoding="utf-8")
    assert is_of_firefox(page)
    assert not is_dump(page)
    assert not is_of_firefox(DUMPS / "wrong-port.internals.gz")
    assert not is_of_firefox(tmp_path)


VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(), inner, max_size=4),
    max_leaves=12,
)
METHODS = st.sampled_from(
    ["create", "setLocalDescription", "setRemoteDescriptionOnSuccess", "onicecandidate", "getStats",
     "ontrack", "createDataChannel", "connectionstatechange", "addIceCandidateOnFailure", "close",
     "navigator.mediaDevices.getUserMediaOnFailure", 8, "g", "remove"]
)  # fmt: skip


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    lines=st.lists(st.tuples(METHODS, st.sampled_from(["1-1", None]), VALUES, VALUES), max_size=6)
)
def test_any_lines_are_read_or_refused(tmp_path: Path, lines: list[Any]) -> None:
    path = tmp_path / "dump.txt"
    text = "\n".join(["RTCStatsDump", '{"fileFormat": 3}', *(json.dumps(one) for one in lines)])
    path.write_text(text, encoding="utf-8", errors="replace")
    with contextlib.suppress(ArtifactError):
        write_as_trace(path, tmp_path / "run")
        findings_of(read_trace(tmp_path / "run" / "trace.jsonl").events)


@settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(value=VALUES, log=st.lists(st.fixed_dictionaries(
    {"type": METHODS, "value": VALUES, "timestamp": VALUES}), max_size=4))  # fmt: skip
def test_any_json_is_read_or_refused(tmp_path: Path, value: Any, log: list[Any]) -> None:
    path = tmp_path / "dump.txt"
    record = {"updateLog": log, "stats": {"a-b": value, "a-timestamp": value}, "url": value}
    data = {"getUserMedia": value, "PeerConnections": {"1-1": record, "1-2": value}}
    path.write_text(json.dumps(data), encoding="utf-8", errors="replace")
    with contextlib.suppress(ArtifactError):
        write_as_trace(path, tmp_path / "run")
