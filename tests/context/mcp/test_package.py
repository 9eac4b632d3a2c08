"""Values of the official package as ours, within bounds."""

from __future__ import annotations

import sys

import pytest
from mcp_types import (
    BlobResourceContents,
    CallToolResult,
    ImageContent,
    ReadResourceResult,
    TextContent,
    TextResourceContents,
)

from harness.context.mcp.package import (
    import_package,
    text_of_resource,
    text_of_result,
    too_long_a_list,
    too_long_an_output,
)
from harness.errors import MissingExtra
from harness.realtime.server.validation.mcp_values import RemoteTool


def test_words_stay_and_all_else_is_json() -> None:
    picture = ImageContent(type="image", data="AAAA", mime_type="image/png")
    result = CallToolResult(content=[TextContent(type="text", text="Look:"), picture])
    words, other = text_of_result(result).split("\n")
    assert words == "Look:"
    assert '"mimeType":"image/png"' in other


def test_what_has_no_words_is_its_structure() -> None:
    assert text_of_result(CallToolResult(content=[], structured_content={"a": "ä"})) == '{"a": "ä"}'


def test_lists_and_outputs_have_bounds() -> None:
    assert too_long_a_list([RemoteTool("a")]) is None
    assert "501 tools" in (too_long_a_list([RemoteTool("a")] * 501) or "")
    assert "too long" in (too_long_a_list([RemoteTool("a", "x" * 120_000)]) or "")
    assert too_long_an_output("x" * 47_000) is None
    assert "at most 48000" in (too_long_an_output("x" * 48_000) or "")


def test_of_a_resource_the_text_is_read() -> None:
    text = TextResourceContents(uri="a:b", text="Hello.")
    picture = BlobResourceContents(uri="a:c", blob="AAAA", mime_type="image/png")
    assert text_of_resource(ReadResourceResult(contents=[text, picture])) == "Hello.\n[image/png]"


def test_without_the_package_the_extra_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "mcp.client.streamable_http", None)
    with pytest.raises(MissingExtra, match=r"realtime-harness\[mcp\]"):
        import_package()
