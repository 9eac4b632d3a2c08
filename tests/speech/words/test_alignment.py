from harness.speech.words import Pair, align


def test_spellings_lie_side_by_side() -> None:
    pairs = align(["booked", "$90", "Tuesday"], ["booked", "ninety", "dollars", "Thursday"])
    assert pairs[1] == Pair(1, 2, 1, 3, "same")
    assert pairs[2] == Pair(2, 3, 3, 4, "different")


def test_homophones_and_names_are_named() -> None:
    relations = [p.relation for p in align(["Kim", "met", "Siobhan"], ["Kym", "met", "Chevonne"])]
    assert relations == ["homophone", "same", "near"]


def test_what_one_side_leaves_out() -> None:
    pairs = align(["it", "is", "not", "ready", "yet"], ["it", "is", "ready"])
    assert [p.relation for p in pairs] == ["same", "same", "missing", "same", "missing"]


def test_nothing_beside_something() -> None:
    assert align([], []) == []
    assert align([], ["yes"]) == [Pair(0, 0, 0, 1, "missing")]


def test_a_long_answer_is_aligned_in_parts() -> None:
    words = [f"w{chr(97 + n % 26)}x" for n in range(1500)]
    assert all(pair.relation == "same" for pair in align(words, words))
