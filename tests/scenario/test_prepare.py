"""Preparing a run: everything that can be wrong with a scenario shows before anything starts."""

from __future__ import annotations

import re
import sys
from pathlib import Path

import numpy as np
import pytest
import soundfile

import harness
from harness.all_mistakes import each_of
from harness.audio.fixtures import find_fixture
from harness.audio.signals import tone
from harness.errors import ScenarioError
from harness.scenario.load import load_scenario
from harness.scenario.prepare import Unspoken, prepare, speak_text
from harness.speech.engines import default_synthesiser
from harness.speech.store import SpeechStore
from harness.speech.voices import Voices


def write(folder: Path, text: str) -> Path:
    path = folder / "s.yaml"
    path.write_text(f"name: s\n{text}", encoding="utf-8")
    return path


def speakers() -> Voices:
    return default_synthesiser(SpeechStore(None))


def test_what_is_said_is_loaded_by_step_number(tmp_path: Path) -> None:
    path = write(
        tmp_path,
        "steps:\n"
        "  - expect: {words: [hello]}\n"
        "  - say: goforward\n"
        "  - interrupt: {after_ms: 10, say: {text: 'Stop it.', gain: 0.5}}\n"
        "  - hold: {key: Space, while: goforward}\n",
    )
    (prepared,) = prepare([load_scenario(path)], speakers())
    assert prepared.utterances[2].text == "Go forward ten meters."
    assert prepared.utterances[4].text == "Go forward ten meters."
    assert prepared.unspoken == (Unspoken(3, "Stop it.", None, None, 0.5),)


def test_a_text_is_spoken_later(tmp_path: Path) -> None:
    path = write(tmp_path, "steps:\n  - say: {text: 'Stop it.', voice: en-GB, gain: 0.5}\n")
    voices = speakers()
    (prepared,) = prepare([load_scenario(path)], voices)
    assert prepared.utterances == {}
    spoken = speak_text(prepared.loaded, prepared.unspoken[0], voices)
    assert (spoken.text, spoken.gain) == ("Stop it.", 0.5)
    assert spoken.clip.duration_s > 0.4


