"""A run: its folders, and what is refused before anything starts."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from harness.errors import ArtifactError, LaunchError, ScenarioError, UsageError
from harness.paths import StrPath
from harness.scenario.progress import NoProgress
from harness.scenario.run import run_scenarios


def write(folder: Path, text: str) -> Path:
    path = folder / "s.yaml"
    path.write_text(f"name: s\n{text}", encoding="utf-8")
    return path


async def test_a_folder_that_cannot_be_written_to_is_said_first(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(ArtifactError, match="Cannot write"):
        await run_scenarios([write(tmp_path, "steps: [hang_up]\n")], out=tmp_path / "file" / "out")


async def test_no_scenario_at_all_is_a_usage_error(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="No scenario"):
        await run_scenarios([], out=tmp_path)


class Somewhere:
    """A path of somebody else's."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def __fspath__(self) -> str:
        return str(self.path)


@pytest.mark.parametrize("given", [str, Path, Somewhere])
async def test_a_path_is_given_as_people_have_it(
    given: Callable[[Path], StrPath], tmp_path: Path
) -> None:
    silent = given(write(tmp_path, "steps: [{silence: 0.1}, hang_up]\n"))
    one = await run_scenarios(silent, out=given(tmp_path / "one"), engine="simulated")
    listed = await run_scenarios([silent], out=given(tmp_path / "listed"), engine="simulated")
    assert [done.scenarios[0].verdict for done in (one, listed)] == ["passed", "passed"]
    assert (tmp_path / "one" / "results.json").exists()
    assert (tmp_path / "listed" / "results.json").exists()


async def test_a_protocol_that_nobody_knows_is_refused_first(tmp_path: Path) -> None:
    named = write(
        tmp_path, "page: {url: 'http://localhost/', protocol: realtyme}\nsteps: [hang_up]\n"
    )
    with pytest.raises(UsageError, match=r"\.yaml:2: There is no such protocol"):
        await run_scenarios([named], out=tmp_path / "out")
    plain = write(tmp_path, "steps: [hang_up]\n")
    with pytest.raises(UsageError, match="no such protocol"):
        await run_scenarios([plain], out=tmp_path / "out", protocol="mine:Own")
    with pytest.raises(UsageError, match="names no connection"):
        await run_scenarios([plain], out=tmp_path / "out", agent="the second")
    with pytest.raises(UsageError, match="--agent"):
        await run_scenarios([plain], out=tmp_path / "o", agent="all", engine="simulated")


async def test_an_address_that_is_none_is_told_with_its_line(tmp_path: Path) -> None:
    path = write(tmp_path, "page: {url: 'localhost:3000'}\nsteps: [hang_up]\n")
    with pytest.raises(UsageError, match=r"\.yaml:2: This is no address of a page") as told:
        await run_scenarios([path], out=tmp_path / "out")
    assert "http://localhost:3000" in str(told.value)


async def test_a_redirect_needs_a_page_of_the_users(tmp_path: Path) -> None:
    path = write(tmp_path, "page: {redirect: openai}\nsteps: [hang_up]\n")
    with pytest.raises(UsageError, match="Nothing to redirect"):
        await run_scenarios([path], out=tmp_path / "out")


async def test_a_page_on_the_redirected_host_is_said_first(tmp_path: Path) -> None:
    path = write(tmp_path, "steps: [hang_up]\n")
    with pytest.raises(UsageError, match="The page itself"):
        await run_scenarios(
            [path],
            out=tmp_path / "out",
            page_url="http://localhost:3000/",
            redirect="http://localhost:3000/v1/",
        )


async def test_a_rule_that_cannot_be_names_its_place(tmp_path: Path) -> None:
    path = write(tmp_path, "page: {url: 'http://h/', redirect: opanai}\nsteps: [hang_up]\n")
    with pytest.raises(ScenarioError, match=r"(?s)s\.yaml.*redirect.*opanai"):
        await run_scenarios([path], out=tmp_path / "out")


async def test_a_program_to_start_needs_a_page_that_it_serves(tmp_path: Path) -> None:
    path = write(tmp_path, "steps: [hang_up]\n")
    with pytest.raises(UsageError, match="no page that it serves"):
        await run_scenarios([path], out=tmp_path / "out", backend=["npm", "start"])


class Told(NoProgress):
    def starting(self, text: str) -> None:
        raise AssertionError("something starts")


@pytest.mark.parametrize(
    ("redirect", "server_url", "said"),
    [
        ("openia", None, "did you mean openai"),
        ("openai", "https://voice.example.com/v1", "leads to this machine"),
        ("openai", "openai", "where it comes from"),
    ],
)
async def test_a_wrong_redirect_is_told_before_anything_starts(
    redirect: str, server_url: str | None, said: str, tmp_path: Path
) -> None:
    path = write(tmp_path, "page: {url: 'http://h/'}\nsteps: [hang_up]\n")
    with pytest.raises(UsageError, match=said) as caught:
        await run_scenarios(
            [path],
            out=tmp_path / "out",
            redirect=redirect,
            server_url=server_url,
            progress=Told(),
        )
    assert caught.value.exit_code == 2


async def test_a_redirect_of_the_scenario_is_held_against_the_server_that_was_given(
    tmp_path: Path,
) -> None:
    page = "page:\n  url: http://h/\n  redirect: [{from: 'http://127.0.0.1:9/v1/', to: server}]\n"
    path = write(tmp_path, page + "steps: [hang_up]\n")
    with pytest.raises(UsageError, match=r"s\.yaml:4: The redirect .* where it comes from"):
        await run_scenarios(
            [path], out=tmp_path / "out", server_url="http://127.0.0.1:9/v1", progress=Told()
        )


async def test_an_unknown_device_is_told_before_a_browser_starts(tmp_path: Path) -> None:
    path = write(tmp_path, "page:\n  url: http://h/\n  device: iphone13\nsteps: [hang_up]\n")
    with pytest.raises(ScenarioError, match=r"(?s)s\.yaml:4: .*did you mean iPhone 13"):
        await run_scenarios([path], out=tmp_path / "out", progress=Told())


async def test_a_sound_device_that_is_not_to_be_had_is_said_with_its_line(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    scenario = write(tmp_path, "page: {microphone: device}\nsteps: [hang_up]\n")
    with pytest.raises(LaunchError, match=r"s\.yaml:2: There is no sound device"):
        await run_scenarios([scenario], out=tmp_path / "out")
