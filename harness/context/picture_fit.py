"""Pictures made to fit what a model is shown: upright, on white, as PNG or JPEG, small enough.

They come from anybody, so nothing is decoded before its size is known. Needs the extra “pictures”.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from contextlib import suppress
from importlib import import_module
from io import BytesIO
from typing import TYPE_CHECKING, Any

from harness.context.attachments import PICTURES
from harness.context.errors import PictureBroken, PictureTooLarge
from harness.errors import MissingExtra

if TYPE_CHECKING:
    from PIL import Image

MOST_PIXELS = 64_000_000
"""Of a picture that is decoded: 256 MB. A file of a few KiB may say that it has billions."""

MOST_SIDE = 2048
"""Pixels of the longer side; models look at no more. Source: `detail` of `input_image`."""

FLAT_PIXELS = 1_500_000
"""Up to here a drawing is tried as PNG, which keeps its edges; packing more takes too long."""

QUALITIES = (85, 65)
"""Of JPEG; where neither fits, the picture is made smaller."""

PNG = "image/png"
JPEG = "image/jpeg"
DRAWN = (PNG, "image/gif")
READERS = {
    PNG: ("PngImagePlugin", "PngImageFile"),
    JPEG: ("JpegImagePlugin", "JpegImageFile"),
    "image/gif": ("GifImagePlugin", "GifImageFile"),
    "image/webp": ("WebPImagePlugin", "WebPImageFile"),
}
"""Of Pillow, by what they read. Its `open` would try others, and warn of sizes we refuse."""

UPRIGHT = {
    2: "FLIP_LEFT_RIGHT",
    3: "ROTATE_180",
    4: "FLIP_TOP_BOTTOM",
    5: "TRANSPOSE",
    6: "ROTATE_270",
    7: "TRANSVERSE",
    8: "ROTATE_90",
}
"""What turns a picture upright, by its EXIF orientation."""

ORIENTATION = 0x0112


def fitted(content: bytes, most_bytes: int) -> tuple[str, bytes]:
    """A picture, smaller and written anew; of one that moves its first frame.

    Takes a while, for an event loop too long.

    Args:
        content: PNG, JPEG, GIF or WebP, whatever it is called.
        most_bytes: of what comes out.

    Returns:
        Its type, PNG or JPEG, and its bytes.

    Raises:
        PictureBroken: it is no such picture, or a broken one.
        PictureTooLarge: it has too many pixels, or nothing of it fits into so few bytes.
        MissingExtra: Pillow is not installed.
    """
    kind = _kind_of(content)
    reader = _reader(kind, most_bytes)
    return _written(_flat(_read(reader, content, kind)), most_bytes, is_drawn=kind in DRAWN)


def _kind_of(content: bytes) -> str:
    for kind, begin in PICTURES.items():
        if content.startswith(begin) and (begin != b"RIFF" or content[8:12] == b"WEBP"):
            return kind
    raise PictureBroken(
        "It is no picture.",
        expected=f"one of {', '.join(PICTURES)}",
        found=f"a file that begins with {content[:8]!r}",
    )


def _reader(kind: str, most_bytes: int) -> Callable[[BytesIO], Any]:
    module, name = READERS[kind]
    try:
        import_module("PIL.Image")  # first: the plugins want it
        reader: Callable[[BytesIO], Any] = getattr(import_module(f"PIL.{module}"), name)
    except ImportError as error:
        needed_for = f"Showing a model a GIF, a WebP, or more than {most_bytes // 1024} KiB"
        raise MissingExtra("pictures", needed_for) from error
    return reader


def _read(reader: Callable[[BytesIO], Any], content: bytes, kind: str) -> Image.Image:
    """The first frame, upright, and not much larger than is wanted."""
    try:
        image: Image.Image = reader(BytesIO(content))
        width, height = image.size
        if width * height > MOST_PIXELS:
            raise PictureTooLarge(
                f"It has {width} × {height} pixels, and {MOST_PIXELS // 1_000_000} million are "
                "the most."
            )
        image.draft("RGB" if image.mode == "YCbCr" else image.mode, (MOST_SIDE, MOST_SIDE))
        image.load()
    except PictureTooLarge:
        raise
    except Exception as error:  # a decoder fails at whatever it trips over
        raise PictureBroken(
            f"It cannot be read as {kind}: {error or type(error).__name__}."
        ) from error
    return _upright(image)


def _upright(image: Image.Image) -> Image.Image:
    how = None
    with suppress(Exception):  # what stands in EXIF is anybody's; the picture is good
        how = UPRIGHT.get(image.getexif().get(ORIENTATION, 1))
    if how is None:
        return image
    from PIL.Image import Transpose

    return image.transpose(Transpose[how])


def _flat(image: Image.Image) -> Image.Image:
    """In RGB or grey, at most as large as models look at, on white where it is transparent."""
    from PIL import Image

    if image.mode.startswith("I"):  # 16 bits of grey, which `convert` would cut off
        image = image.convert("I").point(lambda value: value / 256).convert("L")
    if image.has_transparency_data:
        image = _smaller(image.convert("RGBA"), MOST_SIDE)
        white = Image.new("RGB", image.size, "white")
        white.paste(image, mask=image.getchannel("A"))
        return white
    return _smaller(image if image.mode == "L" else image.convert("RGB"), MOST_SIDE)


def _smaller(image: Image.Image, most_side: float) -> Image.Image:
    share = most_side / max(image.size)
    if share >= 1:
        return image
    width, height = (max(1, round(side * share)) for side in image.size)
    return image.resize((width, height), reducing_gap=2.0)


def _written(image: Image.Image, most_bytes: int, *, is_drawn: bool) -> tuple[str, bytes]:
    if is_drawn and image.width * image.height <= FLAT_PIXELS:
        content = _saved(image, "PNG")
        if len(content) <= most_bytes:
            return PNG, content
    while True:
        for quality in QUALITIES:
            content = _saved(image, "JPEG", quality=quality)
            if len(content) <= most_bytes:
                return JPEG, content
        if max(image.size) == 1:
            raise PictureTooLarge(f"Nothing of it fits into {most_bytes} bytes.")
        share = min(0.9, max(0.1, math.sqrt(most_bytes / len(content))))
        image = _smaller(image, math.floor(max(image.size) * share) or 1)


def _saved(image: Image.Image, kind: str, **options: Any) -> bytes:
    stream = BytesIO()
    image.save(stream, kind, **options)
    return stream.getvalue()
