"""The script that puts the probe into windows as they open."""

from __future__ import annotations

from harness.browser.early_probe import early_script
from harness.browser.launch import Chromium
from harness.browser.probe_link import connecting
from harness.browser.probe_settings import ProbeSettings


async def test_windows_of_a_page_with_the_probe_get_it_and_keep_what_it_says(
    shared_chromium: Chromium,
) -> None:
    """And no other document does: neither the page, nor a window of a page without it."""
    settings = ProbeSettings()
    way_out, told = settings.binding, connecting(settings.binding)
    context = await shared_chromium.browser.new_context()
    await context.add_init_script(early_script(settings))
    page = await context.new_page()
    await page.goto("about:blank")
    async with page.expect_popup() as opened:
        await page.evaluate("() => { window.open('about:blank'); }")
    assert await (await opened.value).evaluate(f"typeof globalThis['{told}']") == "undefined"
    await page.evaluate(
        "(key) => { Navigator.prototype.javaEnabled[key] = 'as if it were there'; }", settings.key
    )
    async with page.expect_popup() as opened:
        await page.evaluate("() => { window.open('about:blank'); }")
    window = await opened.value
    assert await window.evaluate(f"typeof globalThis['{told}']") == "function"
    assert await window.evaluate(f"typeof globalThis['{way_out}']") == "undefined"
    said = await window.evaluate(
        f"""() => {{
          const said = [];
          globalThis["{way_out}"] = (payload) => said.push(payload);
          globalThis["{told}"]();
          return [said, typeof globalThis["{told}"], typeof globalThis["{way_out}"]];
        }}"""
    )
    assert "page.loaded" in "".join(said[0])
    assert said[1:] == ["undefined", "undefined"]
    await context.close()
