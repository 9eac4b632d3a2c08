"""Pages that are in a call already: told by their peer connections, whoever holds them."""

from __future__ import annotations

from typing import Any

from harness.browser.calling import is_calling, is_in_a_call
from harness.browser.endpoint import address_of
from harness.browser.launch import Chromium


async def test_a_peer_connection_in_use_is_a_call(shared_chromium: Chromium) -> None:
    """One that is new or closed is none."""
    page = await shared_chromium.browser.new_page()
    devtools = shared_chromium.devtools
    session = await devtools.attach((await address_of(page)).target_id)
    documents: list[int] = []

    def receive(method: str, params: dict[str, Any]) -> None:
        is_new = method == "Runtime.executionContextCreated"
        if is_new and params["context"]["auxData"]["isDefault"]:  # no world of Playwright's own
            documents.append(params["context"]["id"])

    session.handler = receive
    await session.send("Runtime.enable")
    session.handler = None
    assert not await is_calling(session, documents[0])
    await page.evaluate("() => { (() => { globalThis.keep = new RTCPeerConnection(); })(); }")
    assert not await is_calling(session, documents[0])
    await page.evaluate(
        """async () => {
          const other = new RTCPeerConnection();
          globalThis.ended = () => { keep.close(); other.close(); };
          keep.onicecandidate = ({ candidate }) => candidate && other.addIceCandidate(candidate);
          other.onicecandidate = ({ candidate }) => candidate && keep.addIceCandidate(candidate);
          keep.createDataChannel("words");
          await keep.setLocalDescription();
          await other.setRemoteDescription(keep.localDescription);
          await other.setLocalDescription();
          await keep.setRemoteDescription(other.localDescription);
        }"""
    )
    await page.wait_for_function("keep.connectionState !== 'new'")
    assert await is_calling(session, documents[0])
    await page.evaluate("ended()")
    assert not await is_calling(session, documents[0])
    await page.close()


def test_the_error_says_the_way() -> None:
    assert "listen first" in str(is_in_a_call())
