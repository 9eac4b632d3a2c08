import pytest

from harness.speech.words.pieces import pieces_of


@pytest.mark.parametrize(
    ("text", "pieces"),
    [
        ("$42.50", "42 dollars 50 cents"),
        ("-$5", "minus 5 dollars"),
        ("can't", "can not"),
        ("A7B", "a 7 b"),
        ("kim@example.com", "kim at example dot com"),
        ("1234", "1 2 3 4"),
        ("1,234", "1234"),
        ("2026", "2026"),
        ("7:05", "7 05"),
        ("7:00", "7 oclock"),
        ("72°F", "72 degrees fahrenheit"),
        ("um, yes", "yes"),
        ("5 mm", "5 mm"),
        ("555-0199", "555 0 1 9 9"),
        ("p.m.", "p m"),
        ("🎉 ** —", ""),
    ],
)
def test_a_text_is_taken_apart(text: str, pieces: str) -> None:
    assert " ".join(piece.text for piece in pieces_of(text.split())) == pieces


@pytest.mark.parametrize(
    ("tokens", "pieces", "places"),
    [
        ([" It's", " $42", ".50,", " Kim"], "it is 42 dollars 50 cents kim", [0, 0, 1, 1, 1, 1, 3]),
        (["555", "-0199"], "555 0 1 9 9", [0, 1, 1, 1, 1]),
        (["Wi", "-Fi"], "wi fi", [0, 1]),
        (["at", "7", ":30"], "at 7 30", [0, 1, 1]),
        (["1", ",250"], "1250", [0]),
        (["is", "-5"], "is minus 5", [0, 1, 1]),
        ([" is", " -5"], "is minus 5", [0, 1, 1]),
        (["kim", "@example", ".com"], "kim at example dot com", [0, 0, 0, 0, 0]),
    ],
)
def test_tokens_that_part_a_word_are_put_together(
    tokens: list[str], pieces: str, places: list[int]
) -> None:
    found = pieces_of(tokens)
    assert " ".join(piece.text for piece in found) == pieces
    assert [piece.token for piece in found] == places


def test_a_piece_knows_its_token() -> None:
    pieces = pieces_of(["It", "is", "$42.50,", "Kim."])
    assert [piece.token for piece in pieces] == [0, 1, 2, 2, 2, 2, 3]
    assert pieces[5].ends_clause
    assert pieces[6].is_name
