"""What of a scenario is hidden: from the environment, and what lets somebody in."""

from __future__ import annotations

import json
from pathlib import Path

from harness.hidden import Hidden
from harness.redact import MASK
from harness.scenario.hidden import hidden_in_page, hidden_of
from harness.scenario.load import hidden_of_all, load_scenario
from harness.scenario.page_context import PageContext
from harness.scenario.variables import fill_in

ENVIRON = {"PIN": "4711", "URL": "http://h:3000", "WORD": "transcript", "FISH": "Trout", "A": "zq"}


def hidden(data: object, public: object = None) -> Hidden:
    return hidden_of(fill_in(data, ENVIRON, refuse=lambda error, place: error), public)


def test_what_is_called_public_is_shown() -> None:
    data = {"url": "${URL}/call", "pin": "${PIN}"}
    assert hidden(data, ["URL"]).text("http://h:3000/call 4711") == f"http://h:3000/call {MASK}"
    assert hidden(data, "URL").text("http://h:3000/call") == f"{MASK}/call"


def test_nothing_is_hidden_where_no_variable_is_used() -> None:
    assert not hidden({"a": "$${PIN}", "b": "${NONE:-4711}"})


def test_words_of_the_trace_and_of_the_scenario_are_masked_where_they_are_used() -> None:
    found = hidden({"a": "a ${WORD}", "b": "my ${FISH}", "c": ["I like trout and ${PIN}"]})
    assert found.text("transcript, Trout") == "transcript, Trout"
    assert found.text("a transcript; my Trout; 4711") == f"a {MASK}; my {MASK}; {MASK}"
    assert sorted(note.split()[3] for note in found.notes) == ["${FISH}", "${WORD}"]
    assert not hidden({"b": "my ${FISH}"}).notes


def test_what_lets_somebody_in_is_hidden_though_it_is_in_the_file(tmp_path: Path) -> None:
    state = {"cookies": [{"name": "sid", "value": "saved-1234"}, {"name": "t", "value": "user"}]}
    (tmp_path / "kim.json").write_text(json.dumps(state), encoding="utf-8")
    page = PageContext.model_validate({
        "http_credentials": {"username": "kim", "password": "pass-word-1"},
        "proxy": {"server": "http://p:1", "username": "kim", "password": "x"},
        "extra_http_headers": {"Authorization": "Bearer tok-12345678", "X-Team": "red-team-1"},
        "cookies": [{"name": "theme", "value": "dark", "url": "http://h/"}],
        "storage_state": "kim.json",
    })  # fmt: skip
    found = hidden_in_page(page, tmp_path)
    assert found.text("kim pass-word-1 tok-12345678 saved-1234 red-team-1") == (
        f"kim {MASK} {MASK} {MASK} red-team-1"
    )
    [note] = found.notes
    assert "proxy.password" in note
    assert not hidden_in_page(PageContext(), tmp_path)


def test_each_value_of_a_secret_list_is_hidden(tmp_path: Path) -> None:
    (tmp_path / "s.yaml").write_text(
        "name: s\nsecret_variables: [codes]\nvariables: {codes: [alphaxq123, betazq456]}\n"
        'steps: [{expect: {user_words: "${codes}"}}, hang_up]\n',
        encoding="utf-8",
    )
    found = hidden_of_all([load_scenario(tmp_path / "s.yaml")])
    assert found.text("the words alphaxq123, and betazq456") == f"the words {MASK}, and {MASK}"
