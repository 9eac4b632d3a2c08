import re
from collections import Counter

from harness.realtime.ids import BASE62, HEX, Ids


def test_ids_have_the_shapes_of_the_service() -> None:
    ids = Ids(seed=3)
    assert re.fullmatch(r"sess_[0-9A-Za-z]{21}", ids.session())
    assert re.fullmatch(r"conv_[0-9A-Za-z]{21}", ids.conversation())
    assert re.fullmatch(r"item_[0-9A-Za-z]{21}", ids.item())
    assert re.fullmatch(r"resp_[0-9A-Za-z]{21}", ids.response())
    assert re.fullmatch(r"event_[0-9A-Za-z]{21}", ids.event())
    assert re.fullmatch(r"event_[0-9a-f]{16}", ids.playback_event())
    assert re.fullmatch(r"call_[0-9A-Za-z]{16}", ids.function_call())


def test_a_seed_repeats_and_another_does_not() -> None:
    assert Ids(seed=1).item() == Ids(seed=1).item()
    assert Ids(seed=1).item() != Ids(seed=2).item()


def test_without_a_seed_ids_differ() -> None:
    assert Ids().item() != Ids().item()


def test_letters_are_as_many_as_wanted_and_each_as_likely() -> None:
    ids = Ids()
    assert [len(ids.letters(count)) for count in (0, 1, 21, 500)] == [0, 1, 21, 500]
    counts = Counter(ids.letters(620_000))
    assert set(counts) == set(BASE62)
    assert all(abs(count - 10_000) < 800 for count in counts.values())  # eight deviations
    assert set(ids.letters(1000, HEX)) == set(HEX)
