"""Second answers to one turn: more of them than anybody asked for. Pure.

A turn has one answer. More are planned where a step asked for them, where a tool was called or the
session was asked for another between them, where the user did something on the page just before
it, where long work was done, where the user was silent for long (an assistant may ask whether
anybody is there), and where the one before was cut off.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from itertools import pairwise

from harness.score.answers import Answer, Told
from harness.score.no_answer import words_of
from harness.score.turns import turn_of_answer
from harness.speech.spans import Span

IDLE_S = 3.0
"""A turn that ends so long after the user's last sound was ended for want of anything said."""


AFTER_ACT_S = 3.0
"""An answer that begins so soon after the user has clicked on the page may be asked for by that."""

ASKING_EVENTS = frozenset({"tool.called", "thinking.delivered"})
"""What asks for another answer without a word of the user: a tool, long work that is done."""

ASKING_ACTS = frozenset({"click", "press", "select", "check", "uncheck", "upload"})


def asks_on_page(events: Iterable[Told], answers: Sequence[Answer]) -> list[float]:
    """When the user did something on the page, and an answer began soon after it."""
    asks_s = []
    for event in events:
        if event.type != "page.acted" or event.data["kind"] not in ASKING_ACTS:
            continue
        done_s = event.t_s or 0.0
        began_s = done_s - float(event.data["took_s"])
        if any(began_s <= answer.began_s <= done_s + AFTER_ACT_S for answer in answers):
            asks_s.append(began_s)
    return asks_s


def second_answers(
    answers: Sequence[Answer],
    turns: Sequence[Span],
    ends_s: Sequence[float],
    asks_s: Sequence[float],
    taken: Collection[str],
) -> list[str]:
    """Each turn that had two answers, in words.

    Args:
        answers: all of the call's.
        turns: what the user said, see `turn_of_answer`; `ends_s` too.
        asks_s: when another answer was asked for, see `ASKING_EVENTS` and `asks_on_page`.
        taken: ids of the answers that steps have asked for.
    """
    found = []
    by_turn: dict[int, list[Answer]] = {}
    for answer in sorted(answers, key=lambda each: each.began_s):
        if answer.is_spoken and answer.is_told and not answer.interrupted:
            turn = turn_of_answer(answer.began_s, turns, ends_s, answer.latest_start_s)
            by_turn.setdefault(turn, []).append(answer)
    for turn, all_of_it in sorted(by_turn.items()):
        for before, after in pairwise(all_of_it):
            planned = before.answer_id in taken and after.answer_id in taken
            wishes_s = [*asks_s, *_idle_ends(turn, turns, ends_s)]
            asked = any(before.began_s <= wish_s <= after.began_s for wish_s in wishes_s)
            if not planned and not asked:
                both = f"{_told(before)} and {_told(after)}"
                found.append(f"two answers to {_turn(turn, turns)}: {both}")
    return found


def calls_at_once(events: Iterable[Told]) -> int:
    """How many calls the page held at the same time: channels of one name that were talked on."""
    open_now: dict[str, set[str]] = {}
    most: dict[str, int] = {}
    talked: set[str] = set()
    for event in events:
        label, connection = str(event.data.get("label")), str(event.data.get("connection"))
        if event.type == "data_channel.open":
            open_now.setdefault(label, set()).add(connection)
            most[label] = max(most.get(label, 0), len(open_now[label]))
        elif event.type == "data_channel.closed":
            open_now.get(label, set()).discard(connection)
        elif event.type == "data_channel.message" and event.data.get("direction") == "received":
            talked.add(label)
    return max((most.get(label, 0) for label in talked), default=0)


def _idle_ends(turn: int, turns: Sequence[Span], ends_s: Sequence[float]) -> list[float]:
    """Turns that the other side ended for it when nobody had spoken for long: it may ask again."""
    if turn < 0:
        return []
    return [end_s for end_s in ends_s if end_s > turns[turn].end_s + IDLE_S]


def _turn(index: int, turns: Sequence[Span]) -> str:
    if index < 0:
        return "nothing that the user said"
    return f"what the user said from {turns[index].start_s:.3f} s to {turns[index].end_s:.3f} s"


def _told(answer: Answer) -> str:
    return f"{words_of(answer)} (at {answer.began_s:.3f} s)"
