"""What steps on the page need is seen before anything starts."""

from __future__ import annotations

from pathlib import Path

import pytest

from harness.errors import ScenarioError
from harness.scenario.load import load_scenario
from harness.scenario.page_needs import check_page_steps, forget_pictures, to_call
from harness.scenario.run import run_scenarios


def written(folder: Path, text: str) -> Path:
    path = folder / "s.yaml"
    path.write_text(f"name: s\n{text}", encoding="utf-8")
    return path


@pytest.mark.parametrize("engine", ["native", "simulated"])
async def test_an_engine_without_a_page_refuses_them_by_number(engine: str, tmp_path: Path) -> None:
    path = written(
        tmp_path,
        "steps:\n  - say: goforward\n  - click: '#a'\n  - expect: {page: {visible: '#a'}}\n"
        "  - device: {unplug: microphone}\n  - hang_up: {click: '#a'}\n",
    )
    with pytest.raises(ScenarioError) as caught:
        await run_scenarios([path], out=tmp_path / "out", engine=engine)
    assert caught.value.exit_code == 2
    assert str(caught.value).splitlines() == [
        f"{path}:4: step 2 (click), step 3 (expect), step 4 (device), "
        "step 5 (hang_up) need a page.",
        "  expected: an engine with a page",
        f"  found:    the {engine} engine, which calls the server itself",
        "  to do:    use --engine browser, or take these steps out",
    ]
    assert not (tmp_path / "out").exists()


def test_what_only_starts_a_page_is_let_be_without_one(tmp_path: Path) -> None:
    page = "page: {url: 'http://h/', login: [{click: '#in'}], start: [{click: '#a'}]}\n"
    loaded = load_scenario(written(tmp_path, page + "steps: [hang_up]\n"))
    check_page_steps(loaded, "native", None)


def test_our_own_page_has_no_login(tmp_path: Path) -> None:
    loaded = load_scenario(
        written(tmp_path, "page:\n  login: [{click: '#in'}]\nsteps: [hang_up]\n")
    )
    with pytest.raises(ScenarioError, match=r"s.yaml:3: there is no page to log in to"):
        check_page_steps(loaded, "browser", None)
    check_page_steps(loaded, "browser", "http://h/")


def test_files_to_upload_have_to_be_there(tmp_path: Path) -> None:
    path = written(tmp_path, "steps:\n  - hang_up\n  - upload: {css: input, files: [photo.png]}\n")
    loaded = load_scenario(path)
    with pytest.raises(ScenarioError, match=r"s.yaml:4: there is no such file to upload"):
        check_page_steps(loaded, "browser", None)
    (tmp_path / "photo.png").write_bytes(b"")
    check_page_steps(loaded, "browser", None)


def test_pictures_of_an_earlier_run_are_taken_away_and_nothing_else(tmp_path: Path) -> None:
    page = "page: {url: 'http://h/', login: [{click: '#in'}], start: [{screenshot: up}]}\n"
    loaded = load_scenario(written(tmp_path, page + "steps: [{screenshot: end}]\n"))
    out = tmp_path / "out"
    out.mkdir()
    old = ("up.png", "end.png", "end-2.png", "login-failed.png")
    others = ("end-of-day.png", "mine.png", "end.txt")
    for name in (*old, *others):
        (out / name).write_bytes(b"")
    forget_pictures(loaded, out)
    assert {path.name for path in out.iterdir()} == set(others)
    forget_pictures(loaded, tmp_path / "not-yet")


def test_snapshots_of_an_earlier_run_are_taken_away_where_there_are_to_be_some(
    tmp_path: Path,
) -> None:
    for wanted in (False, True):
        page = f"page: {{url: 'http://h/', snapshots: {str(wanted).lower()}}}\n"
        loaded = load_scenario(written(tmp_path, page + "steps: [{say: Hello}]\n"))
        out = tmp_path / f"out-{wanted}"
        out.mkdir()
        for name in ("element_muted.png", "element_muted-2.dom.txt", "element.png"):
            (out / name).write_bytes(b"")
        forget_pictures(loaded, out)
        assert len(list(out.iterdir())) == (1 if wanted else 3)


def test_a_step_that_may_have_been_meant_to_begin_the_call_is_named(tmp_path: Path) -> None:
    begins = "steps: [{click: {role: button, name: Talk to us}}, {say: Hello}]\n"
    told = to_call(load_scenario(written(tmp_path, begins)).scenario)
    assert "click the button “Talk to us”" in told
    assert "page: {start: […]}" in told
    speaks = "steps: [{say: Hello}, {click: '#book'}]\n"
    assert to_call(load_scenario(written(tmp_path, speaks)).scenario) == ""


def test_what_was_done_to_begin_the_call_is_named_and_may_have_come_too_early(
    tmp_path: Path,
) -> None:
    begins = "page: {start: [{click: {role: button, name: Talk}}]}\nsteps: [{say: Hello}]\n"
    told = to_call(load_scenario(written(tmp_path, begins)).scenario)
    assert told.startswith("“click the button “Talk”” was done, and no call followed")
    assert "`wait_for`" in told
