"""Playback of answers: which were played, from when on, and how far."""

from __future__ import annotations

from dataclasses import dataclass, field

from harness.realtime.wire import Event


@dataclass(slots=True)
class _Played:
    item_ids: list[str] = field(default_factory=list)
    began_s: float | None = None
    is_ended: bool = False
    is_done: bool = False
    is_written: bool = False


class Playback:
    """Follows ``output_audio_buffer.*`` by answer. Times are on the shell's clock."""

    def __init__(self) -> None:
        self._answers: dict[str, _Played] = {}
        self._is_told = False
        """This connection tells of playback at all; where the client plays, it does not."""

    def on_server_event(self, event: Event, now_s: float) -> None:
        """Apply one checked server event."""
        kind = event["type"]
        if kind == "response.created":
            modalities = event["response"].get("output_modalities")
            self._of(event["response"]["id"]).is_written = modalities == ["text"]
        elif kind == "response.done":
            self._of(event["response"]["id"]).is_done = True
        elif kind == "response.output_item.added":
            self._of(event["response_id"]).item_ids.append(event["item"]["id"])
        elif kind.startswith("output_audio_buffer."):
            self._is_told = True
            answer = self._of(event["response_id"])
            if kind == "output_audio_buffer.started":
                answer.began_s = now_s
            else:
                answer.is_ended = True

    def items_of(self, response_id: str) -> list[str]:
        """Items of a response that have audio, in order."""
        return self._of(response_id).item_ids

    def cut_off(self, now_s: float) -> dict[str, float]:
        """Responses that were not played to their end, and how many milliseconds of each were."""
        result: dict[str, float] = {}
        for response_id, answer in self._answers.items():
            nobody_plays = answer.is_done and not self._is_told
            if answer.is_ended or answer.is_written or nobody_plays:
                continue
            began_s = now_s if answer.began_s is None else answer.began_s
            result[response_id] = max(0.0, now_s - began_s) * 1000
        return result

    def _of(self, response_id: str) -> _Played:
        return self._answers.setdefault(response_id, _Played())
