"""Call events are matched by globs on their type."""

from harness.call.events import CallEvent


def test_a_pattern_is_a_glob_on_the_type() -> None:
    event = CallEvent(1.0, "wire", "response.done", {}, "received")
    assert event.matches("response.*")
    assert event.matches("*")
    assert not event.matches("session.*")
    assert str(event) == "←response.done"