def test_a_text_in_a_language_of_no_voice_names_the_step(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HARNESS_VOICE_ENGINE", "kokoro")
    german = "Guten Tag, ich hätte gern eine Fahrkarte nach München, bitte."
    path = write(tmp_path, f"steps:\n  - silence: 1\n  - say: {{text: '{german}'}}\n")
    with pytest.raises(ScenarioError, match=r"s\.yaml:4: step 2 cannot be spoken.*no voice"):
        prepare([load_scenario(path)], speakers())


def test_every_mistake_of_steps_rules_and_noises_is_told(tmp_path: Path) -> None:
    path = write(
        tmp_path,
        "noise: {file: none.wav}\nassistant: {rules: [{sya: Hi.}]}\n"
        "steps:\n  - say: none.wav\n  - say: {text: '?!'}\n",
    )
    with pytest.raises(ScenarioError) as caught:
        prepare([load_scenario(path)], speakers())
    lines = [str(one).split(":")[1] for one in each_of(caught.value)]
    assert lines == ["5", "6", "3", "2"]


def test_words_in_the_place_of_a_file_are_spoken(tmp_path: Path) -> None:
    path = write(
        tmp_path,
        "steps:\n  - say: A table, please.\n"
        "  - interrupt: {after_ms: 300, say: No wait.}\n  - say: What is broken?\n",
    )
    [prepared] = prepare([load_scenario(path)], speakers())
    words = [(one.number, one.text) for one in prepared.unspoken]
    assert words == [(1, "A table, please."), (2, "No wait."), (3, "What is broken?")]


def test_a_file_that_is_not_there_is_not_spoken(tmp_path: Path) -> None:
    path = write(tmp_path, "steps:\n  - say: my recording.wav\n")
    with pytest.raises(ScenarioError, match=r"There is no audio file “my recording\.wav”"):
        prepare([load_scenario(path)], speakers())


def test_a_text_without_words_names_the_step(tmp_path: Path) -> None:
    path = write(tmp_path, "steps:\n  - say: {text: '?! …'}\n")
    with pytest.raises(ScenarioError, match="There is nothing to speak"):
        prepare([load_scenario(path)], speakers())


def test_an_unknown_voice_names_the_step(tmp_path: Path) -> None:
    path = write(tmp_path, "steps:\n  - say: {text: hello, voice: nobody}\n")
    with pytest.raises(ScenarioError, match=r"s\.yaml:3: step 1 cannot be spoken") as failed:
        prepare([load_scenario(path)], speakers())
    assert "nobody" in str(failed.value)


def test_a_language_that_nobody_speaks_names_the_step(tmp_path: Path) -> None:
    path = write(tmp_path, "steps:\n  - say: {text: 'Guten Tag.', language: de}\n")
    with pytest.raises(ScenarioError, match=r"step 1 cannot be spoken.*language “de”") as failed:
        prepare([load_scenario(path)], speakers())
    assert failed.value.expected == "one of en"
    assert "HARNESS_VOICE_ENGINE" in (failed.value.hint or "")


def test_a_language_is_spoken_by_an_engine_that_is_plugged_in(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    page = (Path(harness.__file__).parent / "docs" / "voices.md").read_text(encoding="utf-8")
    shown = re.search(r"```python\n(# hum\.py\n.*?)```", page, re.DOTALL)
    assert shown is not None
    (tmp_path / "hum.py").write_text(shown[1], encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(sys, "path", [str(tmp_path), *sys.path])
    monkeypatch.setenv("HARNESS_VOICE_ENGINE", "hum:Hum")
    path = write(tmp_path, "steps:\n  - say: {text: 'Guten Tag.', language: de}\n")
    voices = speakers()
    (prepared,) = prepare([load_scenario(path)], voices)
    spoken = speak_text(prepared.loaded, prepared.unspoken[0], voices)
    assert spoken.clip.duration_s == pytest.approx(0.06 * len("Guten Tag."))
    assert voices.languages == ("de", "fr", "en")


def test_a_corrupt_audio_file_names_the_step(tmp_path: Path) -> None:
    (tmp_path / "noise.wav").write_bytes(b"RIFF then nothing of use")
    path = write(tmp_path, "steps:\n  - say: noise.wav\n")
    with pytest.raises(ScenarioError, match="step 1"):
        prepare([load_scenario(path)], speakers())


def test_a_rule_that_does_nothing_is_refused(tmp_path: Path) -> None:
    rules = "assistant:\n  rules:\n    - {say: a}\n    - {when: {turn: 1}}\n"
    path = write(tmp_path, f"{rules}steps: [hang_up]\n")
    with pytest.raises(ScenarioError, match=r"s\.yaml:5: assistant\.rules\.1"):
        prepare([load_scenario(path)], speakers())


def test_a_recording_without_speech_is_refused_unless_it_is_meant(tmp_path: Path) -> None:
    soundfile.write(tmp_path / "tone.wav", tone(440, 1.0).samples, 48_000)
    path = write(tmp_path, "steps:\n  - say: tone.wav\n")
    with pytest.raises(ScenarioError, match=r"step 1 cannot be spoken\. Nobody speaks") as refused:
        prepare([load_scenario(path)], speakers())
    assert "speech: false" in (refused.value.hint or "")
    path = write(tmp_path, "steps:\n  - say: {file: tone.wav, speech: false}\n")
    (prepared,) = prepare([load_scenario(path)], speakers())
    assert prepared.utterances[1].clip.duration_s == 1.0


def test_a_side_of_a_recorded_call_is_chosen_by_name(tmp_path: Path) -> None:
    user, agent = (find_fixture(n).load().clip.samples for n in ("goforward", "booking-my-name"))
    both = np.zeros((len(user) + len(agent), 2), np.float32)
    both[: len(user), 0], both[len(user) :, 1] = user, agent
    soundfile.write(tmp_path / "call.wav", both, 48_000)
    path = write(tmp_path, "steps:\n  - say: call.wav\n")
    with pytest.raises(ScenarioError, match=r"call\.wav") as refused:
        prepare([load_scenario(path)], speakers())
    assert "channel: left" in (refused.value.hint or "")
    path = write(tmp_path, "steps:\n  - say: {file: call.wav, channel: right}\n")
    (prepared,) = prepare([load_scenario(path)], speakers())
    assert prepared.utterances[1].speech_start_s > len(user) / 48_000
