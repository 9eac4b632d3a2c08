"""What a server is put together from."""

from __future__ import annotations

from pathlib import Path
from typing import Any, cast

import pytest

from harness.cassette.replay import CassetteAssistant
from harness.errors import UsageError
from harness.realtime.server.assistants.assistant import Assistant
from harness.realtime.server.assistants.echo import Echo
from harness.realtime.server.assistants.script import Script
from harness.server.assistants.choice import Assistants, Parts, parts_from
from harness.server.assistants.llm import LlmAssistant
from tests.support.make_cassette import write_orders

LLM = {"llm_url": "http://127.0.0.1:9/v1", "llm_model": "small", "llm_key": "sk-secret"}


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"assistant": "parrot"}, "there is no assistant “parrot”"),
        ({"assistant": "llm"}, "needs an address and a model"),
        ({"llm_url": "http://host/v1"}, "both its address and its name"),
        ({"llm_url": "ftp://host", "llm_model": "m"}, "must begin with http"),
        ({"llm_url": "http://u:p@host", "llm_model": "m"}, "into the environment"),
        ({"voice": "x"}, "Extra inputs"),
    ],
)
def test_what_does_not_go_together_is_told(given: dict[str, Any], said: str) -> None:
    with pytest.raises(UsageError) as refused:
        parts_from({"llm_key": "sk-secret", **given})
    assert said in str(refused.value)
    assert "sk-secret" not in str(refused.value)


def test_the_key_is_in_no_text_and_comes_along() -> None:
    parts = parts_from({**LLM, "assistant": "llm"})
    assert "sk-secret" not in repr(parts)
    assert parts_from(parts.given()) == parts


async def test_an_assistant_is_chosen_among_those_there_are() -> None:
    plain = Assistants()
    assert list(plain.known) == ["script", "echo", "echo-sound"]
    assert plain.current is plain.script
    both = Assistants(parts_from({**LLM, "assistant": "llm"}))
    assert isinstance(both.current, LlmAssistant)
    both.name = "echo-sound"
    assert cast("Assistant", both.current) == Echo(sound=True)
    script = Script.model_validate({"rules": [{"silent": True}]})
    both.follow(script)
    assert cast("Assistant", both.current) is script
    await both.aclose()


def test_an_assistant_of_ones_own(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    code = "class Mine:\n    def answer(self, prompt):\n        return []\n"
    (tmp_path / "assistant_of_mine.py").write_text(code, encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    monkeypatch.syspath_prepend(tmp_path)
    own = Assistants(Parts(assistant="assistant_of_mine:Mine"))
    assert (own.name, type(own.current).__name__) == ("own", "Mine")
    with pytest.raises(UsageError, match="cannot be used as the assistant"):
        Assistants(Parts(assistant="assistant_of_mine:Other"))


def test_a_cassette_answers_and_a_script_is_what_it_falls_back_to(tmp_path: Path) -> None:
    folder = str(write_orders(tmp_path / "orders"))
    strict = Assistants(parts_from({"cassette": folder}))
    script = Script.model_validate({"rules": [{"silent": True}]})
    strict.follow(script)
    assert strict.name == "cassette"
    assert isinstance(strict.current, CassetteAssistant)
    assert strict.current.fallback is None
    lenient = Assistants(parts_from({"cassette": folder, "lenient": True, "delays": "none"}))
    lenient.follow(script)
    assert isinstance(lenient.current, CassetteAssistant)
    assert (lenient.current.fallback, lenient.current.delays) == (script, "none")
    several = Assistants(parts_from({"cassette": str(tmp_path)}))
    assert several.name == "script"
    assert "cassette:orders" in several.known
    with pytest.raises(UsageError, match="belong to a cassette"):
        parts_from({"lenient": True})
    with pytest.raises(UsageError, match="There is no cassette"):
        Assistants(parts_from({"cassette": str(tmp_path / "gone")}))
