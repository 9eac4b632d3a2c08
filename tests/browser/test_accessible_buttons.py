"""Names of buttons in DevTools' accessibility tree."""

from __future__ import annotations

from typing import Any

from harness.browser.accessible_buttons import button_names
from harness.browser.voice_page import VoicePage
from harness.engines.browser.probed_line import ProbedLine


def node(role: str, name: str | None, **more: Any) -> dict[str, Any]:
    named = {} if name is None else {"name": {"type": "computedString", "value": name}}
    return {"role": {"type": "role", "value": role}, "ignored": False, **named, **more}


def test_only_buttons_that_can_be_pressed_are_named() -> None:
    disabled = [{"name": "disabled", "value": {"type": "boolean", "value": True}}]
    nodes = [
        node("RootWebArea", "Reception"),
        node("button", "Call us"),
        node("button", "Hang up", properties=disabled),
        node("button", "Hidden", ignored=True),
        node("button", None),
        node("link", "Imprint"),
        {"nodeId": "7", "ignored": True},
    ]
    assert button_names({"nodes": nodes}) == ["Call us", ""]


PAGE = """<button>Start</button><button hidden>Never</button><button disabled>Later</button>
<input type=submit value=Send><div role=button aria-label="Call us">x</div><p id=host></p>
<script>host.attachShadow({ mode: "closed" }).innerHTML = "<button>Inside</button>"</script>"""


async def test_a_page_s_buttons_are_found_as_its_user_finds_them(voice_page: VoicePage) -> None:
    """Also in a closed shadow root, where no script and no selector gets."""
    await voice_page.page.route(
        "**/*", lambda route: route.fulfill(content_type="text/html", body=PAGE)
    )
    await voice_page.goto("http://localhost/")
    buttons = await ProbedLine(voice_page, "x").buttons()
    assert list(buttons) == ["Start", "Send", "Call us", "Inside"]
