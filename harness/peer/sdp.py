"""The little we read and change in session descriptions ourselves (RFC 8866, RFC 8839)."""

from __future__ import annotations

import re
from collections.abc import Mapping

from harness.errors import NegotiationFailed

MOST_SDP_CHARACTERS = 200_000


def check_description(sdp: str, kind: str) -> None:
    """Refuse text that no engine should be bothered with.

    Args:
        sdp: what the remote peer sent.
        kind: "offer" or "answer", for the message.

    Raises:
        NegotiationFailed: not SDP, too long, or without an audio section.
    """
    if len(sdp) > MOST_SDP_CHARACTERS:
        found = f"{len(sdp)} characters"
        raise _refused(kind, f"at most {MOST_SDP_CHARACTERS} characters", found)
    if not sdp.startswith("v=0"):
        first = sdp.lstrip()[:40].splitlines()
        raise _refused(kind, "SDP, which starts with “v=0”", repr(first[0]) if first else "nothing")
    if "audio" not in media_kinds(sdp):
        raise _refused(kind, "an audio section (m=audio)", f"sections {media_kinds(sdp)}")


def media_kinds(sdp: str) -> list[str]:
    """The kinds of the media sections, in order, as in `m=<kind> ...`."""
    return [line[2:].split(" ", 1)[0] for line in sdp.splitlines() if line.startswith("m=")]


def has_application_section(sdp: str) -> bool:
    """Whether data channels can run over the connection described."""
    return "application" in media_kinds(sdp)


def without_mdns_candidates(sdp: str) -> str:
    """The description without candidates that hide behind a `.local` name.

    A browser hides its addresses so until a page has the microphone. Looking the names up needs
    multicast and takes seconds; the connection does not need them, because the browser reaches
    our candidates and its own are then learned from its checks (peer-reflexive, RFC 8445
    section 7.3.1.3). `end-of-candidates` goes with them: the list is then not the whole list.
    """
    lines = sdp.splitlines()
    hidden = [line for line in lines if _is_mdns_candidate(line)]
    if not hidden:
        return sdp
    dropped = {*hidden, "a=end-of-candidates"}
    return "".join(f"{line}\r\n" for line in lines if line not in dropped)


def _is_mdns_candidate(line: str) -> bool:
    if not line.startswith("a=candidate:"):
        return False
    fields = line.split()
    return len(fields) > 4 and fields[4].endswith(".local")


def _refused(kind: str, expected: str, found: str) -> NegotiationFailed:
    return NegotiationFailed(f"The SDP {kind} cannot be used.", expected=expected, found=found)


UNREACHABLE = "192.0.2.1"
"""Of the block for documentation (RFC 5737): nobody has it."""
_CANDIDATE = re.compile(r"(a=candidate:\S+ 1 udp \d+ )(\S+) (\d+)(?= )", re.IGNORECASE)


def moved(sdp: str, address: str = UNREACHABLE, port: int = 9) -> str:
    """The description with every candidate at one address."""

    def move(found: re.Match[str]) -> str:
        return f"{found[1]}{address} {port}{found[2]}"

    return re.sub(r"(a=candidate:\S+ \d+ \S+ \d+ )\S+ \d+( .*)", move, sdp)


def relayed(sdp: str, fronts: Mapping[tuple[str, int], tuple[str, int]]) -> str:
    """The description with these addresses in place of its own; candidates without one go."""
    lines = []
    for line in sdp.splitlines(keepends=True):
        found = _CANDIDATE.match(line)
        if line.startswith("a=candidate:"):
            front = None if found is None else fronts.get((found[2], int(found[3])))
            if found is None or front is None:
                continue
            line = f"{found[1]}{front[0]} {front[1]}{line[found.end(3) :]}"
        lines.append(line)
    return "".join(lines)


def without_candidates(sdp: str) -> str:
    """The description without any address in it."""
    return _no_candidates(sdp)


def candidates(sdp: str) -> list[tuple[str, int]]:
    """The addresses of the UDP candidates, in order, each once."""
    found = [_CANDIDATE.match(line) for line in sdp.splitlines()]
    return list(dict.fromkeys((one[2], int(one[3])) for one in found if one is not None))


def _no_candidates(sdp: str) -> str:
    return re.sub(r"^a=(?:candidate:.*|end-of-candidates)\r?\n", "", sdp, flags=re.MULTILINE)
