from tests.cli.conftest import Harness


def test_the_command_says_what_it_needs(harness: Harness) -> None:
    done = harness("score", "--help")
    assert done.returncode == 0
    assert "cannot tell" in done.stdout


def test_a_recording_that_is_not_there_is_misuse(harness: Harness) -> None:
    done = harness("score", "nowhere.wav")
    assert done.returncode == 2
    assert "no such file" in done.stderr
