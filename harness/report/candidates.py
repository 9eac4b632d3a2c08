"""ICE candidates in plain words, from their lines and from getStats. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from harness.findings.sdp import address_of, kind_of
from harness.terminal_text import printable

_MOST_CHARS = 80

KINDS = {
    "host": "its own address",
    "srflx": "its address as a STUN server sees it",
    "prflx": "an address that a check came from",
    "relay": "a TURN server that passes everything on",
}


@dataclass(frozen=True, slots=True)
class Candidate:
    """One address of one side."""

    kind: str
    """host, srflx, prflx or relay; "" where nobody says."""

    protocol: str
    """udp or tcp."""

    address: str
    """As far as the browser tells it; a ".local" name hides one; "" for none."""

    port: str
    """Its port."""

    tcp_type: str = ""
    """active, passive or so; "" of UDP."""

    @property
    def place(self) -> str:
        """Address and port: "192.0.2.1:5000", "[::1]:5000"."""
        if not self.address:
            return "an address that is not told"
        address = f"[{self.address}]" if ":" in self.address else self.address
        return f"{address}:{self.port}" if self.port else address

    @property
    def is_hidden(self) -> bool:
        """A name that only the same local network can resolve."""
        return self.address.endswith(".local")

    @property
    def only_begins(self) -> bool:
        """TCP that connects and never listens."""
        return self.protocol == "tcp" and self.tcp_type == "active"

    @property
    def listens(self) -> bool:
        """Whether somebody may be there: not at port 0 or 9, nor where TCP only begins."""
        return not self.only_begins and self.port not in ("0", "9")

    @property
    def family(self) -> str:
        """IPv4 or IPv6; "" for a name."""
        if not self.address or self.is_hidden:
            return ""
        return "IPv6" if ":" in self.address else "IPv4"

    @property
    def meaning(self) -> str:
        """What kind of address it is."""
        words = [KINDS.get(self.kind, "an address of a kind that is not told")]
        if self.is_hidden:
            words.append("hidden behind an mDNS name that only the same local network can resolve")
        elif self.address in ("127.0.0.1", "::1"):
            words.append("this machine alone reaches it")
        if self.only_begins:
            words.append("it connects and does not listen")
        elif not self.listens:
            words.append(f"nobody listens at port {self.port}")
        return "; ".join(words)

    @property
    def in_words(self) -> str:
        """All of it: "udp 192.0.2.1:5000, its own address"."""
        return f"{self.protocol or 'unknown'} {self.place}, {self.meaning}"


def candidate_of(line: str) -> Candidate | None:
    """A candidate from its line, with or without "a="; None where it is none."""
    text = line.strip().removeprefix("a=")
    fields = text.split()
    if not text.startswith("candidate:") or len(fields) < 6:
        return None
    tcp_type = fields[fields.index("tcptype") + 1] if "tcptype" in fields[:-1] else ""
    return Candidate(
        kind=_plain(kind_of(text)),
        protocol=_plain(fields[2].lower()),
        address=_plain(address_of(text)),
        port=_plain(fields[5]),
        tcp_type=_plain(tcp_type),
    )


def candidate_of_stat(stat: Mapping[str, Any]) -> Candidate:
    """A candidate from a "local-candidate" or "remote-candidate" of getStats."""
    return Candidate(
        kind=_plain(stat.get("candidateType")),
        protocol=_plain(stat.get("protocol")).lower(),
        address=_plain(stat.get("address") or stat.get("ip")),
        port=_plain(stat.get("port")),
        tcp_type=_plain(stat.get("tcpType")),
    )


def _plain(value: Any) -> str:
    if not isinstance(value, str | int) or isinstance(value, bool):
        return ""
    text = printable(str(value))
    return text if len(text) <= _MOST_CHARS else text[: _MOST_CHARS - 1] + "…"
