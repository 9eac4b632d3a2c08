"""A microphone as it is written down, and the numbers it acts by."""

import pytest
from pydantic import ValidationError

from harness.errors import UsageError
from harness.line.microphone_plan import UNTOUCHED, EchoPlan, MicrophonePlan
from harness.line.microphone_wish import DROPOUT_PIECES, MicrophoneWish, read_microphone


def plan(**wish: object) -> MicrophonePlan:
    return MicrophoneWish.model_validate(wish).plan()


def test_what_is_not_named_it_does_not_do() -> None:
    assert plan(fade_ms=0) == UNTOUCHED
    assert read_microphone("clean").plan() == MicrophonePlan(fade_frames=960)


def test_decibels_are_factors_and_milliseconds_frames() -> None:
    made = plan(gain_db=-20, fade_ms=10, clipping_dbfs=-6)
    assert made.gain == pytest.approx(0.1)
    assert made.fade_frames == 480
    assert made.limit == pytest.approx(0.501187)
    assert plan(echo={"gain_db": -40, "delay_ms": 125}).echo == EchoPlan(0.01, 6000)


def test_a_telephone_and_a_small_loudspeaker_are_filters() -> None:
    assert plan(telephone=True).taps == read_microphone("telephone").plan().taps
    echo = plan(echo={"band_hz": [300, 3400]}).echo
    assert echo is not None
    assert echo.taps == plan(telephone=True).taps


@pytest.mark.parametrize("share", [0.001, 0.05, 0.5, 1.0])
def test_dropouts_have_exactly_their_share_and_repeat_with_their_seed(share: float) -> None:
    wish = {"share": share, "length_ms": 40}
    made, again, other = (plan(dropouts={**wish, "seed": seed}).dropouts for seed in (1, 1, 2))
    assert made is not None
    assert other is not None
    assert (made.frames, made.pieces) == (1920, DROPOUT_PIECES)
    assert len(made.silent) == len(set(made.silent)) == share * DROPOUT_PIECES
    assert list(made.silent) == sorted(made.silent)
    assert made == again
    assert share == 1.0 or made.silent != other.silent


def test_it_is_told_in_words() -> None:
    assert read_microphone("clean").in_words == "clean"
    wish = {"gain_db": 6, "clipping_dbfs": -3, "telephone": True, "echo": {}}
    words = read_microphone({**wish, "dropouts": {"share": 0.05}}).in_words
    assert words == (
        "+6 dB, clipped at -3 dBFS, a telephone's band, 5 % dropouts of 60 ms, "
        "echo -20 dB after 100 ms"
    )


@pytest.mark.parametrize(
    ("wish", "says"),
    [
        ("telefone", "“telefone” is none of clean, telephone"),
        ({"gain": -3}, "gain"),
        ({"clipping_dbfs": 3}, "clipping_dbfs: 3"),
        ({"dropouts": {}}, "dropouts.share"),
        ({"echo": {"delay_ms": 10}}, "echo.delay_ms: 10"),
        ({"echo": {"band_hz": [3400, 300]}}, "at least 100 Hz apart"),
        (3, "3"),
    ],
)
def test_what_cannot_be_had_is_said(wish: object, says: str) -> None:
    with pytest.raises(UsageError) as raised:
        read_microphone(wish)  # type: ignore[arg-type]
    assert says in str(raised.value)
    with pytest.raises(ValidationError):
        MicrophoneWish.model_validate(wish)
