"""`harness serve`: one line when ready, alive until a signal, nothing left behind."""

from __future__ import annotations

import dataclasses
import json
import os
import signal
import socket
import subprocess
import sys
import urllib.request
from collections import deque
from pathlib import Path
from typing import Any

import pytest

from harness.cli import serve
from harness.cli.serve import (
    ServeOptions,
    _say_where,
    chosen_key,
    chosen_parts,
    read_fault_file,
    read_script,
    usual_workers,
)
from harness.errors import UsageError
from harness.server.process.launch import RunningServer
from tests.cli.conftest import Harness

WITHIN_S = 200


def test_it_says_where_it_is_and_ends_with_ctrl_c() -> None:
    with subprocess.Popen(
        [sys.executable, "-m", "harness", "serve", "--port", "0", "--json"],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    ) as process:
        assert process.stdout is not None
        ready = json.loads(process.stdout.readline())
        assert set(ready) == {"url", "page_url", "api_key"}
        with urllib.request.urlopen(ready["page_url"], timeout=WITHIN_S) as page:
            assert page.status == 200
        os.kill(process.pid, signal.SIGINT)
        rest, errors = process.communicate(timeout=WITHIN_S)
    assert process.returncode == 130
    assert rest == ""
    assert "Traceback" not in errors
    with pytest.raises(OSError, match="refused"):
        urllib.request.urlopen(ready["page_url"], timeout=5)


async def test_a_server_that_is_stuck_is_said_to_be_and_said_to_be_back(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Once each, however long it takes."""
    looks = iter([True, False, False, False, True, True])
    monkeypatch.setattr(serve, "LOOK_EVERY_S", 0)

    async def answers(url: str) -> bool:
        assert url == "http://127.0.0.1:1"
        return next(looks)

    monkeypatch.setattr("harness.server.process.answers.answers", answers)
    with pytest.raises(RuntimeError, match="StopIteration"):
        await serve._say_when_stuck("http://127.0.0.1:1")
    assert capsys.readouterr().err.splitlines() == [
        "harness: the server does not answer",
        "harness: the server answers again",
    ]


def test_a_taken_port_is_said_plainly(harness_process: Harness) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        done = harness_process("serve", "--port", str(port))
    assert done.returncode == 3
    assert done.stderr.count("cannot listen") == 1
    assert str(port) in done.stderr
    assert "Traceback" not in done.stderr


def test_a_host_that_is_none_is_told_before_a_key_is_asked_for(
    harness: Harness, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("HARNESS_API_KEY", raising=False)
    done = harness("serve", "--host", "nonsense.invalid", "--port", "0")
    assert done.returncode == 2
    assert "nonsense.invalid" in done.stderr
    assert "0.0.0.0" in done.stderr
    assert "HARNESS_API_KEY" not in done.stderr


def test_a_server_for_others_needs_a_key_of_the_users_choosing(
    harness: Harness, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It says how, and never takes the key as an argument."""
    monkeypatch.delenv("HARNESS_API_KEY", raising=False)
    done = harness("serve", "--host", "0.0.0.0", "--port", "0")
    assert done.returncode == 2
    assert "HARNESS_API_KEY" in done.stderr
    assert "--api-key-env" in done.stderr


def test_a_key_comes_from_the_variable_that_was_named() -> None:
    assert (
        chosen_key("TEAM_KEY", {"TEAM_KEY": "sk-team", "HARNESS_API_KEY": "sk-other"}) == "sk-team"
    )
    assert chosen_key(None, {"HARNESS_API_KEY": "sk-other"}) == "sk-other"
    assert chosen_key(None, {"HARNESS_API_KEY": ""}) is None
    with pytest.raises(UsageError, match="TEAM_KEY"):
        chosen_key("TEAM_KEY", {"TEAM_KEY": ""})


def test_a_process_for_two_cores_is_usual() -> None:
    assert [usual_workers(cores) for cores in (1, 2, 3, 4, 8, 64)] == [1, 1, 1, 2, 4, 4]


def test_a_server_that_accepts_any_key_says_so_loudly(capsys: pytest.CaptureFixture[str]) -> None:
    server = RunningServer("http://a", "http://a/", "sk-of-the-team-123", 1, deque())
    for as_json in (True, False):
        options = ServeOptions("127.0.0.1", 0, 1, None, None, None, as_json, accept_any_key=True)
        _say_where(server, options, None)
        assert "WARNING: this server accepts ANY key" in capsys.readouterr().err


def test_a_server_for_others_accepts_no_stranger_s_key(harness: Harness) -> None:
    done = harness(
        *("serve", "--host", "0.0.0.0", "--port", "0", "--accept-any-key"),
        HARNESS_API_KEY="sk-of-the-team-123",
    )
    assert done.returncode == 2
    assert "cannot accept any key" in done.stderr


def test_a_chosen_key_is_not_shown(capsys: pytest.CaptureFixture[str]) -> None:
    """It may stand in a log for years."""
    server = RunningServer("http://a", "http://a/", "sk-of-the-team-123", 1, deque())
    for as_json in (True, False):
        options = ServeOptions("0.0.0.0", 0, 1, None, None, None, as_json)
        _say_where(server, options, server.api_key)
    said = capsys.readouterr()
    assert server.api_key not in said.out + said.err
    assert json.loads(said.out.splitlines()[0])["api_key"] is None
    assert "every address" in said.out


def test_a_script_is_read_from_yaml(tmp_path: Path) -> None:
    path = tmp_path / "assistant.yaml"
    path.write_text("rules:\n  - when: {words: [table]}\n    say: For how many?\n")
    assert read_script(path)["rules"][0]["say"] == "For how many?"


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("rules: [{sya: x}]", r"rules\.0"),
        ("rules: [", "while parsing"),
        ("- 1", "the file"),
        ("rules: !!int x", "invalid literal"),
    ],
)
def test_a_wrong_script_names_the_place(tmp_path: Path, text: str, found: str) -> None:
    path = tmp_path / "assistant.yaml"
    path.write_text(text)
    with pytest.raises(UsageError, match=found):
        read_script(path)


