"""Faults in the SDP answer: text in, text out."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from typing import Any

from harness.peer.sdp import _no_candidates, moved
from harness.realtime.faults.models_call import NoIce, SdpMalformed, SdpWrong
from harness.realtime.faults.triggers import Applied, Note


def changed_answer(answer: str, faults: Iterable[Any], note: Note, now_s: float) -> str:
    """The answer as these faults leave it."""
    for fault in faults:
        if isinstance(fault, SdpMalformed):
            answer = _malformed(answer, fault.how)
            note(Applied(fault.name, f"the SDP answer is malformed ({fault.how})", now_s))
        elif isinstance(fault, SdpWrong):
            answer = _WRONG[fault.what](answer)
            note(Applied(fault.name, f"the SDP answer is wrong ({fault.what})", now_s))
        elif isinstance(fault, NoIce):
            answer = _no_candidates(answer) if fault.how == "no_candidates" else moved(answer)
            note(Applied(fault.name, f"the SDP answer has {fault.how.replace('_', ' ')}", now_s))
    return answer


def _malformed(answer: str, how: str) -> str:
    if how == "empty":
        return ""
    if how == "garbage":
        return "<html><body><h1>It works!</h1></body></html>\n"
    return answer[: len(answer) // 3].rsplit("\n", 1)[0] + "\nm=aud"


def _without_section(sdp: str, kind: str) -> str:
    sections = re.split(r"(?=^m=)", sdp, flags=re.MULTILINE)
    kept = [section for section in sections if not section.startswith(f"m={kind} ")]
    return "".join(kept)


def _other_fingerprint(sdp: str) -> str:
    def turn(found: re.Match[str]) -> str:
        return found[1] + ":".join(reversed(found[2].split(":")))

    return re.sub(r"(a=fingerprint:\S+ )(\S+)", turn, sdp)


def _other_password(sdp: str) -> str:
    return re.sub(r"(a=ice-pwd:)(\S+)", lambda found: found[1] + found[2][::-1], sdp)


_WRONG: dict[str, Callable[[str], str]] = {
    "no_data": lambda sdp: _without_section(sdp, "application"),
    "no_audio": lambda sdp: _without_section(sdp, "audio"),
    "fingerprint": _other_fingerprint,
    "ice_password": _other_password,
}
