"""A mistake in a scenario is reported with file, line, step and what was expected."""

import contextlib
import traceback
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from harness.errors import ScenarioError
from harness.hidden import NOTHING
from harness.resources import fixtures_dir
from harness.scenario.load import hidden_of_all, load_scenario
from harness.scenario.said import Speech

SHIPPED = sorted((fixtures_dir() / "scenarios").glob("*.yaml"))


@pytest.mark.parametrize("path", SHIPPED, ids=lambda p: p.stem)
def test_every_shipped_scenario_is_valid_and_named_after_its_file(path: Path) -> None:
    loaded = load_scenario(path)
    assert loaded.scenario.name == path.stem
    assert loaded.scenario.description
    assert loaded.folder == path.parent


MISTAKES = {
    "a step that does not exist": (
        "name: a\nsteps:\n  - say: x\n  - expct: {words: [a]}\n",
        [":4:", "step 2 (expct)", "did you mean “expect”"],
    ),
    "a key that does not exist": (
        "name: a\nsteps:\n  - expect:\n      wrds: [a]\n",
        [":4:", "step 1 (expect)", "did you mean “words”"],
    ),
    "a key on top that does not exist": (
        "name: a\nstps: []\n",
        [":2:", "“stps” is not known", "did you mean “steps”"],
    ),
    "a key that is given twice": (
        "name: a\nsteps:\n  - expect:\n      words: [a]\n      within_s: 3\n      words: [b]\n",
        [":6:", "“words” is given a second time"],
    ),
    "two things in one step": (
        "name: a\nsteps:\n  - say: x\n    expect: {words: [a]}\n",
        [":3:", "exactly one", "found say, expect"],
    ),
    "a time that is none": (
        "name: a\nsteps:\n  - expect:\n      words: [a]\n      within_s: -3\n",
        [":5:", "within_s", "more than 0", "-3"],
    ),
    "an interruption without its moment": (
        "name: a\nsteps:\n  - interrupt: {say: x}\n",
        [":3:", "“after_ms” is missing"],
    ),
    "an expectation of nothing": (
        "name: a\nsteps:\n  - expect: {within_s: 3}\n",
        [":3:", "expects nothing"],
    ),
    "words of which there are none": (
        "name: a\nsteps:\n  - expect: {words: []}\n",
        [":3:", "step 1 (expect)", "words", "at least 1"],
    ),
    "a word that always holds": (
        "name: a\nsteps:\n  - expect:\n      words: [hello, '...']\n",
        [":4:", "step 1 (expect)", "“...” is no word"],
    ),
    "a pattern that always matches": (
        "name: a\nsteps:\n  - expect: {pattern: ''}\n",
        [":3:", "pattern", "at least 1"],
    ),
    "no answer that is not meant": (
        "name: a\nsteps:\n  - expect: {no_answer: false}\n",
        [":3:", "no_answer", "true"],
    ),
    "a hang-up that is not meant": (
        "name: a\nsteps:\n  - hang_up: false\n",
        [":3:", "hang_up", "true"],
    ),
    "a step without content": (
        "name: a\nsteps:\n  - say:\n",
        [":3:", "`say` needs a value"],
    ),
    "a name that is no file name": (
        "name: ../etc\nsteps: [hang_up]\n",
        [":1:", "name"],
    ),
    "no steps": ("name: a\nsteps: []\n", ["steps"]),
    "a wrong page action": (
        "name: a\npage:\n  start:\n    - klick: '#x'\nsteps: [hang_up]\n",
        [":4:", "klick", "did you mean “click”"],
    ),
    "no YAML": ("name: [\n", ["not YAML", "well-formed"]),
    "nothing": ("", ["an empty file"]),
    "a list": ("- a\n", ["not a scenario"]),
}


@pytest.mark.parametrize("mistake", MISTAKES)
def test_a_mistake_is_reported_where_it_is(mistake: str, tmp_path: Path) -> None:
    text, expected = MISTAKES[mistake]
    path = tmp_path / "bad.yaml"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(ScenarioError) as failed:
        load_scenario(path)
    assert failed.value.exit_code == 2
    assert "bad.yaml" in str(failed.value)
    for words in expected:
        assert words in str(failed.value)


WITH_VARIABLES = {
    "one that is not set": (
        "name: a\nsteps:\n  - say: x\n  - say: {text: 'I am ${NOBODY_SET_IT}'}\n",
        [":4:", "step 2 (say): say.text: the environment variable NOBODY_SET_IT is not set", "$${"],
    ),
    "one that is no name": (
        "name: a\ndescription: ${A-B}\nsteps: [hang_up]\n",
        [":2:", "description", "${A-B}", "${NAME}"],
    ),
    "one without quotes where YAML needs them": (
        "name: a\nsteps:\n  - say: {text: ${CVV}}\n",
        [":3:", "not YAML", 'needs quotes: "${NAME}"'],
    ),
    "a value that cannot be": (
        "name: a\nsteps:\n  - expect: {event: x}\n  - expect: {words: [a, '${CVV}']}\n",
        [":4:", "step 2 (expect)", "“${CVV}” is no word", "found:    '${CVV}'"],
    ),
    "a value within what cannot be": (
        "name: a\nsteps:\n  - expect: {tool: {name: a, argument: {a: '${CVV}'}}}\n",
        [":3:", "“argument” is not known"],
    ),
    "a name that is secret": (
        "name: ${FOLDER}\nsteps: [hang_up]\n",
        [":1:", "cannot be secret", "${FOLDER}", "public_variables"],
    ),
}


