"""Sound that a batch of envelopes carries once, though several of them tell it.

What is received on a track and what is played of it are mostly the same samples. In place of those
that an earlier envelope of the batch has, ``pcm`` is then "=" and that envelope's number: base64
never begins so.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from harness.line.envelope import Envelope

SAME_AS = "="
LONGEST_NUMBER = len(str(2**53))


def put_sound_in(envelopes: Iterable[Envelope], most_chars: int) -> bool:
    """Give each envelope of one batch the sound that it names.

    Args:
        most_chars: so much may be named in all; a page may name the same again and again.

    Returns:
        Whether all that is named is there, and is not too much.
    """
    told: dict[tuple[str, int], str] = {}
    for envelope in envelopes:
        pcm = envelope.data.get("pcm")
        if not isinstance(pcm, str):
            continue  # the schema looks at it next
        if not pcm.startswith(SAME_AS):
            told[envelope.frame_id, envelope.seq] = pcm
            continue
        number = pcm.removeprefix(SAME_AS)
        if len(number) > LONGEST_NUMBER or not (number.isascii() and number.isdigit()):
            return False
        named = told.get((envelope.frame_id, int(number)))
        if named is None or len(named) > most_chars:
            return False
        most_chars -= len(named)
        envelope.data["pcm"] = named
    return True
