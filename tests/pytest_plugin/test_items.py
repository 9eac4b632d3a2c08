"""Markers and backends of others, on items made by hand."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any, cast

import pytest

from harness.pytest_plugin.items import (
    fixtures,
    keep_to_asyncio,
    leaves_us_the_loop,
    ours,
    refuse_unrun_coroutine,
    skip_other_browsers,
)


def item(*names: str, **more: Any) -> pytest.Item:
    marks = {name: getattr(pytest.mark, name)(value).mark for name, value in more.pop("marks", ())}
    made = SimpleNamespace(fixturenames=[*names], get_closest_marker=marks.get, **more)
    return cast("pytest.Item", made)


@pytest.mark.parametrize("backend", ["asyncio", ("asyncio", {"use_uvloop": True})])
def test_a_test_of_anyio_s_loses_its_own_loop(backend: Any) -> None:
    one = item(
        "anyio_backend", "voice_call", callspec=SimpleNamespace(params={"anyio_backend": backend})
    )
    keep_to_asyncio(one)
    keep_to_asyncio(one)
    assert fixtures(one) == ["voice_call"]


@pytest.mark.parametrize("backend", ["trio", ("trio", {})])
def test_its_run_on_trio_is_left_out(backend: Any) -> None:
    one = item("voice_call", callspec=SimpleNamespace(params={"anyio_backend": backend}))
    with pytest.raises(pytest.skip.Exception, match="on trio"):
        keep_to_asyncio(one)


@pytest.mark.parametrize("mark", [("only_browser", "webkit"), ("skip_browser", "chromium")])
def test_calls_are_in_chromium_alone(mark: tuple[str, str]) -> None:
    with pytest.raises(pytest.skip.Exception, match="in chromium"):
        skip_other_browsers(item(marks=[mark]))
    skip_other_browsers(item("browser_name", marks=[mark]))


@pytest.mark.parametrize("mark", [("only_browser", "chromium"), ("skip_browser", "firefox")])
def test_a_test_for_chromium_is_run(mark: tuple[str, str]) -> None:
    skip_other_browsers(item(marks=[mark]))


def test_an_item_of_another_kind_has_no_fixtures_of_ours() -> None:
    assert ours(item()) == set()


def test_a_coroutine_that_nobody_would_run_is_told_which_fixture_is_for_it() -> None:
    async def test_it_rings(voice: object) -> None: ...

    one = item("voice", function=test_it_rings, name="test_it_rings")
    with pytest.raises(pytest.fail.Exception, match=r"async with async_voice\.listen"):
        refuse_unrun_coroutine(one)
    refuse_unrun_coroutine(item("voice", function=test_it_rings, marks=[("anyio", True)]))
    refuse_unrun_coroutine(item("voice", function=lambda voice: None))


def test_a_bare_marker_leaves_the_loop_of_a_call_to_us() -> None:
    bare, own = pytest.mark.asyncio.mark, pytest.mark.asyncio(loop_scope="module").mark
    for names, mark, ours_to_say in [
        (["voice_call"], None, True),
        (["voice_call"], bare, True),
        (["voice_call"], own, False),
        (["run_scenario"], bare, False),
    ]:
        one: Any = SimpleNamespace(fixturenames=names, get_closest_marker={"asyncio": mark}.get)
        assert leaves_us_the_loop(one) is ours_to_say
