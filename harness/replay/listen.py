"""Listening to a recording: whose voice is where, what is said, and what is to be replayed."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

from harness.audio.channels import SIDES, Side
from harness.errors import FixtureError
from harness.replay.cutting import WANTED, clips_of
from harness.replay.parties import both_on_one, parties_of, signs_in
from harness.replay.pauses import longest_pause_s
from harness.replay.pitch import pitch_hz, two_voices
from harness.replay.plan import Plan, plan_call, too_much
from harness.replay.redaction import refuse_outside, without
from harness.replay.second_opinion import SecondOpinion
from harness.replay.words import voices_within, words_in
from harness.score.channel_checks import swapped
from harness.score.conversation import (
    RUN_PAUSE_S,
    Conversation,
    conversation_of,
    joined_spans,
)
from harness.score.recording import NOBODY, RecordedVoices, score_voices, voices_in
from harness.speech.ears import judging_ears
from harness.speech.engines import default_recogniser
from harness.speech.interface import Recogniser, SpeechDetector
from harness.speech.pieces import LONGEST_S
from harness.speech.silero import SileroDetector
from harness.speech.spans import Span

BEFORE_ANSWER_S, AFTER_ANSWER_S = 0.15, 0.2
"""Around an answer's voice, given to the recogniser."""

SAMPLE_OF_RUNS = 16
"""So many stretches of one channel are listened to, to notice somebody else on it."""

PATIENCE_S = 600.0
"""For one question to an ear: nobody waits for the next turn here, and a machine may be busy."""

FEW_WORDS = 2
"""In each turn: so many a recogniser may make of music."""

SAMPLE_OF_TURNS = 6
"""So many turns of each channel are listened to, to tell the agent from the caller."""


@dataclass(frozen=True, slots=True)
class Ears:
    """Who listens to the caller, and who to the agent."""

    caller: Recogniser
    agent: Recogniser
    """The one whose words of a new answer are compared with those of the old one."""

    words: Recogniser | None = None
    """Who writes down what the caller says in the turns that are kept; None: `caller` does."""


def shipped_ears() -> Ears:
    """The recogniser of live turns, and those that judge answers: they are asked of it, too."""
    live, judges = default_recogniser(), judging_ears(limit_s=PATIENCE_S)
    third = judges[0] if len(judges) > 1 else None
    return Ears(live, judges[0], SecondOpinion(live, judges[-1], third))


@dataclass(frozen=True, slots=True)
class Listening:
    """How a recording is listened to."""

    user: Side | None = None
    """The caller's channel; None: found out."""

    caller_alone: bool = False
    """One channel holds one person, whatever it sounds like."""

    redacted: tuple[Span, ...] = ()
    told: Callable[[str], None] = field(default=lambda _: None, repr=False, compare=False)
    """What is being done now, in words: of hours of sound it takes a quarter of an hour."""


@dataclass(frozen=True, slots=True)
class HeardCall:
    """One recording, and what was heard in it."""

    path: Path
    duration_s: float
    sample_rate_hz: int
    channel: int
    """The caller's, from 0."""

    talk: Conversation
    plan: Plan
    said: tuple[str, ...]
    """Of each turn of the plan; "" where no word was understood."""

    answers: tuple[str, ...]
    """To each turn of the plan; "" where there was none."""

    greeting: str
    notes: tuple[str, ...]
    pause_s: float = 0.0
    """The longest one of the caller within a turn."""

    @property
    def is_stereo(self) -> bool:
        """Whether the agent is heard, too."""
        return self.plan.has_agent


def listen(
    path: Path,
    how: Listening,
    ears: Ears,
    make_detector: Callable[[], SpeechDetector] = SileroDetector,
) -> HeardCall:
    """Everything about a recording that a replay needs. Blocks: some 0.1 s of CPU a second.

    Args:
        path: what libsndfile or FFmpeg reads, of any rate from 8 kHz on; the caller alone, or
            the caller and the agent on a channel each.
        how: what the user said about it.
        ears: who recognises the words.
        make_detector: a new speech detector for each channel.

    Raises:
        FixtureError: it is no recording of a call, or none that can be replayed; says why.
        UsageError: something outside of it is to be redacted.
        SpeechError: an engine cannot run.
    """
    voices = voices_in(
        path, make_detector, WANTED, lambda at_s: how.told(f"who speaks when: {in_clock(at_s)}")
    )
    refuse_outside(how.redacted, voices.duration_s, path.name)
    notes = list(voices.notes)
    if len(voices.channels) == 1 or voices.is_one_sound:
        if voices.is_one_sound:
            notes.append("Both channels hold the same sound: it is taken for one.")
        return _one_party(voices, 0, how, ears, notes)
    speaking = [index for index, each in enumerate(voices.channels) if each]
    if not speaking:
        raise _nobody(path)
    if len(speaking) == 1:
        side = SIDES[speaking[0]]
        if how.user not in (None, side):
            found = f"speech on the {side} channel alone, and --user {how.user}"
            raise _cannot(path, found, f"if that is the caller, leave out --user {how.user}")
        notes.append(f"Only the {side} channel holds speech: it is taken for the caller's.")
        return _one_party(voices, speaking[0], how, ears, notes)
    return _two_parties(voices, how, ears, notes)


