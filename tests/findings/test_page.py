"""Findings of the page itself."""

from __future__ import annotations

from harness.facts.browser import PageException, PagePaused, Signalled
from harness.facts.page import LongTask
from tests.support.healthy_call import HEALTHY, At, found_in, names_in


def test_an_exception_that_nobody_caught_is_told_once() -> None:
    thrown = [(t_s, PageException("TypeError: x is undefined\n  at a.js:1")) for t_s in (1.0, 2.0)]
    (found,) = found_in(HEALTHY, thrown)
    assert found.name == "script_error"
    assert found.cause == "TypeError: x is undefined."


def test_a_busy_main_thread() -> None:
    assert names_in(HEALTHY, (2.0, LongTask(1200.0))) == ["main_thread_blocked"]
    assert names_in(HEALTHY, (2.0, LongTask(260.0))) == []


def test_what_keeps_it_busy_while_the_page_loads_holds_up_no_call() -> None:
    assert names_in((0.01, LongTask(1200.0)), HEALTHY) == []


def test_an_api_key_in_a_page() -> None:
    def posted(key: str) -> Signalled:
        return Signalled("POST", "https://api.example.com/v1/realtime/calls", True, 201, key, 0.1)  # type: ignore[arg-type]

    (found,) = found_in((1.0, posted("api_key")), (2.0, posted("api_key")))
    assert (found.name, found.cause) == ("api_key_in_page", "It went to api.example.com.")
    assert names_in((1.0, posted("client_secret"))) == []


def test_what_the_harness_held_is_no_fault_of_the_page() -> None:
    held: list[At] = [(10.0, PagePaused("http://a/call.js:1:1", 5.0)), (10.1, LongTask(5_050.0))]
    assert names_in(HEALTHY, held) == []
    assert names_in(HEALTHY, held, (20.0, LongTask(5_000.0))) == ["main_thread_blocked"]
