"""Plain words for the lines of a session description, and what it offers in one sentence. Pure.

Sources: RFC 8866 (SDP), RFC 8839 and 8840 (ICE), RFC 8842 (setup), RFC 9143 (bundle), RFC 7587
(Opus), RFC 8841 (sctp-port). A line that needs no explanation, or that nobody knows, has none.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass

from harness.findings.sdp import DIRECTIONS, Section, read_description
from harness.report.candidates import candidate_of
from harness.terminal_text import printable

MOST_LINES = 1_500
MOST_LINE_CHARS = 400
"""Of hostile descriptions the page shows so much; the trace has all of it."""

MOST_READ_CHARS = 100_000
"""What lies behind so much of a description is not looked at."""

_SHORT_CHARS = 60

_DIRECTION = {
    "sendrecv": "It sends and wants to receive.",
    "sendonly": "It sends, and takes nothing back: it will not hear the other side.",
    "recvonly": "It receives, and sends nothing: the other side will not hear it.",
    "inactive": "Nothing flows in either direction for now.",
}
_SETUP = {
    "actpass": "Either side may begin the DTLS handshake: the answer decides.",
    "active": "It begins the DTLS handshake.",
    "passive": "It waits for the DTLS handshake of the other side.",
    "holdconn": "No DTLS handshake for now.",
}
_PORT = {
    "0": " Port 0: refused, or carried by another section.",
    "9": " Port 9 stands for none yet: ICE finds it.",
}
_FEEDBACK = {
    "transport-cc": "the receiver reports when each packet came, for the estimate of bandwidth",
    "goog-remb": "the receiver tells the bandwidth that it estimates",
    "nack": "the receiver asks again for packets that were lost",
    "nack pli": "the receiver asks for a new picture when one was lost",
    "ccm fir": "the receiver may ask for a whole picture",
}
_EXTENSION = {
    "ssrc-audio-level": "how loud each packet is",
    "abs-send-time": "when each packet was sent",
    "transport-wide-cc": "a number for each packet, for the estimate of bandwidth",
    "sdes:mid": "which section a packet belongs to",
    "rtp-stream-id": "which of several qualities a packet is of",
    "abs-capture-time": "when the sound was recorded",
    "playout-delay": "how long the receiver should wait before it plays",
    "video-orientation": "how the camera was held",
    "toffset": "when a packet was sent, against its time stamp",
}
_FMTP = {
    "useinbandfec=1": "repairs lost packets out of the next one (FEC)",
    "usedtx=1": "sends next to nothing in silence (DTX)",
    "stereo=1": "it wants to receive stereo",
    "sprop-stereo=1": "it is going to send stereo",
    "cbr=1": "constant bit rate",
}
_FMTP_NUMBER = {
    "minptime": "packets of at least {} ms",
    "ptime": "packets of {} ms",
    "maxptime": "packets of at most {} ms",
    "maxaveragebitrate": "at most {} bit/s",
    "maxplaybackrate": "played at up to {} Hz",
    "apt": "it repeats payload type {}",
}


@dataclass(frozen=True, slots=True)
class SdpLine:
    """A line as the page shows it."""

    text: str
    """Bounded, and control characters written out."""

    words: str
    """What it means; "" where that needs no word."""


def explained(sdp: str) -> tuple[list[SdpLine], int]:
    """The lines of a description with their words, and how many are left out."""
    lines = [line for line in re.split(r"\r\n|\n|\r", sdp) if line]
    codecs: Mapping[str, str] = {}
    sections = _codecs_of_sections(lines[:MOST_LINES])
    shown = []
    for line in lines[:MOST_LINES]:
        if line.startswith("m="):
            codecs = next(sections)
        words = _words(line[:MOST_LINE_CHARS], codecs)
        shown.append(SdpLine(_bounded(line, MOST_LINE_CHARS), printable(words)))
    return shown, max(0, len(lines) - MOST_LINES)


def gist(sdp: str) -> str:
    """What a description is about: "audio: opus first, sends and receives; data channels"."""
    sdp = sdp[:MOST_READ_CHARS]
    description = read_description("offer", sdp)
    lines = re.split(r"\r\n|\n|\r", sdp)
    codecs = _codecs_of_sections(lines)
    heads = [line for line in lines if line.startswith("m=")]
    each = zip(description.sections[:8], codecs, heads, strict=False)
    parts = [_section_gist(section, named, head) for section, named, head in each]
    more = len(description.sections) - 8
    return "; ".join([*parts, f"{more} sections more"] if more > 0 else parts) or "no media at all"


def ice_fragment(sdp: str) -> str:
    """The name under which ICE checks this description; a new one is an ICE restart."""
    found = re.search(r"^a=ice-ufrag:(\S+)", sdp[:MOST_READ_CHARS], re.M)
    return found[1][:_SHORT_CHARS] if found else ""


def _section_gist(section: Section, codecs: Mapping[str, str], head: str) -> str:
    kind = _short(section.kind)
    if section.is_rejected:
        return f"{kind} refused (port 0)"
    if kind == "application":
        return "data channels"
    does = {
        "sendrecv": "sends and receives",
        "sendonly": "sends only",
        "recvonly": "receives only",
        "inactive": "stands still",
    }[section.direction]
    first = codecs.get(next(iter(head.split()[3:]), ""), "")
    return f"{kind} {does}" + (f", {_short(first.split('/')[0])} first" if first else "")


def _codecs_of_sections(lines: list[str]) -> Iterator[Mapping[str, str]]:
    found: list[dict[str, str]] = []
    for line in lines:
        if line.startswith("m="):
            found.append({})
        elif found and line.startswith("a=rtpmap:"):
            number, _, codec = line.removeprefix("a=rtpmap:").partition(" ")
            found[-1][number] = codec
    return iter(found)


def _words(line: str, codecs: Mapping[str, str]) -> str:
    kind, _, value = line.partition("=")
    if kind == "m":
        return _media(value.split(), codecs)
    if kind == "o":
        fields = value.split()
        number = f" Version {_short(fields[2])} of it." if len(fields) > 2 else ""
        return f"Who made it; the number behind grows when it is changed.{number}"
    if kind == "c":
        is_empty = value.endswith((" 0.0.0.0", " ::"))
        return "A placeholder: ICE finds the real address." if is_empty else ""
    if kind == "b":
        return "The most bandwidth that it wants to receive."
    if kind != "a":
        return ""
    if value in DIRECTIONS:
        return _DIRECTION[value]
    name, _, rest = value.partition(":")
    explain = _ATTRIBUTES.get(name)
    return explain(rest, codecs) if explain else ""


def _media(fields: list[str], codecs: Mapping[str, str]) -> str:
    if len(fields) < 3:
        return ""
    kind, port, transport = fields[:3]
    place = _PORT.get(port, "")
    if kind == "application":
        return f"Data channels (SCTP inside DTLS).{place}"
    wants = [_short(codecs[number].split("/")[0]) for number in fields[3:] if number in codecs]
    names = list(dict.fromkeys(wants))
    order = f" Codecs, the preferred first: {', '.join(names[:6])}" if names else ""
    more = f" and {len(names) - 6} more" if len(names) > 6 else ""
    crypt = ", encrypted with keys of DTLS" if "DTLS" in transport or "SAVP" in transport else ""
    return f"{_short(kind).capitalize()}{crypt}.{order}{more}{'.' if order else ''}{place}"


def _rtpmap(value: str, codecs: Mapping[str, str]) -> str:
    number, _, codec = value.partition(" ")
    name, *rest = _short(codec).split("/")
    if not rest:
        return ""
    if name.lower() == "opus":
        return f"Payload type {_short(number)} is Opus (it is always written as 48000/2, mono too)."
    if name.lower() == "telephone-event":
        return f"Payload type {_short(number)} is keys that are pressed (DTMF)."
    if name.lower() == "red":
        return f"Payload type {_short(number)} sends each packet again with the next (redundancy)."
    if name.lower() == "cn":
        return f"Payload type {_short(number)} is comfort noise at {rest[0]} Hz."
    return f"Payload type {_short(number)} is {name} at {rest[0]} Hz."


def _fmtp(value: str, codecs: Mapping[str, str]) -> str:
    number, _, settings = value.partition(" ")
    told = []
    for setting in re.split(r"\s*;\s*", settings)[:20]:
        name, _, given = setting.partition("=")
        if setting in _FMTP:
            told.append(_FMTP[setting])
        elif name in _FMTP_NUMBER and given.isdigit():
            told.append(_FMTP_NUMBER[name].format(_short(given)))
    codec = _short(codecs.get(number, "").split("/")[0]) or f"payload type {_short(number)}"
    return f"Settings of {codec}{': ' + ', '.join(told) if told else ''}."


def _feedback(value: str, codecs: Mapping[str, str]) -> str:
    number, _, kind = value.partition(" ")
    told = _FEEDBACK.get(kind)
    codec = _short(codecs.get(number, "").split("/")[0]) or _short(number)
    return f"For {codec}, {told}." if told else ""


def _group(value: str, _: Mapping[str, str]) -> str:
    kind, *mids = value.split()
    if kind != "BUNDLE":
        return ""
    return f"Sections {', '.join(map(_short, mids[:8]))} share one connection." if mids else ""


def _extension(value: str, _: Mapping[str, str]) -> str:
    told = next((words for part, words in _EXTENSION.items() if part in value), None)
    return f"Packets carry {told}." if told else "Something more that packets carry."


def _ssrc(value: str, codecs: Mapping[str, str]) -> str:
    number, _, rest = value.partition(" ")
    named = " cname names its sender." if rest.startswith("cname") else ""
    return f"Stream {_short(number)} is announced.{named}"


def _candidate(value: str, _: Mapping[str, str]) -> str:
    found = candidate_of(f"candidate:{value}")
    return f"An address to try: {found.in_words}." if found else ""


def _max_message(value: str, _: Mapping[str, str]) -> str:
    if value == "0":
        return "Messages of any size."
    return f"Messages of at most {_short(value)} bytes on a data channel."


def _always(words: str) -> Callable[[str, Mapping[str, str]], str]:
    return lambda value, codecs: words


_ATTRIBUTES: Mapping[str, Callable[[str, Mapping[str, str]], str]] = {
    "rtpmap": _rtpmap,
    "fmtp": _fmtp,
    "rtcp-fb": _feedback,
    "group": _group,
    "extmap": _extension,
    "extmap-allow-mixed": _always("Packets may carry short and long extensions together."),
    "ssrc": _ssrc,
    "ssrc-group": _always("Streams that belong together."),
    "candidate": _candidate,
    "end-of-candidates": _always("No more addresses will follow."),
    "setup": lambda value, _: _SETUP.get(value, ""),
    "mid": lambda value, _: f"This section is called “{_short(value)}”.",
    "msid": _always("The stream and the track that this is in the page."),
    "ice-ufrag": _always("ICE checks carry this name; a new one is an ICE restart."),
    "ice-pwd": _always("The password of the ICE checks; masked."),
    "ice-options": lambda value, _: (
        "Addresses may follow later (trickle)." if "trickle" in value else ""
    ),
    "ice-lite": _always("A server with a public address: it answers checks, and begins none."),
    "fingerprint": _always("What its DTLS certificate has to match; else the handshake fails."),
    "rtcp-mux": _always("Reports (RTCP) go over the same port as the sound."),
    "rtcp-rsize": _always("Reports may be short."),
    "sctp-port": _always("The port of the data channels, inside the connection."),
    "sctpmap": _always("Data channels, written in the old way."),
    "max-message-size": _max_message,
    "ptime": lambda value, _: f"It wants packets of {_short(value)} ms.",
    "maxptime": lambda value, _: f"It wants packets of at most {_short(value)} ms.",
    "bundle-only": _always("This section exists in the bundle alone; its port 0 refuses nothing."),
    "rid": _always("One of several qualities of the same picture."),
    "simulcast": _always("The same picture in several qualities."),
    "crypto": _always("Keys in the description itself (SDES); browsers refuse that."),
}  # fmt: skip


def _short(text: str) -> str:
    return _bounded(text, _SHORT_CHARS)


def _bounded(text: str, most: int) -> str:
    return printable(text if len(text) <= most else text[: most - 1] + "…")
