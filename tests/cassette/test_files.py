"""A cassette on disk: written, read, and every mistake told with its line."""

from __future__ import annotations

import subprocess
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from harness.cassette.files import (
    EVENTS_NAME,
    HEAD_NAME,
    SUMS_NAME,
    TURNS_NAME,
    check_target,
    read_cassette,
    turns_text,
    write_cassette,
)
from harness.cassette.model import Cassette
from harness.errors import ArtifactError, UsageError
from harness.yaml12 import load
from tests.support.make_cassette import ORDERS, orders, tone, write_orders


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return write_orders(tmp_path / "orders")


def edit(path: Path, old: str, new: str) -> None:
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), encoding="utf-8")


def line_with(path: Path, part: str) -> int:
    lines = path.read_text(encoding="utf-8").splitlines()
    return next(number for number, line in enumerate(lines, 1) if part in line)


def test_what_is_written_is_read_again_with_its_sounds(folder: Path) -> None:
    loaded = read_cassette(folder)
    assert loaded.cassette == orders()
    assert {name: len(samples) for name, samples in loaded.sounds.items()} == {
        "audio/001.flac": 24_000,
        "audio/002.flac": 48_000,
    }


def test_it_is_written_the_same_again(folder: Path, tmp_path: Path) -> None:
    again = tmp_path / "again"
    write_cassette(again, read_cassette(folder).cassette, {}, [])
    for name in (HEAD_NAME, TURNS_NAME):
        assert (again / name).read_text() == (folder / name).read_text()


def test_keys_are_in_order_and_each_turn_is_a_block() -> None:
    text = turns_text(orders())
    blocks = text.split("\n\n")
    assert len(blocks) == 3
    keys = [line[2:].split(":")[0] for line in blocks[1].splitlines() if line[2:3].isalpha()]
    assert keys == sorted(keys)


def test_edits_of_two_people_merge(folder: Path) -> None:
    def git(*arguments: str) -> None:
        identity = ["-c", "user.name=a", "-c", "user.email=a@example.com"]
        subprocess.run(["git", *identity, *arguments], cwd=folder, check=True, capture_output=True)

    turns = folder / TURNS_NAME
    git("init", "-b", "main")
    git("add", ".")
    git("commit", "-m", "recorded")
    git("checkout", "-b", "other")
    edit(turns, "What do they cost?", "How much are they?")
    git("commit", "-am", "other words")
    git("checkout", "main")
    edit(turns, "number 17.", "number 71.")
    git("commit", "-am", "another number")
    git("merge", "other", "-m", "both")
    merged = read_cassette(folder).cassette
    assert merged.turns[2].said == "How much are they?"
    assert merged.turns[1].then[1].pieces[0].say == "Four rolls, number 71."


@pytest.mark.parametrize(
    ("old", "new", "at", "said"),
    [
        ("- number: 2", "- number: two", "number: two", "valid integer"),
        (
            "  said: What do they cost?",
            "  siad: What do they cost?",
            "siad",
            "“siad” is not known here.\n  expected: one of also, number, said, then, typed\n",
        ),
        ("      at_s: 0.6", "      at: 0.6", "at: 0.6", "did you mean “at_s”?"),
        ("      at_s: 0.6", "      at_s: soon", "at_s: soon", "a valid number"),
        (
            "      call: book",
            "      call: book\n      say: so",
            "- arguments",
            "has either `say` or `call`.\n",
        ),
        ("    status: cancelled", "    status: gone", "status: gone", "'cancelled'"),
        ("    tool: book", "    tool: [book", "status: cancelled", "YAML"),
        ("- number: 2", "- number: 1", "", "must rise"),
    ],
)
def test_an_edited_line_is_told_by_file_and_line(
    folder: Path, old: str, new: str, at: str, said: str
) -> None:
    turns = folder / TURNS_NAME
    edit(turns, old, new)
    with pytest.raises(UsageError) as refused:
        read_cassette(folder)
    told = str(refused.value)
    assert f"{TURNS_NAME}:" in told
    assert said in told
    assert "mend the line" in (refused.value.hint or "")
    if at and said != "YAML":
        assert f"{TURNS_NAME}:{line_with(turns, at)}: " in told


def test_a_file_that_is_cut_is_told(folder: Path) -> None:
    turns = folder / TURNS_NAME
    text = turns.read_text(encoding="utf-8")
    turns.write_text(text[: text.index("- number: 2")], encoding="utf-8")  # still good YAML
    with pytest.raises(UsageError, match="the file was cut"):
        read_cassette(folder)
    turns.unlink()
    with pytest.raises(UsageError, match="No such file"):
        read_cassette(folder)
    turns.write_bytes(b"\xff\xfe\x00")
    with pytest.raises(UsageError, match="UTF-8"):
        read_cassette(folder)