def test_yes_and_no_are_words_in_a_script(tmp_path: Path) -> None:
    """As they are in a scenario: an assistant may be asked, and say so."""
    path = tmp_path / "assistant.yaml"
    path.write_text("rules: [{when: {words: [no]}, say: yes}]", encoding="utf-8")
    [rule] = read_script(path)["rules"]
    assert (rule["when"]["words"], rule["say"]) == (["no"], "yes")


@pytest.mark.parametrize("text", ["faults: [event_late]", '["event_late"]', "- event_late"])
def test_faults_are_read_from_a_file(tmp_path: Path, text: str) -> None:
    path = tmp_path / "faults.yaml"
    path.write_text(text, encoding="utf-8")
    assert [fault.name for fault in read_fault_file(path)] == ["event_late"]


@pytest.mark.parametrize(
    ("text", "found"),
    [("[event_lat]", "did you mean event_late"), ("[", "expected"), ("a: 1", "names and values")],
)
def test_wrong_faults_are_told_with_the_file(tmp_path: Path, text: str, found: str) -> None:
    path = tmp_path / "faults.yaml"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(UsageError, match=r"faults\.yaml as faults") as caught:
        read_fault_file(path)
    assert found in str(caught.value)
    with pytest.raises(UsageError, match=r"missing\.yaml as faults"):
        read_fault_file(tmp_path / "missing.yaml")


def test_a_missing_script_is_a_usage_error(harness: Harness) -> None:
    done = harness("serve", "--script", "nowhere.yaml")
    assert done.returncode == 2
    assert "nowhere.yaml" in done.stderr


def options_of(**fields: Any) -> ServeOptions:
    plain = ServeOptions("127.0.0.1", 0, 1, None, None, None, False)
    return dataclasses.replace(plain, **fields)


def test_the_language_models_key_comes_from_the_environment() -> None:
    llm = {"assistant": "llm", "llm_url": "http://127.0.0.1:9/v1", "llm_model": "small"}
    environment = {"HARNESS_LLM_API_KEY": "sk-one", "OTHER": "sk-two", "OPENAI_API_KEY": "sk-no"}
    assert chosen_parts(options_of(parts=llm), environment).llm_key == "sk-one"
    named = chosen_parts(options_of(parts=llm, llm_key_env="OTHER"), environment)
    assert named.llm_key == "sk-two"
    assert chosen_parts(options_of(parts=llm), {"OPENAI_API_KEY": "sk-no"}).llm_key is None
    with pytest.raises(UsageError, match="holds no key"):
        chosen_parts(options_of(parts=llm, llm_key_env="ABSENT"), environment)


def test_a_script_goes_with_no_other_assistant(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="belongs to the assistant"):
        chosen_parts(options_of(script=tmp_path, parts={"assistant": "echo"}), {})
