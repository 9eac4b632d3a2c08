"""What a packed call may list, and what not."""

from __future__ import annotations

import contextlib
import json
from pathlib import PurePosixPath
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from harness.errors import ArtifactError
from harness.exchange.index import MOST_BYTES, Index, Packed, read_index, safe_name

GOOD = Index(
    "0.1.0",
    (
        Packed("booking/trace.jsonl", 100, "", 100),
        Packed("booking/call.flac", 50, "wav", 4_000, 1_700_000_000.25),
        Packed("booking/received.flac", 10, "difference", 2_000),
    ),
    {"booking": 12.5},
)


def listing(**more: Any) -> str:
    one = {"name": "trace.jsonl", "size": 3, "was": "", "unpacked": 3, **more}
    return json.dumps({"harness_call": 1, "files": [one]})


def test_what_is_written_is_read_back() -> None:
    assert read_index(GOOD.to_json(), "a.zip") == GOOD
    assert GOOD.files[1].path == PurePosixPath("booking/call.wav")


@pytest.mark.parametrize(
    "name",
    [
        "../trace.jsonl", "/etc/passwd.txt", "a/../../b.txt", "a\\..\\b.txt", "C:evil.txt",
        "a//b.txt", "./a.txt", "a/.", "", "a.sh", "a.html", "trace.jsonl/", "a\x00.txt",
        "a /b.txt", "a./b.txt", " .txt", "x" * 300 + ".txt",
    ],
)  # fmt: skip
def test_names_that_lead_elsewhere_are_refused(name: str) -> None:
    assert not safe_name(name)
    with pytest.raises(ArtifactError, match="cannot be opened"):
        read_index(listing(name=name), "a.zip")


@given(st.text())
def test_a_safe_name_stays_below_its_folder(name: str) -> None:
    if safe_name(name):
        path = PurePosixPath(name)
        assert not path.is_absolute()
        assert ".." not in path.parts


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("", "begins with"),
        ("[]", "begins with"),
        ('{"harness_call": 1}', "without a list"),
        ('{"harness_call": 3, "files": []}', "newer harness"),
        (listing(size=-1, unpacked=-1), "wrong entry"),
        (listing(unpacked=9), "wrong entry"),
        (listing(was="mp3"), "wrong entry"),
        (listing(was="difference"), "without its call"),
        (listing(was="difference", name="call.flac"), "without its call"),
        (listing(written=-5), "wrong entry"),
        (listing(written=1e300), "wrong entry"),
        (listing(written="noon"), "without a list"),
        (listing(written=0).replace(": 0", ": NaN"), "wrong entry"),
        (listing(was="wav", unpacked=MOST_BYTES + 1), "GB"),
        (listing(was="wav", size=MOST_BYTES + 1), "GB"),
        (listing(was="wav", size=10**400), "GB"),
        (listing(size=7).replace("7", "1e999"), "without a list"),
        (
            json.dumps({"harness_call": 1, "files": [], "kept_from_s": {"a": 10**400}}),
            "without a list",
        ),
        (
            json.dumps({"harness_call": 1, "files": json.loads(listing())["files"] * 2}),
            "the same name twice",
        ),
    ],
)
def test_what_cannot_be_is_told(text: str, told: str) -> None:
    with pytest.raises(ArtifactError, match=told):
        read_index(text, "a.zip")


@given(st.recursive(st.none() | st.integers() | st.text() | st.booleans(),
                    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner)))  # fmt: skip
def test_any_json_is_an_index_or_refused(value: Any) -> None:
    with contextlib.suppress(ArtifactError):
        read_index(json.dumps({"harness_call": 1, "files": value}), "a.zip")
