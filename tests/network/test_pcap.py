"""Captures: what an independent reader makes of them, their bound, and what is not kept."""

from __future__ import annotations

import io
import struct
from pathlib import Path

import pytest

from harness.network.pcap import PcapFile, headers_of

PAGE, FRONT = ("127.0.0.1", 50_000), ("127.0.0.1", 40_000)
PAGE6, PEER6 = ("::1", 50_001), ("::1", 40_001)


def written(path: Path) -> list[tuple[float, int, bytes]]:
    """When, how long it was, and what is kept of it: the format by its own definition."""
    file = io.BytesIO(path.read_bytes())
    magic, major, minor, zone, _, most, link = struct.unpack("<IHHiIII", file.read(24))
    assert (magic, major, minor, zone, link) == (0xA1B2C3D4, 2, 4, 0, 101)
    found = []
    while head := file.read(16):
        seconds, micros, kept, length = struct.unpack("<IIII", head)
        assert kept <= most
        found.append((seconds + micros / 1e6, length, file.read(kept)))
    return found


def test_each_packet_has_its_time_its_ends_and_what_it_carried(tmp_path: Path) -> None:
    pcap = PcapFile(tmp_path / "call.pcap")
    pcap.keep(1_700_000_000.25, PAGE, FRONT, b"\x80sound")
    pcap.keep(1_700_000_000.5, PAGE6, PEER6, b"odd")
    pcap.close()
    [four, six] = written(tmp_path / "call.pcap")
    assert [four[0], six[0]] == [1_700_000_000.25, 1_700_000_000.5]
    assert four[2][:1] == b"\x45"
    assert four[2][28:] == b"\x80sound"
    assert struct.unpack("!HHH", four[2][20:26]) == (50_000, 40_000, 14)
    assert six[2][0] >> 4 == 6
    assert six[2][48:] == b"odd"
    assert pcap.packets == 2
    assert pcap.left_out == 0


def sum_of(data: bytes) -> int:
    total: int = sum(struct.unpack(f"!{len(data) // 2}H", data))
    return (total & 0xFFFF) + (total >> 16)


@pytest.mark.parametrize(("source", "target"), [(PAGE, FRONT), (PAGE6, PEER6)])
def test_checksums_are_right_so_that_no_reader_calls_a_packet_broken(
    source: tuple[str, int], target: tuple[str, int]
) -> None:
    content = bytes(range(100))
    head = headers_of(source, target, content)
    ends, udp = (head[12:20], head[20:]) if len(head) == 28 else (head[8:40], head[40:])
    if len(head) == 28:
        assert sum_of(head[:20]) == 0xFFFF
    pseudo = ends + struct.pack("!II", len(udp) + len(content), 17)
    assert sum_of(pseudo + udp + content) == 0xFFFF


def test_it_is_bounded_and_says_what_it_left_out(tmp_path: Path) -> None:
    pcap = PcapFile(tmp_path / "call.pcap", most_bytes=24 + 2 * (16 + 28 + 100))
    for size in (100, 100, 100, 1):
        pcap.keep(1.0, PAGE, FRONT, bytes(size))
    pcap.close()
    pcap.keep(1.0, PAGE, FRONT, b"late")
    pcap.close()
    assert (pcap.packets, pcap.left_out) == (2, 3)
    assert len(written(tmp_path / "call.pcap")) == 2


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="no disk that is always full")
def test_a_full_disk_ends_the_capture_and_nothing_else() -> None:
    pcap = PcapFile(Path("/dev/full"))
    for _ in range(20):
        pcap.keep(1.0, PAGE, FRONT, bytes(1_400))
    pcap.close()
    assert pcap.left_out > 0


def test_nothing_is_kept_of_what_is_said_to_a_turn_server(tmp_path: Path) -> None:
    allocate = struct.pack("!HHI12x", 0x0003, 16, 0x2112A442) + b"kim:window-seat."
    pcap = PcapFile(tmp_path / "call.pcap")
    pcap.keep(1.0, PAGE, FRONT, allocate)
    pcap.close()
    [(_, length, kept)] = written(tmp_path / "call.pcap")
    assert kept[28:] == allocate[:20]
    assert length == 28 + len(allocate)