def test_a_newer_version_is_refused_by_its_name(folder: Path) -> None:
    head = folder / HEAD_NAME
    edit(head, "harness_cassette: 1", "harness: 9.0.0\nharness_cassette: 2")
    with pytest.raises(UsageError, match="newer harness") as refused:
        read_cassette(folder)
    assert "harness_cassette: 2, by harness 9.0.0" in str(refused.value)


def test_a_sound_that_is_missing_or_broken_is_told_with_the_line_that_names_it(
    folder: Path,
) -> None:
    sound = folder / "audio" / "002.flac"
    whole = sound.read_bytes()
    line = line_with(folder / TURNS_NAME, "audio/002.flac")
    for length in (0, 60, len(whole) // 2):
        sound.write_bytes(whole[:length])
        with pytest.raises(UsageError, match=f"{TURNS_NAME}:{line}: .*cannot be used"):
            read_cassette(folder)
    sound.unlink()
    with pytest.raises(UsageError, match="No such file"):
        read_cassette(folder)


def test_a_sound_elsewhere_is_refused(folder: Path) -> None:
    edit(folder / TURNS_NAME, "audio/002.flac", "audio/../../002.flac")
    with pytest.raises(UsageError, match="a file in audio"):
        read_cassette(folder)


def test_what_is_no_cassette_is_refused(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="is no cassette"):
        read_cassette(tmp_path)
    with pytest.raises(UsageError, match="nothing there"):
        read_cassette(tmp_path / "gone")


def test_nothing_else_is_overwritten(folder: Path, tmp_path: Path) -> None:
    check_target(folder)
    check_target(tmp_path / "new")
    with pytest.raises(UsageError, match="cannot become a cassette"):
        check_target(tmp_path)
    with pytest.raises(UsageError, match="a file"):
        check_target(folder / HEAD_NAME)


@pytest.mark.parametrize("name", [HEAD_NAME, TURNS_NAME, EVENTS_NAME, "audio/002.flac"])
@pytest.mark.parametrize("change", ["edited", "removed"])
def test_what_somebody_edited_is_replaced_only_where_that_is_said(
    name: str, change: str, folder: Path
) -> None:
    path = folder / name
    was = path.read_bytes()
    if change == "edited":
        path.write_bytes(b"# mine\n" + was)
    elif name == HEAD_NAME:
        return  # without it, it is no cassette any more
    else:
        path.unlink()
    with pytest.raises(UsageError, match="would be lost") as raised:
        write_orders(folder)
    assert raised.value.found == f"{name} was {change}"
    assert path.exists() == (change == "edited")
    write_cassette(folder, orders(), {"audio/001.flac": tone(0.5)}, [], overwrite=True)
    check_target(folder)
    assert not path.exists() or not path.read_bytes().startswith(b"# mine")


def test_a_place_where_nothing_can_be_written_is_refused_before_the_session(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "file").write_text("", encoding="utf-8")
    with pytest.raises(ArtifactError, match="Cannot write a cassette") as raised:
        check_target(tmp_path / "file/orders")
    assert raised.value.found == f"a file at {tmp_path / 'file'}"
    monkeypatch.setattr("os.access", lambda path, mode: path != tmp_path)  # root may all things
    with pytest.raises(ArtifactError, match="may not be written to"):
        check_target(tmp_path / "shelf/orders")


def test_a_sound_that_somebody_added_is_an_edit(folder: Path) -> None:
    (folder / "audio/mine.flac").write_bytes(b"")
    with pytest.raises(UsageError, match="would be lost") as raised:
        check_target(folder)
    assert raised.value.found == "audio/mine.flac was added"


def test_one_of_which_nobody_can_tell_whether_it_was_edited_is_left_alone(folder: Path) -> None:
    (folder / SUMS_NAME).unlink()
    with pytest.raises(UsageError, match="would be lost") as raised:
        check_target(folder)
    assert "nobody can tell" in str(raised.value.found)
    check_target(folder, overwrite=True)


def test_its_sums_are_those_of_sha256sum(folder: Path) -> None:
    done = subprocess.run(["sha256sum", "--check", "--strict", SUMS_NAME], cwd=folder, check=False)
    assert done.returncode == 0


def test_sounds_that_are_not_named_any_more_go(folder: Path) -> None:
    write_cassette(folder, orders(), {"audio/001.flac": tone(0.5)}, [])
    assert [path.name for path in (folder / "audio").iterdir()] == ["001.flac"]


TEXTS = st.text(st.characters(exclude_categories=["Cs"]), max_size=30)


@given(st.lists(st.tuples(TEXTS, TEXTS), max_size=4))
def test_any_words_survive(pairs: list[tuple[str, str]]) -> None:
    turns: list[dict[str, Any]] = [
        {"number": number, "said": said, "then": [{"pieces": [{"say": say}]}]}
        for number, (said, say) in enumerate(pairs)
    ]
    cassette = Cassette.model_validate({**ORDERS, "turns": turns})
    data = load(turns_text(cassette))
    assert Cassette.model_validate({**ORDERS, **data}) == cassette
