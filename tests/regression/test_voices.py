"""Voices of answers: another one is found in its turn, and too little speech is a doubt."""

from __future__ import annotations

from dataclasses import replace

import pytest

from harness.audio.fixtures import find_fixture
from harness.regression.findings import Candidate, Finding
from harness.regression.voices import voice_findings
from harness.score.voice_print import ENOUGH_S, VoicePrint, voice_print
from tests.support.make_calls import make_turn, one_turn


def print_of(name: str) -> VoicePrint:
    found = voice_print(find_fixture(name).load().clip)
    assert found is not None
    return found


@pytest.fixture(scope="module")
def heart() -> VoicePrint:
    """A woman's voice."""
    return print_of("booking-table-for-two")


@pytest.fixture(scope="module")
def michael() -> VoicePrint:
    """A man's voice."""
    return print_of("booking-table-for-two-michael")


def found_in(base: list[VoicePrint], new: list[VoicePrint]) -> list[Finding | Candidate]:
    turns = one_turn([make_turn(voice=one) for one in base], [make_turn(voice=one) for one in new])
    return list(voice_findings("booking", turns))


def test_another_voice_is_worse_in_its_turn(heart: VoicePrint, michael: VoicePrint) -> None:
    (found,) = found_in([heart], [michael])
    assert isinstance(found, Finding)
    assert (found.verdict, found.kind, found.turn) == ("worse", "voice", 1)
    assert "Hz" in found.evidence
    assert found_in([heart], [replace(heart, pitch_hz=heart.pitch_hz * 1.05)]) == []


def test_another_voice_in_some_runs_is_tested(heart: VoicePrint, michael: VoicePrint) -> None:
    (found,) = found_in([heart] * 4, [heart, heart, heart, michael])
    assert isinstance(found, Candidate)
    assert "0 of 4 → 1 of 4 runs in another voice" in found.if_sure.evidence
    assert found_in([heart, michael], [heart, michael]) == []


def test_the_same_pitch_in_another_colour_is_said_so(heart: VoicePrint) -> None:
    colour = tuple(value + (5.0, -5.0)[n % 2] for n, value in enumerate(heart.cepstrum))
    (found,) = found_in([heart], [replace(heart, cepstrum=colour)])
    assert isinstance(found, Finding)
    assert found.evidence.startswith("another colour at much the same pitch")


def test_short_answers_are_judged_together(heart: VoicePrint, michael: VoicePrint) -> None:
    short = [replace(one, voiced_s=ENOUGH_S / 2) for one in (heart, michael)]
    (alone,) = found_in([short[0]], [short[1]])
    assert isinstance(alone, Finding)
    assert (alone.verdict, alone.turn, alone.more_repeats) == ("cannot_tell", None, 1)
    turns = one_turn([make_turn(voice=short[0])], [make_turn(voice=short[1])])
    (together,) = voice_findings("booking", turns * 3)
    assert isinstance(together, Finding)
    assert (together.verdict, together.turn) == ("worse", None)
    assert found_in([short[0]], [short[0]]) == []


def test_other_words_need_a_larger_distance(heart: VoicePrint, michael: VoicePrint) -> None:
    def judged(voice: VoicePrint) -> list[str]:
        other = make_turn(answer="Goodbye then.", voice=voice)
        found = voice_findings("booking", one_turn([make_turn(voice=heart)], [other]))
        return [one.verdict for one in found if isinstance(one, Finding)]

    assert judged(print_of("numbers-phone")) == []
    assert judged(replace(heart, pitch_hz=heart.pitch_hz / 2.2)) == ["cannot_tell"]
    assert judged(replace(michael, pitch_hz=heart.pitch_hz / 2.8)) == ["worse"]


def test_where_nothing_was_recorded_nothing_is_said(heart: VoicePrint) -> None:
    assert list(voice_findings("booking", one_turn([make_turn()], [make_turn(voice=heart)]))) == []
