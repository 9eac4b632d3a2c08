"""Pages that are in a call before anybody listens to them."""

from __future__ import annotations

from harness.browser.devtools import Session
from harness.errors import UsageError


async def is_calling(session: Session, document: int) -> bool:
    """Whether a document holds a peer connection that is in use."""
    prototype = await session.send(
        "Runtime.evaluate", expression="globalThis.RTCPeerConnection?.prototype", contextId=document
    )
    if "objectId" not in prototype["result"]:
        return False
    found = await session.send(
        "Runtime.queryObjects", prototypeObjectId=prototype["result"]["objectId"]
    )
    in_use = (
        "function() { return this.some((one) => "
        "!['new', 'closed', 'failed'].includes(one.connectionState)); }"
    )
    result = await session.send(
        "Runtime.callFunctionOn",
        objectId=found["objects"]["objectId"],
        functionDeclaration=in_use,
        returnByValue=True,
    )
    return bool(result["result"].get("value"))


def is_in_a_call() -> UsageError:
    """The error of a page that called before anybody listened."""
    return UsageError(
        "The page is in a call already, and what was said before nobody heard.",
        expected="a page that has not called yet",
        found="a peer connection that is in use",
        hint="listen first, then do what makes the page call; or reload the page while listening",
    )
