"""Folders that calls were taken out to: nothing older stays, nothing of anybody else is touched."""

from __future__ import annotations

from pathlib import Path

from harness.exchange.index import INDEX_NAME, Index, Packed
from harness.exchange.load_dump import write_as_trace
from harness.exchange.pack import pack
from harness.exchange.taken_out import free_folder, mark, remove_earlier
from harness.exchange.unpack import unpack
from tests.exchange.test_load_dump import DUMPS
from tests.exchange.test_pack import names, run


def files(folder: Path) -> set[str]:
    found = {path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file()}
    return found - {INDEX_NAME}


def test_what_an_earlier_file_put_there_is_gone(tmp_path: Path) -> None:
    home, target = tmp_path / "out", tmp_path / "target"
    runs = [run(home / name, 1) for name in ("one", "two")]
    unpack(pack(home, runs, tmp_path / "a.zip").path, target)
    (target / "two" / "notes.md").write_text("mine", encoding="utf-8")
    unpack(pack(home, runs[:1], tmp_path / "a.zip").path, target)
    assert files(target) == {
        "one/trace.jsonl", "one/call.wav", "one/login.png", "two/notes.md",
    }  # fmt: skip
    write_as_trace(DUMPS / "wrong-port.rtcstats.gz", target)
    assert files(target) == {"trace.jsonl", "two/notes.md"}
    assert not (target / "one").exists()


def test_what_was_taken_out_is_packed_again_as_it_was(tmp_path: Path) -> None:
    home = run(tmp_path / "call", 1)
    first = pack(home, [home], tmp_path / "a.zip").path
    unpack(first, tmp_path / "back")
    again = pack(tmp_path / "back", [tmp_path / "back"], tmp_path / "b.zip").path
    assert names(again) == names(first)


def test_a_folder_of_somebody_elses_is_not_filled(tmp_path: Path) -> None:
    wanted = tmp_path / "call"
    assert free_folder(wanted, []) == wanted
    assert free_folder(wanted, [wanted]) == tmp_path / "call-2"
    wanted.mkdir()
    assert free_folder(wanted, []) == wanted
    (wanted / "trace.jsonl").touch()
    (tmp_path / "call-2").touch()
    assert free_folder(wanted, []) == tmp_path / "call-3"
    mark(wanted, Index("1", (), {}))
    assert free_folder(wanted, []) == wanted


def test_nothing_behind_a_link_is_removed(tmp_path: Path) -> None:
    folder, other = tmp_path / "call", run(tmp_path / "other", 1)
    folder.mkdir()
    (folder / "one").symlink_to(other)
    mark(folder, Index("1", (Packed("one/trace.jsonl", 1, "", 1),), {}))
    remove_earlier(folder)
    assert (other / "trace.jsonl").is_file()
    assert not (folder / INDEX_NAME).exists()
