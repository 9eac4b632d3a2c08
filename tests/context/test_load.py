"""Context files: what is in them, and what is wrong with them."""

from __future__ import annotations

from pathlib import Path

import pytest

from harness.all_mistakes import each_of
from harness.context.load import check_files, load_context
from harness.errors import ScenarioError
from tests.support.contexts import write_context


def test_a_file_is_read(tmp_path: Path) -> None:
    path = write_context(tmp_path, "name: shop\nowner: user\nstate: {city: Rome}\n")
    found = load_context(path)
    assert (found.definition.owner, found.definition.state) == ("user", {"city": "Rome"})
    assert found.folder == tmp_path


def test_every_mistake_is_told_by_its_line(tmp_path: Path) -> None:
    text = "name: shop\nownr: user\ntools:\n  - {colour: x}\nhistory_tokens: many\n"
    path = write_context(tmp_path, text)
    with pytest.raises(ScenarioError) as caught:
        load_context(path)
    told = [str(one).splitlines() for one in each_of(caught.value)]
    assert [lines[0] for lines in told] == [
        f"{path}:2: “ownr” is not known here.",
        f"{path}:4: “colour” is not known here.",
        f"{path}:5: history_tokens: Input should be a valid integer, unable to parse string as an "
        "integer.",
    ]
    assert "did you mean “owner”?" in told[0][-1]
    assert "expected: one of name, description, parameters, python" in told[1][1]
    assert told[2][1:] == ["  expected: a whole number", "  found:    'many'"]


@pytest.mark.parametrize(
    ("text", "line", "expected", "hint"),
    [
        ("tools: [book]\n", 2, "with name, description, parameters, python, long", None),
        ("knowledge: docs\n", 2, "with files, url, python", None),
        ("mcp:\n  small: {command: [a]}\n", 2, "a line with “- ” for each", None),
        ("mcp:\n  - {name: a, command: b c}\n", 3, "a line with “- ” for each", None),
        (
            "mcp:\n  - name: a\n    command: [b]\n    prompts:\n      - {name: c, argument: {}}\n",
            6,
            "one of name, arguments",
            "did you mean “arguments”?",
        ),
        ("mcp:\n  - {name: a, command: [b], within_s: 5 s}\n", 3, "a number", "number alone: 5"),
        ("description: 12\n", 2, "a text", 'write it in quotes: "12"'),
        ("history_tokens: -1\n", 2, "at least 0", None),
    ],
)
def test_what_should_stand_there_is_told(
    tmp_path: Path, text: str, line: int, expected: str, hint: str | None
) -> None:
    with pytest.raises(ScenarioError) as caught:
        load_context(write_context(tmp_path, f"name: shop\n{text}"))
    error = caught.value
    assert error.message.split(":")[1] == str(line)
    assert expected in (error.expected or "")
    assert (hint or "") in (error.hint or "")


@pytest.mark.parametrize("long", ["false", "often", "[a]"])
def test_long_is_true_or_says_who_does_it(tmp_path: Path, long: str) -> None:
    path = write_context(tmp_path, f"name: shop\ntools:\n  - {{name: a, long: {long}}}\n")
    with pytest.raises(ScenarioError, match=r":3: tools\.long: it is true, or"):
        load_context(path)


def test_files_to_know_from_are_beside_the_file(tmp_path: Path) -> None:
    path = write_context(tmp_path, "name: shop\nknowledge: {files: [menu.md, more]}\n")
    knowledge = load_context(path).definition.knowledge
    assert knowledge is not None
    assert knowledge.files == [str(tmp_path / "menu.md"), str(tmp_path / "more")]


@pytest.mark.parametrize(
    "wanted", ["tools:\n  - {python: desk_of_mine:find}", "knowledge: {python: desk_of_mine:find}"]
)
def test_python_is_looked_for_beside_the_file_or_where_it_says(tmp_path: Path, wanted: str) -> None:
    path = write_context(tmp_path, f"name: shop\n{wanted}\n")
    assert load_context(path).definition.folder == str(tmp_path)
    path = write_context(tmp_path, f"name: shop\nfolder: code\n{wanted}\n")
    assert load_context(path).definition.folder == str(tmp_path / "code")
    assert load_context(write_context(tmp_path, "name: shop\n")).definition.folder is None


def test_a_word_that_is_not_one_of_a_few_is_told_with_the_nearest(tmp_path: Path) -> None:
    with pytest.raises(ScenarioError, match="did you mean “user”") as caught:
        load_context(write_context(tmp_path, "name: shop\nowner: users\n"))
    assert "'application' or 'user'" in caught.value.message


def test_documents_that_are_not_there_are_told_by_their_lines(tmp_path: Path) -> None:
    (tmp_path / "papers").mkdir()
    text = "name: shop\nknowledge:\n  files:\n    - paper\n    - papers\n    - old.md\n"
    with pytest.raises(ScenarioError) as caught:
        check_files(load_context(write_context(tmp_path, text)))
    told = each_of(caught.value)
    assert [str(one).split(":")[1] for one in told] == ["4", "6"]
    assert [one.hint for one in told] == ["did you mean “papers”?", "name one that is there"]
    check_files(load_context(write_context(tmp_path, "name: shop\nknowledge: {files: [papers]}\n")))
    check_files(load_context(write_context(tmp_path, "name: shop\n")))


def test_long_work_runs_beside_the_file_and_its_mistakes_are_told(tmp_path: Path) -> None:
    text = "name: shop\ntools:\n  - {name: a, long: {command: [b], folder: c}}\n"
    (tool,) = load_context(write_context(tmp_path, text)).definition.tools
    assert tool.long_work is not None
    assert tool.long_work.folder == str(tmp_path / "c")
    with pytest.raises(ScenarioError, match="did you mean “replaces”") as caught:
        load_context(write_context(tmp_path, text.replace("folder", "replace")))
    assert ":3:" in str(caught.value)


def test_programs_run_beside_the_file_or_where_it_says(tmp_path: Path) -> None:
    text = "name: shop\nmcp:\n  - {name: a, command: [b]}\n  - {name: c, command: [d], folder: e}\n"
    found = load_context(write_context(tmp_path, text)).definition.mcp
    assert [one.folder for one in found] == [str(tmp_path), str(tmp_path / "e")]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("name: shop\nmcp:\n  - {name: a, urls: [b]}\n", ":3: “urls” is not known here"),
        ("name: shop\nmcp:\n  - {name: a, urls: [b]}\n", "did you mean “url”?"),
        ("name: shop\nmcp:\n  - {name: a, url: 'http://b/', env: [C]}\n", "are for a `command`"),
        ("name: shop\nmcp: [{name: a, command: [b]}, {name: a, command: [c]}]\n", "two tool serv"),
        ("name: shop\nknowledge: {}\n", "one of `files`, `url` and `python`"),
        ("name: shop\nknowledge: {files: [a], urls: b}\n", "did you mean “url”?"),
        ("", "this is not a context"),
        ("- shop\n", "a mapping with a name"),
        ("description: x\n", "“name” is missing"),
        ("name: shop\ntools:\n  - {description: x}\n", ":3: tools: a tool needs a `name`"),
    ],
)
def test_what_is_no_context_is_told(tmp_path: Path, text: str, said: str) -> None:
    with pytest.raises(ScenarioError) as caught:
        load_context(write_context(tmp_path, text))
    assert said in str(caught.value)


def test_a_file_that_is_not_there_is_told_with_the_nearest_one(tmp_path: Path) -> None:
    write_context(tmp_path)
    with pytest.raises(ScenarioError, match="did you mean"):
        load_context(tmp_path / "shp.yaml")
