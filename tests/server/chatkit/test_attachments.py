"""Attachments in two steps."""

from __future__ import annotations

import pytest

pytest.importorskip("chatkit", reason="NOT RUN: the extra “chatkit” is not installed")

from chatkit.types import AttachmentCreateParams

from harness.server.chatkit.attachments import KeptAttachments, NotAllowed
from harness.server.chatkit.visitor import Visitor

KIM = Visitor("kim", "http://127.0.0.1:8080", most_bytes=100)


async def test_a_picture_has_a_preview_and_its_token_is_never_shown() -> None:
    wanted = AttachmentCreateParams(name="a.png", size=3, mime_type="image/png")
    made = await KeptAttachments().create_attachment(wanted, KIM)
    assert made.type == "image"
    assert made.upload_descriptor is not None
    assert str(made.upload_descriptor.url).startswith(
        f"http://127.0.0.1:8080/chatkit/attachments/{made.id}?token="
    )
    assert "metadata" not in made.model_dump(context={"exclude_metadata": True})
    other = AttachmentCreateParams(name="a.svg", size=3, mime_type="image/svg+xml")
    assert (await KeptAttachments().create_attachment(other, KIM)).type == "file"


@pytest.mark.parametrize(
    ("visitor", "size"), [(Visitor("kim", "http://a.test", may_upload=False), 1), (KIM, 101)]
)
async def test_what_a_session_does_not_allow_is_refused(visitor: Visitor, size: int) -> None:
    wanted = AttachmentCreateParams(name="a", size=size, mime_type="text/plain")
    with pytest.raises(NotAllowed):
        await KeptAttachments().create_attachment(wanted, visitor)
