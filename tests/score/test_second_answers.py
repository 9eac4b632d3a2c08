"""Two answers to one turn."""

from harness.score.answers import Answer
from harness.score.second_answers import asks_on_page, calls_at_once, second_answers
from harness.speech.spans import Span
from harness.trace import TraceEvent
from tests.support.call_events import event

TURNS = [Span(1.0, 2.0), Span(10.0, 11.0)]


def told(name: str, at_s: float, **facts: object) -> Answer:
    return Answer(name, at_s, f"This is {name}.", **facts)  # type: ignore[arg-type]


def found(*answers: Answer, asks_s: tuple[float, ...] = (), taken: str = "") -> list[str]:
    return second_answers(answers, TURNS, [], asks_s, set(taken))


def test_one_answer_a_turn_is_right() -> None:
    assert found(told("a", 2.5), told("b", 11.5)) == []
    assert found() == []


def test_two_are_told_with_their_words() -> None:
    (text,) = found(told("a", 2.5), told("b", 2.6), told("c", 11.5))
    assert text == (
        "two answers to what the user said from 1.000 s to 2.000 s: "
        "“This is a.” (at 2.500 s) and “This is b.” (at 2.600 s)"
    )


def test_a_step_that_took_only_one_of_them_did_not_plan_the_other() -> None:
    two = told("a", 2.5), told("b", 2.6)
    assert len(found(*two, taken="a")) == 1
    assert found(*two, taken="ab") == []


def test_a_tool_call_or_another_request_between_them_explains_the_second() -> None:
    assert found(told("a", 2.5), told("b", 4.0), asks_s=(3.0,)) == []
    assert len(found(told("a", 2.5), told("b", 4.0), asks_s=(5.0,))) == 1


def test_a_click_on_the_page_explains_the_answer_that_begins_soon_after_it() -> None:
    two = told("a", 2.5), told("b", 4.0)

    def found_after(t_s: float, kind: str = "click") -> int:
        acts = [event("page.acted", t_s, kind=kind, what="“#again”", took_s=0.1)]
        return len(found(*two, asks_s=tuple(asks_on_page(acts, two))))

    assert found_after(3.8) == 0
    assert found_after(4.05) == 0, "the page was faster than the word that it was clicked"
    assert found_after(2.4) == 1, "before the first of them"
    assert found_after(3.8, kind="screenshot") == 1


def test_an_assistant_may_speak_again_when_nobody_does() -> None:
    two = told("a", 2.5), told("b", 8.5)
    assert second_answers(two, TURNS, [2.4, 8.4], [], []) == []
    assert len(second_answers(two, TURNS, [2.4, 3.4], [], [])) == 1


def test_one_that_was_cut_off_is_followed_by_another() -> None:
    assert found(told("a", 1.5, status="cancelled"), told("b", 2.6)) == []


def test_what_is_only_written_or_only_heard_is_no_second_answer() -> None:
    assert found(told("a", 2.5), Answer("b", 2.6), Answer("heard-3", 2.7, voice_start_s=2.7)) == []


def test_two_greetings_answer_nothing() -> None:
    (text,) = found(told("a", 0.2), told("b", 0.3))
    assert text.startswith("two answers to nothing that the user said")


def channel(kind: str, connection: str, label: str = "events", **facts: str) -> TraceEvent:
    return event(f"data_channel.{kind}", 1.0, "page", connection=connection, label=label, **facts)


def test_calls_are_counted_that_are_open_at_the_same_time() -> None:
    told = channel("message", "a", direction="received")
    both = [channel("open", "a"), channel("open", "b"), told]
    assert calls_at_once(both) == 2
    one_by_one = [channel("open", "a"), told, channel("closed", "a"), channel("open", "b")]
    assert calls_at_once(one_by_one) == 1
    assert calls_at_once([]) == 0


def test_a_channel_on_which_nothing_was_said_is_no_call() -> None:
    meter = [channel("open", "x", "meter"), channel("open", "y", "meter")]
    told = channel("message", "a", direction="received")
    assert calls_at_once([channel("open", "a"), told, *meter]) == 1
