"""Losses: which packets are lost, each by itself or in bursts."""

from __future__ import annotations

from random import Random
from typing import Protocol

BLOCK_PACKETS = 100


class Losses(Protocol):
    """Says of one packet after the other whether it is lost."""

    def next(self, *, is_media: bool = True) -> bool:
        """Whether the next packet is lost.

        Args:
            is_media: it carries sound or pictures, and no check, handshake, report or message.
        """
        ...


class EvenLosses:
    """Each packet by itself, at random places, and as many as were asked for.

    Of every 100 packets of media in a row the asked share is lost, to the packet, and so it is of
    all others; a share that is no whole number is made up for in the blocks that follow. With
    plain lots a call of ten seconds that asks for 20 % would lose 16 to 24 % of its sound; here
    two short runs can be compared.

    Args:
        share: of packets that are lost, 0 to 1.
        lots: draws the places.
    """

    def __init__(self, share: float, lots: Random) -> None:
        self._media, self._others = _Blocks(share, lots), _Blocks(share, lots)

    def next(self, *, is_media: bool = True) -> bool:
        """Whether the next packet is lost."""
        return (self._media if is_media else self._others).next()


class _Blocks:
    """Blocks of 100, shuffled."""

    def __init__(self, share: float, lots: Random) -> None:
        self._share = share
        self._lots = lots
        self._owed = lots.random()
        """Losses that were too small for a packet; begun at random, or no first block had one."""
        self._block: list[bool] = []

    def next(self) -> bool:
        if not self._block:
            self._owed += self._share * BLOCK_PACKETS
            lost = min(int(self._owed), BLOCK_PACKETS)
            self._owed -= lost
            self._block = [True] * lost + [False] * (BLOCK_PACKETS - lost)
            self._lots.shuffle(self._block)
        return self._block.pop()


class BurstLosses:
    """The model of Gilbert and Elliott: good and bad stretches, and losses only in the bad ones.

    A chain of two states that moves once a packet. With a mean bad stretch of B packets it leaves
    the bad state with 1/B, and enters it so often that the share of lost packets comes out.

    Source: E. N. Gilbert, Capacity of a burst-noise channel, Bell System Technical Journal 39
    (1960); E. O. Elliott, Estimates of error rates for codes on burst-noise channels, 42 (1963).

    Args:
        share: of packets that are lost in the long run.
        burst: mean length of a bad stretch, packets.
        burst_loss: share of packets that are lost in it.
        lots: draws the moves.
    """

    def __init__(self, share: float, burst: float, burst_loss: float, lots: Random) -> None:
        bad = share / burst_loss
        self._to_good = 1 / burst
        self._to_bad = bad / (1 - bad) / burst
        self._burst_loss = burst_loss
        self._lots = lots
        self._is_bad = lots.random() < bad

    def next(self, *, is_media: bool = True) -> bool:
        """Whether the next packet is lost; a bad stretch asks no packet what it carries."""
        lost = self._is_bad and self._lots.random() < self._burst_loss
        moves = self._lots.random() < (self._to_good if self._is_bad else self._to_bad)
        self._is_bad = self._is_bad != moves
        return lost
