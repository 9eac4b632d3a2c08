"""Pictures, drawn for tests: files as a page or a person attaches them."""

from __future__ import annotations

import random
import zlib
from io import BytesIO
from typing import Any

from PIL import Image

RED, BLUE, WHITE = (255, 0, 0), (0, 0, 255), (255, 255, 255)


def picture(kind: str, size: tuple[int, int] = (40, 20), **options: Any) -> bytes:
    """A picture, red above and blue below."""
    image = Image.new("RGB", size, RED)
    image.paste(BLUE, (0, size[1] // 2, *size))
    return saved(image, kind, **options)


def noisy(kind: str, size: tuple[int, int] = (900, 600), **options: Any) -> bytes:
    """A picture that cannot be packed well."""
    pixels = random.Random(13).randbytes(size[0] * size[1] * 3)
    return saved(Image.frombytes("RGB", size, pixels), kind, **options)


def saved(image: Image.Image, kind: str, **options: Any) -> bytes:
    """An image as a file."""
    stream = BytesIO()
    image.save(stream, kind, **options)
    return stream.getvalue()


def opened(content: bytes) -> Image.Image:
    """What a file shows."""
    return Image.open(BytesIO(content))


def bomb(width: int = 60_000, height: int = 60_000) -> bytes:
    """A PNG of few bytes that says it has so many pixels."""
    begin = saved(Image.new("L", (1, 1)), "PNG")
    header = b"IHDR" + width.to_bytes(4, "big") + height.to_bytes(4, "big") + begin[24:29]
    return begin[:12] + header + zlib.crc32(header).to_bytes(4, "big") + begin[33:]
