"""Envelopes, in which a page tells Python what happens: the one schema, with its version.

Every envelope has a number that counts up within its page realm (one document in one frame; a
reload is another realm), and the page's time. What is in ``data`` depends on ``type`` and is
listed in `ENVELOPE_DATA`, the facts of a page (`harness.facts`); the JavaScript types in
web/types/envelope.d.ts are generated from them.
"""

from __future__ import annotations

import re
from typing import Annotated, Any, Literal, get_args

from pydantic import BaseModel, ConfigDict, Field, TypeAdapter, ValidationError

from harness.errors import EnvelopeError
from harness.facts.bounds import Milliseconds
from harness.facts.connection import ConnectionFact
from harness.facts.fact import PageFact
from harness.facts.media import MediaFact, SamplesFact
from harness.facts.page import PageItselfFact
from harness.facts.sockets import SocketFact
from harness.line.envelope_bounds import LONGEST_PAYLOAD, says_samples
from harness.line.repeated_sound import put_sound_in

VERSION = 1

MOST_ENVELOPES = 2**53
"""As far as a page counts exactly."""

EnvelopeFact = PageItselfFact | MediaFact | ConnectionFact | SocketFact | SamplesFact

ENVELOPE_DATA: dict[str, type[PageFact]] = {known.type: known for known in get_args(EnvelopeFact)}
"""What ``data`` holds, by ``type``."""

SAMPLES = frozenset({"microphone.samples", "heard.samples", "played.samples"})
"""Types that carry audio."""


class Envelope(BaseModel):
    """One message from a page."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    v: Literal[1]
    frame_id: str
    seq: Annotated[int, Field(ge=0, le=MOST_ENVELOPES)]
    page_ms: Milliseconds
    type: str
    data: dict[str, Any]

    def __str__(self) -> str:
        return self.type


_HALF_CHARACTERS = re.compile(r"(?<!\\)((?:\\\\)*)\\ud[89a-f][0-9a-f]{2}")
"""Halves of surrogate pairs: JSON.stringify escapes them (and no whole pair), JSON refuses them."""

_BATCH = TypeAdapter(list[Envelope])
_DATA: dict[str, TypeAdapter[Any]] = {}


def parse_batch(payload: str) -> list[Envelope]:
    """The envelopes of one batch, checked against the schema.

    Raises:
        EnvelopeError: not JSON, another version, an unknown type, or data of another shape.
    """
    if len(payload) > LONGEST_PAYLOAD:
        raise _no_envelope(f"{len(payload)} characters at once")
    try:
        envelopes = _BATCH.validate_json(_HALF_CHARACTERS.sub(r"\1\\ufffd", payload))
        if not put_sound_in(envelopes, LONGEST_PAYLOAD):
            raise _no_envelope("sound of an envelope that is not there")
        for envelope in envelopes:
            _adapter(envelope.type).validate_python(envelope.data, strict=False)
            if envelope.type in SAMPLES and not says_samples(envelope.data):
                raise _no_envelope(f"{envelope.type} whose pcm is not that of its frames")
    except ValidationError as error:
        first = error.errors(include_input=False, include_url=False)[0]
        place = ".".join(map(str, first["loc"]))[:100] or "the start"
        # The cause repeats the page's data, which may be private.
        raise _no_envelope(f"{first['msg']} at {place}") from None
    except UnicodeError:
        raise _no_envelope("half a character") from None
    return envelopes


def _no_envelope(found: str) -> EnvelopeError:
    return EnvelopeError(
        "The page sent something that is not an envelope of this version.",
        expected=f"envelopes of version {VERSION}",
        found=found,
        hint="reload the page; a page script may be calling the harness's own binding",
    )


def _adapter(envelope_type: str) -> TypeAdapter[Any]:
    if envelope_type not in _DATA:
        if envelope_type not in ENVELOPE_DATA:
            raise EnvelopeError(
                "The page sent an envelope of an unknown type.",
                expected=f"one of {', '.join(ENVELOPE_DATA)}",
                found=envelope_type[:100],
            )
        _DATA[envelope_type] = TypeAdapter(ENVELOPE_DATA[envelope_type])
    return _DATA[envelope_type]
