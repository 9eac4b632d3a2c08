"""Pictures that are made to fit what a model is shown."""

from __future__ import annotations

import random
import sys
import warnings

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from harness.context.errors import PictureBroken, PictureError, PictureTooLarge
from harness.context.picture_fit import MOST_SIDE, fitted
from harness.errors import MissingExtra
from tests.support.drawn_pictures import BLUE, RED, WHITE, bomb, noisy, opened, picture, saved

KIB = 1024


def near(found: object, wanted: tuple[int, int, int]) -> bool:
    """JPEG keeps colours nearly."""
    assert isinstance(found, tuple)
    return all(abs(one - other) < 25 for one, other in zip(found, wanted, strict=True))


@pytest.mark.parametrize("kind", ["PNG", "JPEG", "GIF", "WEBP"])
@pytest.mark.parametrize("most_bytes", [180 * KIB, 36 * KIB, 1 * KIB])
def test_a_picture_of_any_kind_fits(kind: str, most_bytes: int) -> None:
    mime_type, content = fitted(noisy(kind), most_bytes)
    assert len(content) <= most_bytes
    shown = opened(content)
    assert mime_type == Image.MIME[str(shown.format)]
    assert mime_type in ("image/png", "image/jpeg")
    assert shown.width / shown.height == pytest.approx(1.5, abs=0.2)


def test_a_drawing_keeps_its_edges() -> None:
    mime_type, content = fitted(picture("GIF"), 36 * KIB)
    assert mime_type == "image/png"
    assert opened(content).convert("RGB").tobytes() == opened(picture("PNG")).tobytes()


def test_no_more_is_kept_than_models_look_at() -> None:
    _, content = fitted(picture("JPEG", (5000, 1000)), 4 * 1024 * KIB)
    assert opened(content).size == (MOST_SIDE, round(MOST_SIDE / 5))


