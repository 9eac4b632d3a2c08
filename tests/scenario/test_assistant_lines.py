"""The assistant's sentences are known beforehand, and so is that a voice cannot speak them."""

from __future__ import annotations

from pathlib import Path

import pytest

from harness.errors import ScenarioError
from harness.realtime.server.assistants.script import Script
from harness.scenario.assistant_lines import Line, check_lines, lines_of
from harness.scenario.load import load_scenario
from harness.scenario.prepare import prepare
from harness.speech.engines import default_synthesiser
from harness.speech.store import SpeechStore

GERMAN = "Das kann ich leider nicht verstehen, bitte langsam sprechen."


def write(folder: Path, rules: str) -> Path:
    path = folder / "s.yaml"
    path.write_text(f"name: s\nassistant:\n  rules:\n{rules}steps: [hang_up]\n", "utf-8")
    return path


def test_without_settings_the_session_s_own_voice_speaks(tmp_path: Path) -> None:
    loaded = load_scenario(write(tmp_path, "    - say: Hi there. And you?\n"))
    script = Script.model_validate(loaded.scenario.assistant)
    voices = default_synthesiser(SpeechStore(None))
    lines = list(lines_of(loaded, script, voices))
    assert [line.text for line in lines] == ["Hi there.", "And you?"]
    assert lines[0] == Line("Hi there.", lines[1].voice, 1.0)
    assert lines[0].voice in voices.stand_ins


def test_a_line_in_a_language_of_no_voice_names_the_rule(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HARNESS_VOICE_ENGINE", "kokoro")
    path = write(tmp_path, f"    - say: Hello.\n    - say: {GERMAN}\n")
    loaded, voices = load_scenario(path), default_synthesiser(SpeechStore(None))
    with pytest.raises(ScenarioError, match=r"s\.yaml:5: assistant: rule 2 cannot be spoken"):
        prepare([loaded], voices, assistants=True)
    prepare([loaded], voices)  # a server of somebody else's speaks for itself


def test_lines_that_can_be_spoken_are_none_of_its_business(tmp_path: Path) -> None:
    loaded = load_scenario(write(tmp_path, "    - say: Your table is booked. Merci beaucoup!\n"))
    script = Script.model_validate(loaded.scenario.assistant)
    check_lines(loaded, script, default_synthesiser(SpeechStore(None)))
