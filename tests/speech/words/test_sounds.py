import gzip
import importlib.resources

import pytest

from harness.speech.words import sound_distance
from harness.speech.words.sounds import _listed, distance, is_known, pronunciations, sound_alike


@pytest.mark.parametrize(
    ("one", "other"), [("two", "too"), ("Kim", "Kym"), ("Brown", "Browne"), ("2", "to")]
)
def test_homophones_are_no_distance_apart(one: str, other: str) -> None:
    assert sound_distance(one, other) == 0.0
    assert sound_distance(other, one) == 0.0


def test_the_more_alike_the_less() -> None:
    ship = [sound_distance("ship", other) for other in ("sheep", "chip", "shop", "table")]
    assert min(ship[:3]) > 0
    assert max(ship[:3]) < ship[3] <= 1.0


def test_nothing_is_far_from_everything() -> None:
    assert sound_distance("", "") == 0.0
    assert sound_distance("", "yes") == 1.0


def test_a_word_no_dictionary_has_is_guessed() -> None:
    assert not is_known("chevonne")
    assert all(pronunciations("chevonne"))
    assert not sound_alike("chevonne", "siobhan")
    assert distance(("chevonne",), ("siobhan",)) < 0.2


def test_reduced_forms_are_left_out() -> None:
    assert ("T", "AH") not in pronunciations("to")
    assert not sound_alike("for", "fur")


def test_a_word_is_found_with_all_its_pronunciations_wherever_it_stands() -> None:
    packed = importlib.resources.files("harness.speech.words") / "cmudict.dict.gz"
    lines = gzip.decompress(packed.read_bytes()).decode("ascii").splitlines()
    wanted: dict[str, list[str]] = {}
    for line in [*lines[:40], *lines[::997], *lines[-40:]]:
        name, _, sounds = line.partition(" ")
        wanted.setdefault(name.partition("(")[0], []).append(sounds)
    for word, some in wanted.items():
        assert set(some) <= set(_listed(word) or []), word
    assert _listed("tomato") == ["T AH0 M EY1 T OW2", "T AH0 M AA1 T OW2"]


@pytest.mark.parametrize("word", ["", "tomat", "tomato(2)", "two words", "naïve", "a\nb", "zzzz"])
def test_what_is_no_word_is_not_found(word: str) -> None:
    assert _listed(word) is None
    assert not is_known(word)


def test_numbers_sound_as_they_are_said() -> None:
    assert sound_distance("450", "four hundred fifty") == 0.0
    assert sound_distance("4482", "four four eight two") == 0.0
    assert 0.0 < sound_distance("$450", "$415") < sound_distance("$450", "$982")
