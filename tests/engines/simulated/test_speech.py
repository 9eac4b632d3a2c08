"""Speech for simulated calls: real, and remembered."""

from harness.audio.fixtures import find_fixture
from harness.engines.simulated.speech import SimulatedSpeech
from harness.speech.store import SpeechStore


def test_detectors_are_used_again_by_the_next_call() -> None:
    speech = SimulatedSpeech()
    with speech.tools() as tools:
        one, two = tools.make_detector(), tools.make_detector()
    assert one is not two
    with speech.tools() as tools:
        assert tools.make_detector() in (one, two)


def test_what_was_found_once_is_found_again_without_a_model() -> None:
    store = SpeechStore()
    clip = find_fixture("goforward").load().clip
    first = SimulatedSpeech(store)
    spans = first.find_speech(clip)
    misses = store.misses
    assert SimulatedSpeech(store).find_speech(clip) == spans
    assert store.misses == misses