def _one_party(
    voices: RecordedVoices, channel: int, how: Listening, ears: Ears, notes: list[str]
) -> HeardCall:
    """The caller alone; refused where the words say that it is not."""
    if not voices.channels[channel]:
        raise _nobody(voices.path)
    if not how.caller_alone:
        _look_for_others(voices, channel, how, ears, notes)
    talk = _redacted(conversation_of(voices.channels[channel], ()), how.redacted, notes)
    return _heard(voices, channel, talk, how, ears, notes, has_agent=False)


def _look_for_others(
    voices: RecordedVoices, channel: int, how: Listening, ears: Ears, notes: list[str]
) -> None:
    """Listen to the first stretches: are words and pitches those of one person?

    Raises:
        FixtureError: the words say that they are not.
    """
    runs = joined_spans(voices.channels[channel], RUN_PAUSE_S, ())[:SAMPLE_OF_RUNS]
    said: list[str] = []
    pitches_hz: list[float] = []
    for clip in clips_of(voices.path, channel, [_short(run) for run in runs], how.redacted):
        said.append(words_in(clip, (), ears.caller))
        found_hz = pitch_hz(clip)
        pitches_hz += [] if found_hz is None else [found_hz]
    _refuse_others(voices.path, said)
    if (pair := two_voices(pitches_hz)) is not None:
        notes.append(
            f"Two voices seem to be on its one channel, at {pair[0]:.0f} and {pair[1]:.0f} Hz: if "
            "the agent is one of them, export the call with two channels."
        )


def _short(run: Span) -> Span:
    """As much of a stretch as a recogniser takes at once."""
    return replace(run, end_s=min(run.end_s, run.start_s + LONGEST_S))


def _refuse_others(path: Path, said: Sequence[str]) -> None:
    hint = "if it is the caller alone, say --caller-alone"
    if (both := both_on_one(said)) is not None:
        raise _cannot(
            path,
            f"both parties on one channel, as it seems: {both}",
            "export the call with each party on a channel of its own; " + hint,
        )
    signs = signs_in(said)
    if signs.is_plain or (not signs.caller and len(signs.agent) > 1):
        words = " and ".join(f"“{one}”" for one in signs.agent[:2])
        raise _cannot(path, f"the agent on its one channel, as it seems: {words}", hint)


def _two_parties(voices: RecordedVoices, how: Listening, ears: Ears, notes: list[str]) -> HeardCall:
    user = how.user
    if user is None:
        user = _found_user(voices, how, ears, notes)
    score = score_voices(voices, user)
    talk = _redacted(score.conversation, how.redacted, notes)
    return _heard(voices, SIDES.index(user), talk, how, ears, notes, has_agent=True)


def _found_user(voices: RecordedVoices, how: Listening, ears: Ears, notes: list[str]) -> Side:
    left, right = voices.channels
    samples = [
        _texts(voices, index, _pieces(channel), how, ears.caller)
        for index, channel in enumerate(voices.channels)
    ]
    greets: Side | None = "left" if left[0].start_s < right[0].start_s else "right"
    remark = swapped(left, right, SIDES)
    parties = parties_of(samples[0], samples[1], greets, remark)
    if parties.why:
        notes.append(parties.why)
    return parties.user


def _pieces(voices: Sequence[Span]) -> list[Span]:
    """The first few stretches of one channel that are long enough for words."""
    said = [turn.user for turn in conversation_of(voices, ()).turns if turn.user is not None]
    return said[:SAMPLE_OF_TURNS]


def _redacted(talk: Conversation, redacted: Sequence[Span], notes: list[str]) -> Conversation:
    """The conversation without what is redacted; an edge that is cut has no known place."""
    if not redacted:
        return talk
    gone = 0
    turns = []
    for turn in talk.turns:
        user = None if turn.user is None else without(turn.user, redacted)
        if turn.user is not None and user is None:
            gone += 1
            continue
        turns.append(replace(turn, user=user))
    interruptions = [
        replace(each, user=user)
        for each in talk.interruptions
        if (user := without(each.user, redacted)) is not None
    ]
    if gone:
        turns_are = "1 turn is" if gone == 1 else f"{gone} turns are"
        notes.append(f"{turns_are} redacted from end to end, and left out.")
    return Conversation(tuple(turns), tuple(interruptions))


