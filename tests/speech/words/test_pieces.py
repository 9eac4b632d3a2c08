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


def test_a_piece_knows_its_token() -> None:
    pieces = pieces_of(["It", "is", "$42.50,", "Kim."])
    assert [piece.token for piece in pieces] == [0, 1, 2, 2, 2, 2, 3]
    assert pieces[5].ends_clause
    assert pieces[6].is_name
