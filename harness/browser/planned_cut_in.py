"""A cut-in that the audio thread of a page decides, to the frame."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from harness.audio.clip import CALL_RATE_HZ
from harness.errors import PageClosed
from harness.line.audio import PlayedClip
from harness.line.cut_in import CutIn

if TYPE_CHECKING:
    from harness.browser.page_realms import PageRealm, PageRealms


@dataclass(frozen=True, slots=True)
class PlannedCutIn:
    """It waits in a page; made by `VirtualMicrophone.cut_in`."""

    realms: PageRealms
    realm: PageRealm
    clip_id: str
    frames: int
    """Of the clip, at 48 kHz."""

    offset_frames: int
    """From the onset to the clip's first sample, as it was asked for."""

    async def settle(self, onset_s: float) -> CutIn | None:
        """What the audio thread has decided; see `harness.line.cut_in.Planned`."""
        clock, name = self.realms.clock, self.realm.name
        onset = clock.s_to_frame(name, onset_s)
        try:
            decided = await self.realms.call(self.realm, "settleCutIn", self.clip_id, onset)
        except PageClosed:
            self.realms.raise_if_broken()  # the page itself; else this document of it alone
            return None
        if decided is None:
            return None
        start, found = int(decided["frame"]), int(decided["onset"])
        played = PlayedClip(
            start_s=clock.frame_to_s(name, start),
            end_s=clock.frame_to_s(name, start + self.frames),
            start_frame=start,
            late_s=max(0, start - found - self.offset_frames) / CALL_RATE_HZ,
        )
        return CutIn(played, clock.frame_to_s(name, found), found, by_sound=found != onset)

    async def drop(self) -> None:
        """There is no answer to cut into."""
        await self.realms.call(self.realm, "settleCutIn", self.clip_id, None)