def _heard(
    voices: RecordedVoices,
    channel: int,
    talk: Conversation,
    how: Listening,
    ears: Ears,
    notes: list[str],
    *,
    has_agent: bool,
) -> HeardCall:
    plan = plan_call(talk, voices.duration_s, has_agent=has_agent)
    if not plan.turns:
        raise _cannot(voices.path, "the caller says nothing in it that is left")
    if (why := too_much(plan)) is not None:
        raise _cannot(voices.path, why, "cut the recording, and replay its parts")
    cuts = [turn.cut for turn in plan.turns]
    said = _texts(voices, channel, cuts, how, ears.words or ears.caller)
    if not _are_words(voices, channel, cuts, said, how, ears, has_agent=has_agent):
        found = "sound in which no word is understood: music, noise, another language?"
        raise _cannot(voices.path, found)
    unclear = [turn.user.start_s for turn, text in zip(plan.turns, said, strict=True) if not text]
    if unclear:
        places = ", ".join(f"{at_s:.2f} s" for at_s in unclear[:5])
        notes.append(f"No word is understood of the turns at {places}.")
    answers, greeting = _answers(voices, 1 - channel, plan, how, ears) if has_agent else ((), "")
    return HeardCall(
        path=voices.path,
        duration_s=voices.duration_s,
        sample_rate_hz=voices.sample_rate_hz,
        channel=channel,
        talk=talk,
        plan=plan,
        said=tuple(said),
        answers=answers or ("",) * len(said),
        greeting=greeting,
        notes=(*notes, *plan.left_out),
        pause_s=longest_pause_s(
            [turn.user for turn in plan.turns], voices.channels[channel], how.redacted
        ),
    )


def _are_words(
    voices: RecordedVoices,
    channel: int,
    cuts: Sequence[Span],
    said: Sequence[str],
    how: Listening,
    ears: Ears,
    *,
    has_agent: bool,
) -> bool:
    """Whether words were understood; of a few words without an answer another one is asked, too.

    Music sounds like a short word to a recogniser, to each like another one or none.
    """
    are_few = sum(len(text.split()) for text in said) <= FEW_WORDS * len(said)
    if has_agent or not are_few or not any(said):
        return any(said)
    return any(_texts(voices, channel, cuts, how, ears.agent))


def _answers(
    voices: RecordedVoices, channel: int, plan: Plan, how: Listening, ears: Ears
) -> tuple[tuple[str, ...], str]:
    """What the agent says to each turn, and before the first."""
    spans = [plan.greeting, *(turn.agent for turn in plan.turns)]
    around = [
        Span(
            max(0.0, each.start_s - BEFORE_ANSWER_S),
            min(voices.duration_s, each.end_s + AFTER_ANSWER_S),
        )
        for each in spans
        if each is not None
    ]
    texts = iter(_texts(voices, channel, around, how, ears.agent))
    greeting, *answers = ["" if each is None else next(texts) for each in spans]
    return tuple(answers), greeting


def _texts(
    voices: RecordedVoices,
    channel: int,
    cuts: Sequence[Span],
    how: Listening,
    recogniser: Recogniser,
) -> list[str]:
    """The words of stretches of one channel."""
    texts = []
    for text in _recognised(voices, channel, cuts, how.redacted, recogniser):
        texts.append(text)
        how.told(f"what is said: {len(texts)} of {len(cuts)} on channel {channel + 1}")
    return texts


def _recognised(
    voices: RecordedVoices,
    channel: int,
    cuts: Sequence[Span],
    redacted: Sequence[Span],
    recogniser: Recogniser,
) -> Iterator[str]:
    of_channel = voices.channels[channel]
    for cut, clip in zip(cuts, clips_of(voices.path, channel, cuts, redacted), strict=True):
        yield words_in(clip, voices_within(of_channel, cut), recogniser)


def in_clock(seconds: float) -> str:
    """Hours, minutes and seconds, as "1:02:03"."""
    minutes, rest = divmod(round(seconds), 60)
    return f"{minutes // 60}:{minutes % 60:02}:{rest:02}"


def _nobody(path: Path) -> FixtureError:
    return _cannot(path, NOBODY.removeprefix("Cannot tell: ").rstrip("."))


def _cannot(path: Path, found: str, hint: str | None = None) -> FixtureError:
    return FixtureError(f"Cannot replay {path}.", expected=WANTED.expected, found=found, hint=hint)
