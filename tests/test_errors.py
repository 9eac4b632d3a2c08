"""One tree, plain messages, and exit codes that mean something."""

import inspect

from harness import errors
from harness.errors import ExpectationFailed, HarnessError, ScenarioError, StreamOverflow


def test_every_error_belongs_to_the_tree_and_is_drawn_in_the_docstring() -> None:
    drawing = errors.__doc__ or ""
    for name, cls in inspect.getmembers(errors, inspect.isclass):
        if cls.__module__ == errors.__name__:
            assert issubclass(cls, HarnessError), name
            assert name in drawing, f"{name} is not drawn"


def test_a_message_says_what_was_expected_what_was_found_and_what_to_do() -> None:
    error = HarnessError("No call.", expected="a call", found="nothing", hint="try again")
    assert str(error).splitlines() == [
        "No call.",
        "  expected: a call",
        "  found:    nothing",
        "  to do:    try again",
    ]


def test_exit_codes() -> None:
    assert HarnessError.exit_code == 3
    assert ScenarioError.exit_code == 2
    assert ExpectationFailed.exit_code == 1


def test_facts_stay_available_as_attributes() -> None:
    error = StreamOverflow("events", 10)
    assert (error.name, error.capacity) == ("events", 10)
