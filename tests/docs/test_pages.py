"""All pages together: links lead somewhere, paths and commands exist, the index is complete."""

from __future__ import annotations

import re
import shlex
from pathlib import Path

import click
import pytest
import typer

from harness.cli.app import app

ROOT = Path(__file__).parents[2]
DOCS = ROOT / "harness" / "docs"
PAGES = [ROOT / "README.md", *sorted(DOCS.glob("*.md"))]
LINK = re.compile(r"\]\(([^)\s]+)\)")
OWN_PATH = re.compile(r"`((?:harness|web|tests|fixtures|\.ci)/[\w./-]*)`")
BLOCK = re.compile(r"^```(\w*)\n(.*?)^```", re.MULTILINE | re.DOTALL)

each_page = pytest.mark.parametrize("document", PAGES, ids=lambda path: path.name)


def prose(path: Path) -> str:
    return BLOCK.sub("", path.read_text(encoding="utf-8"))


def anchors(path: Path) -> set[str]:
    """What the headings of a page are linked by."""
    headings = re.findall(r"^#+ (.+)$", prose(path), re.MULTILINE)
    kept = (re.sub(r"[^\w\- ]", "", heading.lower()) for heading in headings)
    return {heading.replace(" ", "-") for heading in kept}


def wrong_links(path: Path) -> list[str]:
    """Relative links of a page that lead nowhere."""
    wrong = []
    for link in LINK.findall(prose(path)):
        if re.match(r"[a-z]+:", link):
            continue
        file, _, anchor = link.partition("#")
        target = (path.parent / file) if file else path
        if not target.exists() or (anchor and anchor not in anchors(target)):
            wrong.append(link)
    return wrong


def commands(path: Path) -> list[list[str]]:
    """What the page says to type after `harness`, in its blocks."""
    lines = [
        line.strip().removeprefix("$ ")
        for language, block in BLOCK.findall(path.read_text(encoding="utf-8"))
        if language in ("sh", "console")
        for line in block.replace("\\\n", " ").splitlines()
    ]
    asked = [
        line.partition("harness ")[2] for line in lines if re.match(r"(\w+=\S* )*harness ", line)
    ]
    return [shlex.split(line, comments=True) for line in asked]


def program() -> dict[str, click.Command]:
    """The commands of `harness`, by name."""
    found: dict[str, click.Command] = getattr(typer.main.get_command(app), "commands", {})
    return found


def unknown_in(command: list[str]) -> list[str]:
    """The parts of a command line that the program does not have."""
    name, *arguments = command
    if "--" in arguments:
        arguments = arguments[: arguments.index("--")]  # what follows is a program of the user's
    found = program().get(name)
    if found is None:
        return [name]
    options = {option for param in found.params for option in (*param.opts, *param.secondary_opts)}
    given = [one.partition("=")[0] for one in arguments if one.startswith("-")]
    return [one for one in given if one not in options and one != "--help"]


@each_page
def test_links_lead_somewhere(document: Path) -> None:
    assert not wrong_links(document)


def test_a_link_that_leads_nowhere_is_found_out(tmp_path: Path) -> None:
    (tmp_path / "other.md").write_text("# A heading, with `code`\n", encoding="utf-8")
    written = tmp_path / "page.md"
    written.write_text(
        "[a](other.md) [b](other.md#a-heading-with-code) [c](none.md) [d](other.md#none)\n"
        "[e](https://example.org/none)\n```\n[f](in-code.md)\n```\n",
        encoding="utf-8",
    )
    assert wrong_links(written) == ["none.md", "other.md#none"]


@each_page
def test_files_that_a_page_names_are_there(document: Path) -> None:
    if document.name == "changes.md":
        return  # what is gone is named there
    named = OWN_PATH.findall(prose(document))
    assert not [path for path in named if not (ROOT / path).exists()]


@each_page
def test_command_lines_are_real(document: Path) -> None:
    wrong = {
        " ".join(command): unknown
        for command in commands(document)
        if (unknown := unknown_in(command))
    }
    assert not wrong


def test_a_command_line_that_is_not_real_is_found_out() -> None:
    assert unknown_in(["serve", "--assistant", "echo", "--shout"]) == ["--shout"]
    assert unknown_in(["sing"]) == ["sing"]
    assert unknown_in(["run", "a.yaml", "--", "npm", "start", "--loud"]) == []


def test_the_index_links_every_page_and_the_readme_links_the_index() -> None:
    linked = set(LINK.findall((DOCS / "index.md").read_text(encoding="utf-8")))
    assert {path.name for path in DOCS.glob("*.md")} - linked == {"index.md"}
    assert "harness/docs/index.md" in LINK.findall((ROOT / "README.md").read_text(encoding="utf-8"))


def test_the_table_of_commands_has_every_command() -> None:
    listed = re.findall(r"^\| `harness (\w+)", (DOCS / "command-line.md").read_text(), re.MULTILINE)
    assert sorted(listed) == sorted(name for name, one in program().items() if not one.hidden)
