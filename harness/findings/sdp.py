"""Sections of session descriptions, as far as findings look at them (RFC 8866, RFC 8839)."""

from __future__ import annotations

from dataclasses import dataclass

UFRAG = "a=ice-ufrag:"
DIRECTIONS = ("sendrecv", "sendonly", "recvonly", "inactive")


@dataclass(frozen=True, slots=True)
class Section:
    """One media section."""

    kind: str
    """audio, video or application."""

    direction: str
    """One of `DIRECTIONS`."""

    is_rejected: bool
    """Its port is 0, and it is no part of a bundle."""

    candidates: tuple[str, ...]
    """Lines, without "a="."""

    @property
    def sends(self) -> bool:
        """Whether whoever made the description means to send in it."""
        return not self.is_rejected and self.direction in ("sendrecv", "sendonly")

    @property
    def receives(self) -> bool:
        """Whether whoever made it takes something in it."""
        return not self.is_rejected and self.direction in ("sendrecv", "recvonly")


@dataclass(frozen=True, slots=True)
class Description:
    """A session description."""

    type: str
    """offer or answer."""

    sections: tuple[Section, ...]
    fragments: frozenset[str] = frozenset()
    """The user names of its connectivity checks (ice-ufrag), which its candidates have, too."""

    def of(self, kind: str) -> list[Section]:
        """Its sections of a kind."""
        return [section for section in self.sections if section.kind == kind]

    @property
    def candidates(self) -> list[str]:
        """All candidates that stand in it."""
        return [line for section in self.sections for line in section.candidates]


def read_description(type: str, sdp: str) -> Description:
    """A description from its text; what is not understood is passed over."""
    heads: list[list[str]] = []
    session = "sendrecv"
    for line in sdp.splitlines():
        if line.startswith("m="):
            heads.append([line])
        elif heads:
            heads[-1].append(line)
        elif line.removeprefix("a=") in DIRECTIONS:
            session = line.removeprefix("a=")
    sections = tuple(_section(lines, session) for lines in heads)
    told = (line.removeprefix(UFRAG) for line in sdp.splitlines() if line.startswith(UFRAG))
    return Description(type, sections, frozenset(told))


def _section(lines: list[str], session: str) -> Section:
    head = lines[0].removeprefix("m=").split()
    direction = next((d for line in lines if (d := line.removeprefix("a=")) in DIRECTIONS), session)
    is_bundled = any(line == "a=bundle-only" for line in lines)
    return Section(
        kind=head[0] if head else "",
        direction=direction,
        is_rejected=len(head) > 1 and head[1] == "0" and not is_bundled,
        candidates=tuple(line[2:] for line in lines if line.startswith("a=candidate:")),
    )


def address_of(candidate: str) -> str:
    """The address in a candidate's line; "" where there is none."""
    fields = candidate.split()
    return fields[4] if len(fields) > 4 else ""


def kind_of(candidate: str) -> str:
    """host, srflx, prflx or relay; "" where it does not say."""
    fields = candidate.split()
    return fields[fields.index("typ") + 1] if "typ" in fields[:-1] else ""


def fragment_of(candidate: str) -> str:
    """The user name of the checks in a candidate's line; "" where it does not say."""
    fields = candidate.split()
    return fields[fields.index("ufrag") + 1] if "ufrag" in fields[:-1] else ""
