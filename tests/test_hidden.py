"""Values that nobody may read: found in every form, and nothing else is blotted out."""

from __future__ import annotations

import base64
import json
import traceback
from urllib.parse import quote, quote_plus, urlencode

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from pydantic import TypeAdapter, ValidationError

from harness.errors import HarnessError
from harness.hidden import NOTHING, Hidden, forms_of, hidden_values
from harness.redact import MASK

PASSWORDS = st.text(min_size=8, max_size=24).filter(lambda text: MASK[0] not in text)
AROUND = st.text(st.characters(exclude_categories=["Cs"]), max_size=12)


def hiding(*values: str) -> Hidden:
    return hidden_values((f"${{V{n}}}", value) for n, value in enumerate(values))


@given(PASSWORDS, AROUND, AROUND)
def test_a_long_value_is_in_no_text_in_any_form(value: str, before: str, behind: str) -> None:
    hidden = hiding(value)
    data = f"{before}{value}{behind}".encode("utf-8", "surrogatepass")
    texts = [
        before + value + behind,
        json.dumps({"a": before + value + behind}),
        json.dumps(json.dumps([before + value + behind], ensure_ascii=False)),
        quote(data),
        quote_plus(data, safe=""),
        base64.b64encode(data).decode(),
        base64.urlsafe_b64encode(data).decode(),
    ]
    for text in texts:
        left = hidden.text(text)
        assert not [form for form in forms_of(value) if form in left], text


def test_the_base64_of_a_page_is_another_one() -> None:
    """``btoa`` knows bytes of Latin-1, and ``escape`` as well."""
    hidden = hiding("Wörd&pass")
    for text in (base64.b64encode("a:Wörd&pass".encode("latin-1")).decode(), "x%F6 W%F6rd%26pass"):
        assert MASK in hidden.text(text)


@given(st.recursive(
    st.text() | st.integers() | st.none() | st.booleans() | st.floats(allow_nan=False),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
), PASSWORDS)  # fmt: skip
def test_hiding_keeps_the_shape_of_anything_that_is_json(value: object, secret: str) -> None:
    assume(secret not in json.dumps(value, ensure_ascii=False))
    assert NOTHING.value(value) is value
    assert hiding("Zq7!Zq7!Zq7!").value(value) == value
    assert secret not in json.dumps(hiding(secret).value([value, secret, {secret: value}]))


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("The PIN is 4711.", f"The PIN is {MASK}."),
        ("It wrote 4,711 and 4 7 1 1.", f"It wrote {MASK} and {MASK}."),
        ('{"pin":"4711"}', f'{{"pin":"{MASK}"}}'),
        ('{\\"pin\\":\\"\\n4711\\"}', f'{{\\"pin\\":\\"\\n{MASK}\\"}}'),
        ("?pin=4711&x=%204711", f"?pin={MASK}&x=%20{MASK}"),
        ("14711 47110 1.4711 4711.5", "14711 47110 1.4711 4711.5"),
        ("id-a4711", "id-a4711"),
    ],
)
def test_a_short_value_is_masked_as_a_word(text: str, shown: str) -> None:
    assert hiding("4711").text(text) == shown


def test_the_encoded_forms_of_a_short_value_are_masked() -> None:
    hidden = hiding("a/ b")
    assert hidden.text(urlencode({"q": "a/ b"})) == f"q={MASK}"
    basic = base64.b64encode(b"kim:47a11").decode()
    assert MASK in hiding("47a11").text(f"Basic {basic}")


def test_numbers_are_hidden_where_they_are_somebodys_data() -> None:
    """Elsewhere they measure: a stand-in there would break whoever computes with them."""
    event = {"name": "pay", "arguments": {"pin": 4711, "n": [4711, 4712]}, "frames": 4711}
    assert hiding("4711").value(event) == {
        "name": "pay",
        "arguments": {"pin": MASK, "n": [MASK, 4712]},
        "frames": 4711,
    }


def test_a_value_that_is_part_of_another_one_leaves_nothing_of_it() -> None:
    assert hiding("wonder", "wonderpass-1").text("wonderpass-1 wonder") == f"{MASK} {MASK}"


def test_a_value_too_short_is_masked_where_it_stands_alone_and_is_told() -> None:
    hidden = hidden_values([("${CVV}", "12")], texts=[("CVV 12!", ["12"])])
    assert hidden.value(["12", "at 12 o'clock", "CVV 12!", "say “12”"]) == [
        MASK,
        "at 12 o'clock",
        f"CVV {MASK}!",
        f"say “{MASK}”",
    ]
    [note] = hidden.notes
    assert "${CVV}" in note
    assert "fewer than 4" in note
    assert "12" not in note


def test_a_word_of_the_output_is_masked_in_what_is_made_of_it_and_is_told() -> None:
    """Elsewhere its stand-ins would spoil every message, and say what it is."""
    hidden = hidden_values(
        [("${W}", "Done")], own_words={"done"}, texts=[("Done, I told Kim", ["Done"])]
    )
    assert hidden.value({"type": "response.done", "status": "Done"}) == {
        "type": "response.done",
        "status": "Done",
    }
    assert hidden.text("said: Done, I told Kim") == f"said: {MASK}, I told Kim"
    assert "${W}" in hidden.notes[0]


def test_an_empty_value_hides_nothing() -> None:
    assert not hiding("")


def test_blanks_around_a_value_and_lines_of_it_are_seen_through() -> None:
    """A variable may be a file's content: a password and a line's end, or a whole key."""
    assert hiding("4711\n").value(["4711", "4711\n"]) == [MASK, MASK]
    assert hiding("BEGIN\nMIIEvQIBADANBg\nkqhkiG9w\n").text("x=MIIEvQIBADANBg BEGIN") == (
        f"x={MASK} BEGIN"
    )


def test_what_several_hide_is_hidden_together() -> None:
    assert (hiding("swordfish") | hiding("4711")).text("swordfish 4711") == f"{MASK} {MASK}"


def fail() -> None:
    try:
        raise OSError(2, "no swordfish", "/tmp/swordfish")
    except OSError as error:
        told = HarnessError("swordfish", expected="a swordfish", found="x")
        told.__cause__ = error
        raise ExceptionGroup("of several", [told]) from error


def test_errors_say_nothing_of_it_nor_do_their_causes() -> None:
    with pytest.raises(ExceptionGroup) as caught, hiding("swordfish").in_errors():
        fail()
    [told] = caught.value.exceptions
    assert isinstance(told, HarnessError)
    assert (told.message, told.expected, told.found) == (MASK, f"a {MASK}", "x")
    for error in (caught.value, told, caught.value.__cause__, told.__cause__):
        assert "swordfish" not in repr(error)
        assert "swordfish" not in str(error)


def check() -> None:
    try:
        TypeAdapter(int).validate_python("swordfish")
    except ValidationError as error:
        raise HarnessError("wrong") from error


def test_a_cause_that_keeps_what_it_says_is_left_out() -> None:
    with pytest.raises(HarnessError) as caught, hiding("swordfish").in_errors():
        check()
    assert "swordfish" not in "".join(traceback.format_exception(caught.value))


def test_it_does_not_show_itself() -> None:
    assert "swordfish" not in repr(hidden_values([("${A}", "swordfish"), ("${B}", "zq")]))
