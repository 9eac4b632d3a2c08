"""Which chunks are nearest in meaning, as an encoder tells it."""

from __future__ import annotations

from harness.context.knowledge.meanings import Meanings
from tests.support.topics import Topics


def test_the_nearest_come_first_and_what_has_nothing_to_do_with_it_not_at_all() -> None:
    meanings = Meanings(Topics())
    meanings.add([1, 2, 3], ["a car", "a soup in a car", "a soup"])
    assert [number for number, _ in meanings.nearest("the garage", 3)] == [1, 2]
    assert [number for number, _ in meanings.nearest("the garage", 1)] == [1]
    (best, _) = meanings.nearest("broth", 3)
    assert best == (3, 1.0)


def test_what_is_forgotten_is_not_found() -> None:
    meanings = Meanings(Topics())
    meanings.add([1, 2], ["a car", "a garage"])
    meanings.forget([1, 9])
    assert [number for number, _ in meanings.nearest("car", 3)] == [2]
    meanings.add([3], ["two cars"])
    assert [number for number, _ in meanings.nearest("car", 3)] == [2, 3]
    meanings.forget([2, 3])
    assert meanings.nearest("car", 3) == []


def test_many_are_encoded_in_parts() -> None:
    topics = Topics()
    meanings = Meanings(topics)
    meanings.add(range(150), ["a car"] * 150)
    assert topics.asked == [64, 64, 22]
    assert len(meanings.nearest("car", 999)) == 150


def test_an_empty_question_finds_nothing() -> None:
    meanings = Meanings(Topics())
    meanings.add([1], ["a car"])
    assert meanings.nearest(" ", 3) == []
