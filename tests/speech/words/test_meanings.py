from decimal import Decimal

from harness.speech.words.meanings import Meaning, clock, text_of


def test_units_may_be_left_out_only_where_people_do() -> None:
    amount, bare = Meaning("amount", "42.50", "dollars"), Meaning("amount", "42.50")
    assert bare.holds(amount)
    assert amount.holds(bare)
    assert not Meaning("amount", "42.50", "euros").holds(amount)
    assert not Meaning("clock", "7:30").holds(Meaning("clock", "7:30", "pm"))


def test_a_clock_has_twelve_hours() -> None:
    assert clock(19, 30) == Meaning("clock", "7:30", "pm")
    assert clock(0, 5) == Meaning("clock", "12:05", "am")
    assert clock(12, 0) == Meaning("clock", "12:00", None)


def test_a_number_has_one_text() -> None:
    assert [text_of(Decimal(text)) for text in ("250", "3.50", "-23")] == ["250", "3.5", "-23"]
