from harness.speech.words import Match, Pair, align, find_phrase


def test_a_match_is_a_range_of_tokens() -> None:
    tokens = ["That", "is", "forty", "two", "dollars", "and", "fifty", "cents", ",", "thanks", "."]
    assert find_phrase(tokens, "$42.50") == Match(2, 7, "same")
    assert find_phrase(tokens, "dollars") == Match(4, 4, "same")


def test_an_empty_stretch_is_what_the_other_side_alone_has() -> None:
    assert align(["yes"], ["yes", "please"])[1] == Pair(1, 1, 1, 2, "missing")
