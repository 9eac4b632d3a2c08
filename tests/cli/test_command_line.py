"""What becomes of a command that cannot be done."""

from __future__ import annotations

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
