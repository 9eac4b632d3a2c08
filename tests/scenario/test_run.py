"""Preparing a run: everything that can be wrong with a scenario shows before anything starts."""

from __future__ import annotations

from pathlib import Path

import pytest

from harness.errors import ArtifactError, ScenarioError, UsageError
from harness.scenario.run import RemoteServer, _folder, _key, prepare, run_scenarios
from harness.speech.nanotts import NanoTtsSynthesiser


def write(folder: Path, text: str) -> Path:
    path = folder / "s.yaml"
    path.write_text(f"name: s\n{text}", encoding="utf-8")
    return path


def test_what_is_said_is_loaded_by_step_number(tmp_path: Path) -> None:
    path = write(
        tmp_path,
        "steps:\n"
        "  - expect: {words: [hello]}\n"
        "  - say: goforward\n"
        "  - interrupt: {after_ms: 10, say: {text: 'Stop it.', gain: 0.5}}\n",
    )
    (prepared,) = prepare([path], NanoTtsSynthesiser())
    assert sorted(prepared.utterances) == [2, 3]
    assert prepared.utterances[2].text == "Go forward ten meters."
    assert prepared.utterances[3].text == "Stop it."
    assert prepared.utterances[3].gain == 0.5


def test_an_unknown_voice_names_the_step(tmp_path: Path) -> None:
    path = write(tmp_path, "steps:\n  - say: {text: hello, voice: nobody}\n")
    with pytest.raises(ScenarioError, match=r"s\.yaml: step 1 cannot be spoken") as failed:
        prepare([path], NanoTtsSynthesiser())
    assert "nobody" in str(failed.value)


def test_a_corrupt_audio_file_names_the_step(tmp_path: Path) -> None:
    (tmp_path / "noise.wav").write_bytes(b"RIFF then nothing of use")
    path = write(tmp_path, "steps:\n  - say: noise.wav\n")
    with pytest.raises(ScenarioError, match="step 1"):
        prepare([path], NanoTtsSynthesiser())


def test_a_rule_that_does_nothing_is_refused(tmp_path: Path) -> None:
    path = write(tmp_path, "assistant: {rules: [{when: {turn: 1}}]}\nsteps: [hang_up]\n")
    with pytest.raises(ScenarioError, match=r"assistant\.rules\.0"):
        prepare([path], NanoTtsSynthesiser())


def test_scenarios_of_one_name_get_folders_of_their_own() -> None:
    out = Path("out")
    first = _folder(out, "s", [])
    second = _folder(out, "s", [first])
    assert (first, second) == (out / "s", out / "s-2")


def test_the_key_comes_from_the_environment_or_is_asked_for(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.delenv("HARNESS_API_KEY", raising=False)
    monkeypatch.setenv("OPENAI_API_KEY", "sk-one")
    assert _key("x") == "sk-one"
    monkeypatch.setenv("HARNESS_API_KEY", "sk-two")
    assert _key("x") == "sk-two"


def test_a_server_s_key_is_not_in_its_repr() -> None:
    assert "sk-one" not in repr(RemoteServer("http://h", "sk-one"))


async def test_a_folder_that_cannot_be_written_to_is_said_first(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(ArtifactError, match="Cannot write"):
        await run_scenarios([write(tmp_path, "steps: [hang_up]\n")], out=tmp_path / "file" / "out")


async def test_no_scenario_at_all_is_a_usage_error(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="No scenario"):
        await run_scenarios([], out=tmp_path)
