"""Capture of UDP packets as a file that every packet tool reads: classic pcap.

A relay sees what is in packets, and no headers: those of IP and UDP are made here. What is inside
stays as encrypted as it was on its way: sound and data channels cannot be read from the file, the
headers of STUN, DTLS and RTP can.
"""

from __future__ import annotations

import ipaddress
import struct
from pathlib import Path

from harness.network.packets import without_credentials

MAGIC_OF_MICROSECONDS = 0xA1B2C3D4
VERSION = (2, 4)
RAW_IP = 101
"""Link type of packets that begin with a header of IPv4 or IPv6."""

MOST_BYTES = 256_000_000
"""In one file; an hour of a call with sound alone is about half of it."""

UDP = 17
HOPS = 64
DO_NOT_FRAGMENT = 0x4000

_FILE = struct.Struct("<IHHiIII")
_RECORD = struct.Struct("<IIII")
_IPV4 = struct.Struct("!BBHHHBBH4s4s")
_IPV6 = struct.Struct("!IHBB16s16s")
_UDP = struct.Struct("!HHHH")

Address = tuple[str, int]


class PcapFile:
    """Keeps packets with their time and their ends, up to a size; end it with `close`.

    Args:
        path: written anew.
        most_bytes: what comes beyond is counted, and not kept.

    Raises:
        OSError: no file can be there.
    """

    def __init__(self, path: Path, most_bytes: int = MOST_BYTES) -> None:
        self.packets = 0
        """Kept ones."""

        self.left_out = 0
        """Those that the file had no room for, or the disk."""

        self._left_bytes = most_bytes - _FILE.size
        self._file = path.open("wb")
        self._file.write(_FILE.pack(MAGIC_OF_MICROSECONDS, *VERSION, 0, 0, 0xFFFF, RAW_IP))

    def keep(self, unix_s: float, source: Address, target: Address, content: bytes) -> None:
        """One more packet.

        Args:
            unix_s: when it was seen; seconds since 1970.
            source: its sender, IPv4 or IPv6, no name.
            target: whom it was sent to; of the same kind.
            content: what it carries.
        """
        headers = headers_of(source, target, content)
        kept = headers + without_credentials(content)
        self._left_bytes -= _RECORD.size + len(kept)
        if self._left_bytes < 0 or self._file.closed:
            self._left_bytes = 0  # a smaller one behind it would leave a hole
            self.left_out += 1
            return
        micros = round(unix_s * 1e6)
        length = len(headers) + len(content)
        try:
            self._file.write(_RECORD.pack(*divmod(micros, 1_000_000), len(kept), length) + kept)
        except OSError:  # no room on the disk: the call goes on without
            self._left_bytes = 0
            self.left_out += 1
            return
        self.packets += 1

    def close(self) -> None:
        """End the file. Safe to call again."""
        try:
            self._file.close()
        except OSError:
            self._left_bytes = 0


def headers_of(source: Address, target: Address, content: bytes) -> bytes:
    """The headers of IP and UDP that a packet had, as far as anybody can know."""
    (host, port), (far_host, far_port) = source, target
    ends = _packed(host), _packed(far_host)
    length = _UDP.size + len(content)
    bare = _UDP.pack(port, far_port, length, 0)
    checksum = _checksum(b"".join(ends) + struct.pack("!II", length, UDP) + bare + content)
    udp = _UDP.pack(port, far_port, length, checksum or 0xFFFF)
    if len(ends[0]) == 16:
        return _IPV6.pack(6 << 28, length, UDP, HOPS, *ends) + udp
    start = (0x45, 0, _IPV4.size + length, 0, DO_NOT_FRAGMENT, HOPS, UDP)
    return _IPV4.pack(*start, _checksum(_IPV4.pack(*start, 0, *ends)), *ends) + udp


def _packed(host: str) -> bytes:
    return ipaddress.ip_address(host.partition("%")[0]).packed


def _checksum(data: bytes) -> int:
    """Of the Internet protocols (RFC 1071)."""
    data += bytes(len(data) % 2)
    total: int = sum(struct.unpack(f"!{len(data) // 2}H", data))
    while total > 0xFFFF:
        total = (total & 0xFFFF) + (total >> 16)
    return ~total & 0xFFFF
