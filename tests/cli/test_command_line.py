"""What becomes of a command that cannot be done."""

from __future__ import annotations

import re
import shlex
from pathlib import Path

import pytest

from harness.cli.command_line import split_at_program
from tests.cli.conftest import Harness


def test_a_mistyped_command_is_corrected(harness: Harness) -> None:
    done = harness("rnu")
    assert done.returncode == 2
    assert "Did you mean 'run'" in done.stderr
    assert "Traceback" not in done.stderr


def test_a_mistyped_option_names_the_near_ones(harness: Harness) -> None:
    done = harness("run", "rover", "--heded")
    assert done.returncode == 2
    assert "--headed" in done.stderr


def test_an_impossible_value_says_what_is_possible(harness: Harness) -> None:
    done = harness("bench", "network")
    assert done.returncode == 2
    assert "microphone" in done.stderr
    assert "bridge" in done.stderr


WRONG = """
rnu ok.yaml | run
run ok.yaml --egnine simulated | --engine
run ok.yaml --engine simulatd | simulated
run ok.yaml --tag | harness run --help
run ok.yaml --repeat two | two
run ok.yaml --repeat 0 | found: 0
run ok.yaml --shard 4/3 | 4/3
run ok.yaml --set city | NAME=VALUE
run ok.yaml --grep [ | regular expression
run ok.yaml --network 3gg | 3g, satellite
run ok.yaml --redirect opnai --page http://127.0.0.1:1/ | openai?
run ok.yaml --protocol rtvy --page http://127.0.0.1:1/ | rtvi
run ok.yaml --page htp://localhost:3000/ | http://…
run ok.yaml --page localhost:3000 | http://localhost:3000
run ok.yaml --server nonsense --engine native | http://…
run ok.yaml --out notes.txt | a file named notes.txt
run ok.yaml --allure notes.txt | a file named notes.txt
run ok.yaml --markdown folder | an empty folder
run ok.yaml --history folder | an empty folder
run ok.yaml --cassette notes.txt | a file named notes.txt
run nosuch.yaml | nothing at
run empty.yaml | an empty file
run bytes.yaml | UTF-8
run notes.txt | a text
run folder | No scenarios
run folder.yaml | No scenarios
list ok.yaml --tg x | --tag
validate bytes.yaml | UTF-8
serve --port eighty | eighty
serve --port 99999 | 99999
serve --script folder | Is a directory
serve --script bytes.yaml | UTF-8
serve --faults ok.yaml | names and values
serve --assistant nobody | echo
serve --assistant llm | address and a model
serve --host 0.0.0.0 | HARNESS_API_KEY
serve --cassette folder | an empty folder
report | TRACE
report nosuch | nothing
report notes.txt | a file named notes.txt
report folder | an empty folder
inspect nosuch | http://…
findings folder | an empty folder
pack nosuch | nothing
pack folder --keep soon | 10m
export folder | --har
view notes.txt | a file named notes.txt
score nosuch.wav | no such file
score empty.wav | empty file
score bytes.wav | decoder
score folder | a folder
score bytes.wav --user middle | right
record | URL
replay folder | .flac
replay bytes.wav | decoder
replay bytes.wav --redact soon | START-END
replay bytes.wav --pace fast | recorded
compare ok.yaml | NEW
compare folder folder | results.json
baseline acce x | accept
baseline accept | --to
baseline show ok.yaml | harness_baseline
history | history
history nosuch.sqlite | nothing
cassette chk x | check
cassette check notes.txt | a file named notes.txt
doctor --instal | --install
cache clr | clear
bench nosuch | microphone
bench bridge --hours 1 | --hours
bench soak --minutes many | many
bench soak --engine nosuch | wrtc
--verion | --version
"""
"""What people mistype, and what the message has to name."""


@pytest.mark.parametrize("case", WRONG.strip().splitlines())
def test_a_wrong_use_says_what_was_found_and_what_to_do(
    harness: Harness, tmp_path: Path, case: str
) -> None:
    (tmp_path / "ok.yaml").write_text("name: ok\nsteps: [{silence: 0.2}, hang_up]\n")
    (tmp_path / "notes.txt").write_text("hello\n")
    for name in ("empty.yaml", "empty.wav"):
        (tmp_path / name).touch()
    for name in ("bytes.yaml", "bytes.wav"):
        (tmp_path / name).write_bytes(b"\x9a\xff\x00" * 100)
    for name in ("folder", "folder.yaml"):
        (tmp_path / name).mkdir()
    typed, _, named = case.partition(" | ")
    before = set(tmp_path.iterdir())
    done = harness(*shlex.split(typed))
    assert done.returncode == 2, done.stderr
    assert named in re.sub(r"\s+", " ", done.stderr)
    assert re.search(r"^  to do:    \S", done.stderr, re.MULTILINE)
    assert "Traceback" not in done.stderr
    assert "inside the harness" not in done.stderr
    assert "starting" not in done.stderr, "it is told before anything is"
    assert set(tmp_path.iterdir()) == before


def test_a_failure_has_no_traceback_unless_asked_for(harness: Harness) -> None:
    assert "Traceback" not in harness("report", "nowhere").stderr
    assert "Traceback" in harness("report", "nowhere", HARNESS_DEBUG="1").stderr


def test_an_output_without_utf_8_lacks_signs_and_nothing_else(harness_process: Harness) -> None:
    done = harness_process("run", "nowhere", PYTHONIOENCODING="ascii")
    assert done.returncode == 2
    assert "There is no scenario ?nowhere?" in done.stderr
    done = harness_process("doctor", PYTHONIOENCODING="ascii")
    assert "? python" in done.stdout
    assert "UnicodeEncodeError" not in done.stderr


def test_a_program_of_the_user_s_stands_behind_two_dashes() -> None:
    typed = ["run", "a.yaml", "--page", "http://h/", "--", "npm", "start", "--", "--loud"]
    assert split_at_program(typed) == (typed[:4], ["npm", "start", "--", "--loud"])


def test_only_a_run_starts_a_program() -> None:
    assert split_at_program(["report", "--", "x"]) == (["report", "--", "x"], [])
    assert split_at_program(["run", "a.yaml"]) == (["run", "a.yaml"], [])


def test_nothing_behind_the_dashes_is_said(harness: Harness) -> None:
    done = harness("run", "rover", "--page", "http://127.0.0.1:1/", "--")
    assert done.returncode == 2
    assert "npm start" in done.stderr