@pytest.mark.parametrize("orientation", range(1, 9))
@pytest.mark.parametrize("kind", ["JPEG", "WEBP", "PNG"])
def test_a_picture_stands_upright(orientation: int, kind: str) -> None:
    """A camera writes the picture as its sensor lies, and how to turn it beside it."""
    sensor = Image.new("RGB", (60, 40), WHITE)
    sensor.paste(RED, (0, 0, 30, 20))  # in the corner that is the sensor's upper left
    exif = Image.Exif()
    exif[0x0112] = orientation
    shown = opened(fitted(saved(sensor, kind, exif=exif), 36 * KIB)[1]).convert("RGB")
    corner = [(0, 0), (1, 0), (1, 1), (0, 1)] * 2
    assert shown.size == ((60, 40) if orientation < 5 else (40, 60))
    for x, y in ((0, 0), (1, 0), (0, 1), (1, 1)):
        at = (shown.width * (1 + 2 * x) // 4, shown.height * (1 + 2 * y) // 4)
        assert near(shown.getpixel(at), RED if (x, y) == corner[orientation - 1] else WHITE)


def test_what_is_transparent_is_white() -> None:
    image = Image.new("RGBA", (40, 20), (0, 0, 0, 0))
    image.paste((255, 0, 0, 255), (0, 0, 20, 20))
    half = Image.new("LA", (40, 20), (0, 128))
    palette = Image.new("P", (40, 20), 0)
    palette.putpalette([0, 0, 0, 255, 0, 0])
    for file in (saved(image, "PNG"), saved(image, "WEBP", lossless=True), saved(image, "GIF")):
        shown = opened(fitted(file, 36 * KIB)[1]).convert("RGB")
        assert near(shown.getpixel((35, 10)), WHITE)
        assert near(shown.getpixel((5, 10)), RED)
    assert near(opened(fitted(saved(half, "PNG"), KIB)[1]).convert("RGB").getpixel((1, 1)),
                (127, 127, 127))  # fmt: skip
    clear = saved(palette, "PNG", transparency=0)
    assert near(opened(fitted(clear, KIB)[1]).convert("RGB").getpixel((1, 1)), WHITE)


@pytest.mark.parametrize("kind", ["GIF", "WEBP"])
def test_of_one_that_moves_the_first_frame_is_shown(kind: str) -> None:
    frames = [Image.new("RGB", (40, 20), colour) for colour in (RED, BLUE, WHITE)]
    moving = saved(frames[0], kind, save_all=True, append_images=frames[1:], duration=100)
    assert near(opened(fitted(moving, KIB)[1]).convert("RGB").getpixel((20, 10)), RED)


@pytest.mark.parametrize("mode", ["1", "L", "P", "LA", "RGBA", "I;16", "CMYK"])
def test_every_way_of_keeping_colours_is_understood(mode: str) -> None:
    """Half grey stays half grey, also where it is one of 65 536 greys."""
    if mode == "I;16":
        image = Image.new(mode, (40, 20), 32768)
    else:
        image = Image.new("L" if mode != "1" else "1", (40, 20), 128).convert(mode)
    content = saved(image, "JPEG" if mode == "CMYK" else "PNG")
    wanted = WHITE if mode == "1" else (128, 128, 128)
    assert near(opened(fitted(content, KIB)[1]).convert("RGB").getpixel((20, 10)), wanted)


BROKEN = {
    "nothing": b"",
    "words": b"This is no picture.",
    "a sound": b"RIFF\x24\x08\x00\x00WAVEfmt ",
    "a PNG's beginning": b"\x89PNG\r\n\x1a\nrest",
    "a GIF's beginning": b"GIF89a rest",
    "a JPEG's beginning": b"\xff\xd8\xff",
    "a WebP's beginning": b"RIFF\x24\x00\x00\x00WEBPVP8 ",
    "a SVG": b"<svg xmlns='http://www.w3.org/2000/svg'/>",
    "a GIF of no pixels": b"GIF89a" + bytes(7) + b";",
    **{f"half a {kind}": noisy(kind)[:20_000] for kind in ("PNG", "JPEG", "GIF", "WEBP")},
}


@pytest.mark.parametrize("content", BROKEN.values(), ids=BROKEN.keys())
def test_what_is_no_picture_is_refused_by_name(content: bytes) -> None:
    with pytest.raises(PictureBroken) as caught:
        fitted(content, 36 * KIB)
    assert caught.value.message.startswith("It ")


@pytest.mark.parametrize("size", [(60_000, 60_000), (12_000, 10_000), (2**31 - 1, 1)])
def test_a_bomb_is_refused_before_it_is_decoded(size: tuple[int, int]) -> None:
    """Pillow has bounds of its own, from which it warns; ours come before them."""
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        with pytest.raises(PictureTooLarge, match=f"{size[0]} × {size[1]} pixels"):
            fitted(bomb(*size), 36 * KIB)


def test_what_fits_into_nothing_is_refused() -> None:
    with pytest.raises(PictureTooLarge, match="into 100 bytes"):
        fitted(picture("JPEG"), 100)


def test_without_pillow_the_extra_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "PIL.Image", None)
    with pytest.raises(MissingExtra, match=r"36 KiB(.|\n)*realtime-harness\[pictures\]"):
        fitted(picture("GIF"), 36 * KIB)


GOOD = [picture(kind) for kind in ("PNG", "JPEG", "GIF", "WEBP")]


@given(st.sampled_from(GOOD), st.integers(0, 2**32), st.integers(1, 8))
def test_whatever_is_broken_in_it_gives_a_picture_or_a_named_error(
    good: bytes, seed: int, changes: int
) -> None:
    chance, content = random.Random(seed), bytearray(good)
    for _ in range(changes):
        content[chance.randrange(12, len(content))] = chance.randrange(256)
    try:
        _, shown = fitted(bytes(content[: chance.randrange(12, 2 * len(content))]), 4 * KIB)
    except PictureError:
        return
    assert len(shown) <= 4 * KIB
    opened(shown).load()
