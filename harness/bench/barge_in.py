"""Exactness of interruptions: when a cut-in was asked for, and when it came, in a real call.

A page in Chromium calls the local server, which gives long answers. Clips cut into them so long
after their onset as is asked for. Both moments are read from the recorded samples afterwards, by
other code than that of the page's audio thread: the answer's first audible sample, and where the
clip's samples lie in what the microphone produced.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from harness.audio.clip import CALL_RATE_HZ, AudioClip, MonoFloat32
from harness.audio.compare import find_delay
from harness.audio.resample import resample_clip
from harness.bench.progress import told
from harness.call.heard_answer import Said
from harness.call.utterance import Utterance, from_file
from harness.client.server_api import set_script
from harness.engines.browser.open import open_call
from harness.line.audio import AudioFrames
from harness.score.answers import Answer
from harness.server.process.launch import start_server
from harness.speech.spans import voiced_spans

ASKED_MS = (300, 400, 500, 600, 700, 800, 900)
CLIPS = ("interruption-wait", "goforward", "sense-0930")
OPENING = "booking-table-for-two"
LONG_ANSWER = (
    "We have a table by the window, one in the garden and one near the kitchen; the garden closes "
    "at nine, the kitchen at ten, and by the window you can stay for as long as you like."
)
ANSWER_WITHIN_S = 15.0
STOP_WITHIN_S = 1.5
LOOK_EVERY_S = 0.1

AUDIBLE = 10 ** (-50 / 20)
"""First and last samples that reach this, of full scale 1.0, are the edges of what is audible."""

PAUSE_S = 0.3
"""So long nothing reaches it before an onset; shorter pauses are part of an answer."""

ALIKE = 0.9
"""A clip that is found in what was sent is this much like it, or more."""


@dataclass(frozen=True, slots=True)
class Found:
    """One interruption, as its samples tell; None where they do not."""

    asked_ms: float
    cut_in_ms: float | None
    """From the answer's first audible sample to the clip's first voiced one."""

    stop_error_ms: float | None
    """The last voiced sample that the harness finds, against the last audible one."""

    late_ms: float
    """By how much the harness itself says that it was late."""


async def measure(
    asked_ms: Sequence[float] = ASKED_MS, clips: Sequence[str] = CLIPS
) -> dict[str, Any]:
    """The figures of `harness bench barge-in`; takes about three minutes.

    Returns:
        interruptions; cut_in_error_ms_p95 and cut_in_error_ms_max (real against asked, absolute);
        stop_error_ms_p95 and _median; cut_in_not_found, stop_not_found (the samples do not tell it,
        as where one answer follows another without a pause);
        late (interruptions that the harness says were late); by_asked_ms (median error, signed);
        by_sound (those that the audio thread decided by what it heard itself).

    Raises:
        BrowserError, PeerError, ExpectationFailed: the call could not be held.
    """
    utterances = [from_file(name) for name in clips]
    async with start_server() as server:
        await set_script(server, {"rules": [{"say": LONG_ANSWER}]})
        async with open_call(server=server) as call:
            await call.say(OPENING)
            taken = []
            count = len(asked_ms) * len(clips)
            for number in told(range(count), count, lambda _: "cut-ins"):
                utterance = utterances[number % len(clips)]
                asked = asked_ms[number % len(asked_ms)]
                said = await call.interrupt(
                    utterance, after_s=asked / 1000, within_s=ANSWER_WITHIN_S
                )
                await call.until(said.speech_start_s + STOP_WITHIN_S)
                while any(one.over_s is None for one in cut_by(call.answers, said)):
                    await call.until(call.now_s + LOOK_EVERY_S)  # or it would be cut into again
                taken.append((said, asked, call.line.heard.snapshot(), call.line.sent.snapshot()))
            late = [clip.data["late_s"] for clip in call.events("microphone.clip").take_available()]
            by_sound = [
                event.data["by_sound"]
                for event in call.events("microphone.cut_in").take_available()
            ]
    found = [
        look(
            said.utterance,
            said.speech_start_s,
            asked,
            1000 * late_s,
            heard,
            sent,
        )
        for (said, asked, heard, sent), late_s in zip(taken, late[1:], strict=True)
    ]
    return {**figures(found), "by_sound": sum(by_sound)}


def figures(found: Sequence[Found]) -> dict[str, Any]:
    """What the interruptions say together; see `measure`."""
    errors = [one.cut_in_ms - one.asked_ms for one in found if one.cut_in_ms is not None]
    stops = [one.stop_error_ms for one in found if one.stop_error_ms is not None]
    by_asked = {}
    for asked in sorted({one.asked_ms for one in found}):
        of_it = [o.cut_in_ms - asked for o in found if o.asked_ms == asked and o.cut_in_ms]
        by_asked[f"{asked:g}"] = round(float(np.median(of_it)), 3) if of_it else None
    return {
        "interruptions": len(found),
        "cut_in_error_ms_p95": _p95(errors),
        "cut_in_error_ms_max": round(max(map(abs, errors)), 3) if errors else None,
        "cut_in_not_found": sum(one.cut_in_ms is None for one in found),
        "stop_error_ms_p95": _p95(stops),
        "stop_error_ms_median": round(float(np.median(np.abs(stops))), 3) if stops else None,
        "stop_not_found": sum(one.stop_error_ms is None for one in found),
        "late": sum(one.late_ms > 0 for one in found),
        "by_asked_ms": by_asked,
    }


def cut_by(answers: Sequence[Answer], said: Said) -> list[Answer]:
    """The answers that were heard before this was said."""
    at_s = said.speech_start_s
    return [a for a in answers if a.voice_start_s is not None and a.voice_start_s < at_s]


def look(
    utterance: Utterance,
    about_s: float,
    asked_ms: float,
    late_ms: float,
    heard: Sequence[AudioFrames],
    sent: Sequence[AudioFrames],
) -> Found:
    """What the samples around an interruption tell.

    Args:
        about_s: where its first voiced sample is said to be; the samples decide.
        heard: what the page played, at 48 kHz.
        sent: what the microphone produced, at 48 kHz.
    """
    played = stretch(heard, about_s - 2.0, about_s + STOP_WITHIN_S)
    clip = resample_clip(utterance.clip, CALL_RATE_HZ).samples
    around_s = about_s - utterance.speech_start_s - 1.0
    produced = stretch(sent, around_s, about_s + STOP_WITHIN_S)
    beginning = clip[: round((utterance.speech_start_s + 1.0) * CALL_RATE_HZ)]
    delay = find_delay(beginning, produced[1], CALL_RATE_HZ)
    edges = audible_edges(played[1], round((about_s - played[0]) * CALL_RATE_HZ))
    cut_in_s = produced[0] + delay.delay_s + utterance.speech_start_s
    is_onset = edges is not None and edges[0] > PAUSE_S * CALL_RATE_HZ  # silent before
    onset_s = played[0] + edges[0] / CALL_RATE_HZ if edges is not None and is_onset else None
    end_s = None if edges is None else played[0] + edges[1] / CALL_RATE_HZ
    is_found = delay.likeness >= ALIKE and onset_s is not None
    spans = voiced_spans(AudioClip(played[1], CALL_RATE_HZ))
    ends_s = [played[0] + span.end_s for span in spans if played[0] + span.start_s < about_s]
    stop_s = ends_s[-1] if ends_s else None
    return Found(
        asked_ms=asked_ms,
        cut_in_ms=1000 * (cut_in_s - onset_s) if is_found and onset_s is not None else None,
        stop_error_ms=None if end_s is None or stop_s is None else 1000 * (stop_s - end_s),
        late_ms=late_ms,
    )


def stretch(pieces: Sequence[AudioFrames], from_s: float, until_s: float) -> tuple[float, Any]:
    """The samples between two moments, and when the first of them is; what is missing is silence.

    Returns:
        Seconds on the timeline, and float32 at 48 kHz, shape (frames,).
    """
    near = [piece for piece in pieces if piece.end_s > from_s and piece.start_s < until_s]
    if not near:
        return from_s, np.zeros(0, np.float32)
    first = min(piece.frame for piece in near)
    end = max(piece.frame + len(piece.samples) for piece in near)
    joined = np.zeros(end - first, np.float32)
    for piece in near:
        joined[piece.frame - first : piece.frame - first + len(piece.samples)] = piece.samples
    return min(piece.start_s for piece in near), joined


def audible_edges(samples: MonoFloat32, at: int) -> tuple[int, int] | None:
    """First and behind the last frame of the sound around a frame; None where there is none.

    Args:
        samples: at 48 kHz, full scale 1.0.
        at: a frame number in them.
    """
    loud = np.flatnonzero(np.abs(samples) >= AUDIBLE)
    if len(loud) == 0:
        return None
    pauses = np.flatnonzero(np.diff(loud) > PAUSE_S * CALL_RATE_HZ)
    firsts = loud[np.concatenate([[0], pauses + 1])]
    lasts = loud[np.concatenate([pauses, [len(loud) - 1]])]
    around = [(int(a), int(b) + 1) for a, b in zip(firsts, lasts, strict=True) if a <= at]
    return around[-1] if around else None


def _p95(errors: Sequence[float]) -> float | None:
    return round(float(np.percentile(np.abs(errors), 95)), 3) if len(errors) else None