@pytest.mark.parametrize("mistake", WITH_VARIABLES)
def test_a_mistake_with_a_variable_names_it_and_never_its_value(
    mistake: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CVV", "!?~")
    monkeypatch.setenv("FOLDER", "zq-folder")
    text, expected = WITH_VARIABLES[mistake]
    (tmp_path / "bad.yaml").write_text(text, encoding="utf-8")
    with pytest.raises(ScenarioError) as failed:
        load_scenario(tmp_path / "bad.yaml")
    assert failed.value.exit_code == 2
    said = "".join(traceback.format_exception(failed.value))
    assert [words for words in expected if words not in said] == []
    assert "!?~" not in said
    assert "zq-folder" not in said


def test_variables_have_their_values_and_these_are_hidden(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PIN", "4711")
    monkeypatch.setenv("CITY", "Zqhausen")
    (tmp_path / "a.yaml").write_text(
        "name: ${CITY}\npublic_variables: [CITY]\n"
        "page: {http_credentials: {username: kim, password: written-1}}\n"
        "steps:\n  - say: {text: 'It is ${PIN} in ${CITY}, for $5.'}\n",
        encoding="utf-8",
    )
    loaded = load_scenario(tmp_path / "a.yaml")
    assert loaded.scenario.name == "Zqhausen"
    said = loaded.scenario.steps[0].say
    assert isinstance(said, Speech)
    assert said.text == "It is 4711 in Zqhausen, for $5."
    assert loaded.hidden.text("4711 Zqhausen written-1") == "••• Zqhausen •••"
    assert hidden_of_all([]) == hidden_of_all([]) == NOTHING
    assert "4711" not in repr(loaded.hidden)


def test_a_missing_file_offers_a_similar_one(tmp_path: Path) -> None:
    (tmp_path / "rover.yaml").write_text("")
    with pytest.raises(ScenarioError, match=r"did you mean .*rover\.yaml"):
        load_scenario(tmp_path / "rovr.yaml")


def test_a_file_that_cannot_be_read_is_not_offered_in_its_own_place(tmp_path: Path) -> None:
    (tmp_path / "a.yaml").write_bytes(b"\xff\xfe")
    with pytest.raises(ScenarioError, match="UTF-8") as failed:
        load_scenario(tmp_path / "a.yaml")
    assert "did you mean" not in str(failed.value)


def test_yes_and_no_are_words_that_can_be_said(tmp_path: Path) -> None:
    path = tmp_path / "a.yaml"
    path.write_text("name: a\nsteps:\n  - say: yes\n  - expect: {words: [no]}\n")
    said, expected = load_scenario(path).scenario.steps
    assert said.say == "yes"
    assert expected.expect is not None
    assert expected.expect.words == ["no"]


def test_hang_up_needs_no_value(tmp_path: Path) -> None:
    path = tmp_path / "a.yaml"
    for form in ("- hang_up", "- hang_up:", "- hang_up: {}", "- hang_up: true"):
        path.write_text(f"name: a\nsteps:\n  {form}\n")
        assert load_scenario(path).scenario.steps[0].kind == "hang_up"


@given(st.text(max_size=300))
def test_any_text_gives_a_scenario_or_a_scenario_error(
    tmp_path_factory: pytest.TempPathFactory, text: str
) -> None:
    path = tmp_path_factory.getbasetemp() / "any.yaml"
    path.write_bytes(text.encode("utf-8", errors="surrogatepass"))
    with pytest.raises(ScenarioError):
        load_scenario(path)


_JSON = st.recursive(
    st.none() | st.booleans() | st.integers(-5, 5) | st.text(max_size=5),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(
                ["say", "expect", "words", "interrupt", "after_ms", "wait", "mute", "x"]
            ),
            inner,
            max_size=3,
        )
    ),
    max_leaves=8,
)


@given(st.lists(_JSON, max_size=4))
def test_any_steps_load_or_are_refused_plainly(
    tmp_path_factory: pytest.TempPathFactory, steps: list[object]
) -> None:
    import yaml

    path = tmp_path_factory.getbasetemp() / "steps.yaml"
    path.write_text(yaml.safe_dump({"name": "a", "steps": steps}), encoding="utf-8")
    with contextlib.suppress(ScenarioError):  # and nothing else is raised
        load_scenario(path)
