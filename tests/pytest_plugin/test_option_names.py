"""Options that a test misspells."""

from __future__ import annotations

import pytest

from harness.errors import UsageError
from harness.pytest_plugin.option_names import check_option_names, check_run_option_names
from tests.pytest_plugin.test_plugin import pytester, run  # noqa: F401 - a fixture

pytest_plugins = ["pytester"]


@pytest.mark.parametrize(
    ("name", "hint"),
    [
        ("protocols", "write `protocol`"),
        ("severs", "write `server`"),
        ("options", "by its names, such as `camera=False`"),
        ("engine", "`run_scenario` takes an engine"),
        ("colour", "by its names, such as `camera=False`"),
    ],
)
def test_an_option_that_is_none_is_told_with_the_one_that_was_meant(name: str, hint: str) -> None:
    with pytest.raises(UsageError, match=f"`a` has no option “{name}”") as raised:
        check_option_names("`a`", {"camera", name}, {"server"})
    assert hint in str(raised.value)


def test_an_option_of_a_run_that_is_none_is_told_with_the_one_that_was_meant() -> None:
    check_run_option_names({"native", "network"})
    with pytest.raises(UsageError, match="`run_scenario` has no option “nativ”") as raised:
        check_run_option_names({"nativ"})
    assert "write `native`" in str(raised.value)
    with pytest.raises(UsageError, match="stands in its file"):
        check_run_option_names({"voltage"})


def test_options_of_a_call_and_of_the_fixture_are_options() -> None:
    check_option_names("`a`", {"camera", "conversation", "server"}, {"server"})


def test_a_call_with_an_option_that_is_none_is_not_opened(
    pytester: pytest.Pytester,  # noqa: F811
) -> None:
    pytester.makepyfile(
        """
        async def test_it_calls(voice_call):
            await voice_call(headles=False)
        """
    )
    result = run(pytester)
    result.assert_outcomes(failed=1)
    result.stdout.fnmatch_lines(["*`voice_call` has no option “headles”*", "*write `headless`*"])
