"""A cassette out of a call's folder, with its sounds cut out of what was received."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
import soundfile

from harness.cassette.files import read_cassette
from harness.cassette.taking import keep_cassette
from harness.errors import ArtifactError, UsageError
from harness.redact import Masker
from harness.trace import Trace, TraceWriter
from tests.cassette.test_recording import conversation, playback, response, said, spoken
from tests.support.make_cassette import tone

RATE_HZ = 48_000
KEY = "sk-proj-nobodyMayReadThis"


def write_call(folder: Path, trace: Trace, sound_s: tuple[float, float] | None) -> Path:
    """A call's folder: its trace, and 12 s of sound with a tone from here to there."""
    folder.mkdir()
    with TraceWriter(folder / "trace.jsonl", trace.header) as writer:
        for event in trace.events:
            writer.write(event.source, event.type, event.data, event.t_s)
    heard = np.zeros(12 * RATE_HZ, np.float32)
    if sound_s is not None:
        beep = tone(sound_s[1] - sound_s[0], RATE_HZ).samples
        at = round(sound_s[0] * RATE_HZ)
        heard[at : at + len(beep)] = beep
    both = np.stack([np.zeros_like(heard), heard], axis=1)
    soundfile.write(str(folder / "call.wav"), both, RATE_HZ, subtype="PCM_16")
    return folder


def test_the_sound_begins_where_the_way_has_passed(tmp_path: Path) -> None:
    """The server begins at 3.9 s; 75 ms later it is heard, and that is no part of the answer."""
    call = write_call(tmp_path / "call", conversation(), (3.975, 5.9))
    keep_cassette(call, tmp_path / "cassette")
    (samples,) = read_cassette(tmp_path / "cassette").sounds.values()
    assert len(samples) / 24_000 == pytest.approx(1.925, abs=0.01)
    assert abs(samples[240:480]).max() > 0.1


def test_silence_with_which_an_answer_itself_begins_is_kept(tmp_path: Path) -> None:
    call = write_call(tmp_path / "call", conversation(), (4.275, 5.9))
    keep_cassette(call, tmp_path / "cassette")
    (samples,) = read_cassette(tmp_path / "cassette").sounds.values()
    assert len(samples) / 24_000 == pytest.approx(1.625 + 0.3, abs=0.01)


def test_what_was_received_goes_before_what_was_heard(tmp_path: Path) -> None:
    call = write_call(tmp_path / "call", conversation(), None)
    loud = np.zeros(12 * RATE_HZ, np.float32)
    loud[4 * RATE_HZ : 5 * RATE_HZ] = tone(1.0, RATE_HZ).samples
    soundfile.write(str(call / "received.wav"), np.zeros_like(loud), RATE_HZ)
    soundfile.write(str(call / "received-2.wav"), loud, RATE_HZ)
    keep_cassette(call, tmp_path / "cassette")
    (samples,) = read_cassette(tmp_path / "cassette").sounds.values()
    assert abs(samples).max() > 0.1


@pytest.mark.parametrize("has_file", [True, False])
def test_an_answer_without_sound_is_noted(tmp_path: Path, has_file: bool) -> None:
    call = write_call(tmp_path / "call", conversation(), None)
    if not has_file:
        (call / "call.wav").unlink()
    cassette = keep_cassette(call, tmp_path / "cassette")
    assert cassette.audio_files == []
    assert "1 answers with sound have none" in " ".join(cassette.head.notes)
    assert read_cassette(tmp_path / "cassette").cassette == cassette


def test_planted_keys_are_in_no_byte_of_the_folder(tmp_path: Path) -> None:
    """Every text that a server or a user can write has a key in it."""
    planted = spoken("a1", f"Your key is {KEY}.")
    call = {
        "id": "f1",
        "type": "function_call",
        "call_id": "call_1",
        "name": "open",
        "arguments": f'{{"api_key": "plain-but-secret", "other": "{KEY}"}}',
    }
    trace = conversation(
        (7.0, "received", said("u2", f"The key is {KEY}")),
        (7.1, "received", response("created", "r2")),
        (7.2, "received", response("done", "r2", status="completed", output=[planted, call])),
        (7.3, "sent", {"type": "session.update", "session": {"instructions": f"Bearer {KEY}"}}),
        (7.4, "received", {"type": "session.updated", "session": {"client_secret": f"ek_{KEY}"}}),
        (7.5, "received", {"type": "brand.new", "token": "known-to-the-masker"}),
        (7.6, "received", playback("started", "r2")),
        server="https://user:plain-but-secret@api.example.com/",
    )
    folder = write_call(tmp_path / "call", trace, (3.975, 5.9))
    # A trace that was not masked, as another tool may write one.
    lines = (folder / "trace.jsonl").read_text(encoding="utf-8")
    keep_cassette(folder, tmp_path / "cassette", Masker({"known-to-the-masker"}))
    written = b"".join(p.read_bytes() for p in (tmp_path / "cassette").rglob("*") if p.is_file())
    for secret in (KEY, "plain-but-secret", "known-to-the-masker", "nobodyMayRead"):
        assert secret.encode() not in written, secret
    assert "known-to-the-masker" in lines, "the search would find nothing"


def test_a_folder_with_something_else_is_left_alone(tmp_path: Path) -> None:
    call = write_call(tmp_path / "call", conversation(), (3.975, 5.9))
    with pytest.raises(UsageError, match="cannot become a cassette"):
        keep_cassette(call, tmp_path)
    with pytest.raises(ArtifactError):
        keep_cassette(tmp_path / "gone", tmp_path / "cassette")
