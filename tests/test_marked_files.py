"""`pytest --marked MARK`: what is imported, and that no test is lost by it."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.support.marked_files import check_that_none_is_lost, holds_none

pytest_plugins = ["pytester"]

WANTED = {
    "browser": [
        "@pytest.mark.browser\ndef test_it(): ...",
        "pytestmark = [pytest.mark.browser, pytest.mark.realtime]",
        "def test_it(voice_page: VoicePage): ...",
        "async def test_it(\n    chromium,\n    tmp_path): ...",
        "@pytest.mark.usefixtures('shared_chromium')\ndef test_it(): ...",
    ],
    "realtime": ["pytest.param('aiortc', marks=pytest.mark.realtime)"],
    "alone": ["pytestmark = [pytest.mark.realtime, pytest.mark.alone]"],
}


@pytest.mark.parametrize(("mark", "text"), [(m, t) for m, texts in WANTED.items() for t in texts])
def test_a_file_that_tells_its_mark_is_wanted(mark: str, text: str, tmp_path: Path) -> None:
    path = tmp_path / "test_it.py"
    path.write_text(text, encoding="utf-8")
    assert not holds_none(path, mark)


def test_a_file_of_other_tests_is_passed_over(tmp_path: Path) -> None:
    path = tmp_path / "test_it.py"
    path.write_text("def test_a_page_of_a_browser(tmp_path): ...", encoding="utf-8")
    assert holds_none(path, "browser")
    assert holds_none(path, "realtime")
    assert not holds_none(path, None), "nobody asked for a mark"
    assert not holds_none(tmp_path / "conftest.py", "browser"), "its fixtures are wanted"


HIDDEN = """
import pytest
pytestmark = getattr(pytest.mark, {mark!r})
def test_it(): ...
"""


def test_a_file_that_hides_its_mark_is_found_out(pytester: pytest.Pytester) -> None:
    hidden = pytester.getitems(HIDDEN.format(mark="realtime"))
    with pytest.raises(pytest.UsageError, match=r"test_a_file_that_hides.*\.py: realtime"):
        check_that_none_is_lost(hidden)
