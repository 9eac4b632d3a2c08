"""What a page of HTML says."""

from __future__ import annotations

import pytest

from harness.context.knowledge.chunks import Chunk, chunks_of
from harness.context.knowledge.html_text import markdown_of


def shown(html: str) -> list[Chunk]:
    return list(chunks_of(markdown_of(html)))


def test_a_page_is_read_as_it_is_shown() -> None:
    html = (
        "<html><head><title>no</title></head><body><h1>Here &amp; there</h1><p>One <b>two</b>"
        "<br>three</p><script>no()</script><ul><li>four<li>five</ul></body></html>"
    )
    assert shown(html) == [Chunk("Here & there", "One two three four five")]


def test_end_tags_may_be_left_out() -> None:
    """Nothing after a `<head>` that nobody closes is lost: HTML does not ask for its end tag."""
    html = "<!doctype html><head><title>no</title><body><h1>Prices</h1><p>One<p>Two"
    assert shown(html) == [Chunk("Prices", "One Two")]


@pytest.mark.parametrize(
    "html",
    [
        "<p hidden>no</p>yes",
        "<p hidden>no<p>yes",
        "<div HIDDEN><div>no</div>no</div>yes",
        "<div style='color: red; Display: none'>no<br>no</div>yes",
        "<span style='visibility:hidden'>no</span>yes",
        "<ul><li hidden>no <b>no</b><li>yes</ul>",
        "<table><tr hidden><td>no<td>no<tr><td>yes</table>",
        "<h1 hidden>no</h1>yes",
        "<details hidden=until-found>yes</details>",
        "<head><noscript><p>no</p></noscript><body>yes",
        "<iframe><p>no</p></iframe><!-- no -->yes<noframes>no</noframes>",
        "<datalist><option>no<option>no</datalist>yes",
        "<p hidden>no<table><tr><td>no</table></p>yes",
        "<p style='display: block'>yes",
    ],
)
def test_what_a_page_hides_is_left_out(html: str) -> None:
    """Nobody has read it who let the page be indexed: words for the model hide there."""
    assert shown(html) == [Chunk("", "yes")]


def test_a_page_is_put_together_as_a_browser_does() -> None:
    """What stands in a table's wrong place comes before it, and `</b>` ends no paragraph."""
    html = "<table><tr><td>two</td></tr>one</table><p><b>three<p>four</b>five</p></p>six"
    assert shown(html) == [Chunk("", "one two three fourfive six")]


def test_a_page_may_be_nested_as_deep_as_it_likes() -> None:
    assert shown("<div>" * 5000 + "deep") == [Chunk("", "deep")]


def test_words_of_two_elements_stay_two() -> None:
    html = "<main>one</main><footer>two</footer><my-part>three</my-part>fo<i>ur</i>"
    assert shown(html) == [Chunk("", "one two three four")]


def test_a_heading_is_one_line() -> None:
    html = "<h2>Our <br>\n prices<div>now</div></h2>All five<h2>Bare<p>Not the heading"
    assert shown(html) == [Chunk("Our prices now", "All five"), Chunk("Bare", "Not the heading")]


def test_a_row_of_a_table_stays_together() -> None:
    html = "<table><tr><th>Work<th>Price<tr><td>Wheel<td>24&nbsp;euros</table>"
    assert markdown_of(html).split("\n\n")[-2:] == [" Wheel 24 euros", ""]
