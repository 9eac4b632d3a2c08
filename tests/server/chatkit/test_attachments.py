"""Attachments in two steps."""

from __future__ import annotations

import pytest

pytest.importorskip("chatkit", reason="NOT RUN: the extra “chatkit” is not installed")

from chatkit.types import AttachmentCreateParams

from harness.context.threads.database import AttachmentBounds, ThreadDatabase
from harness.context.threads.kept_threads import KeptThreads
from harness.server.chatkit.attachments import UPLOAD_WITHIN_S, KeptAttachments, NotAllowed
from harness.server.chatkit.visitor import Visitor

KIM = Visitor("kim", "http://127.0.0.1:8080", most_bytes=100)


async def test_a_picture_has_a_preview_and_its_token_is_never_shown() -> None:
    wanted = AttachmentCreateParams(name="a.png", size=3, mime_type="image/png")
    attachments = KeptAttachments(KeptThreads())
    made = await attachments.create_attachment(wanted, KIM)
    assert made.type == "image"
    assert made.upload_descriptor is not None
    assert str(made.upload_descriptor.url).startswith(
        f"http://127.0.0.1:8080/chatkit/attachments/{made.id}?token="
    )
    assert "metadata" not in made.model_dump(context={"exclude_metadata": True})
    other = AttachmentCreateParams(name="a.svg", size=3, mime_type="image/svg+xml")
    assert (await attachments.create_attachment(other, KIM)).type == "file"


@pytest.mark.parametrize(
    ("visitor", "size"), [(Visitor("kim", "http://a.test", may_upload=False), 1), (KIM, 101)]
)
async def test_what_a_session_does_not_allow_is_refused(visitor: Visitor, size: int) -> None:
    wanted = AttachmentCreateParams(name="a", size=size, mime_type="text/plain")
    with pytest.raises(NotAllowed):
        await KeptAttachments(KeptThreads()).create_attachment(wanted, visitor)


@pytest.mark.parametrize(
    ("of_a_user", "of_all"),
    [
        (AttachmentBounds(2, 1_000), AttachmentBounds(9, 1_000)),
        (AttachmentBounds(9, 149), AttachmentBounds(9, 1_000)),
        (AttachmentBounds(9, 1_000), AttachmentBounds(2, 1_000)),
        (AttachmentBounds(9, 1_000), AttachmentBounds(9, 149)),
    ],
)
async def test_there_is_a_bound_for_all_of_them_together(
    of_a_user: AttachmentBounds, of_all: AttachmentBounds
) -> None:
    threads, now_s = KeptThreads(), [1_000.0]
    attachments = KeptAttachments(threads, of_a_user, of_all, lambda: now_s[0])
    wanted = AttachmentCreateParams(name="a", size=50, mime_type="text/plain")
    first = await attachments.create_attachment(wanted, KIM)
    await attachments.create_attachment(wanted, KIM)
    with pytest.raises(NotAllowed, match="this user has 2 with 100 bytes"):
        await attachments.create_attachment(wanted, KIM)
    eve = Visitor("eve", KIM.base_url)
    if of_a_user.count == 2 or of_a_user.size == 149:
        await attachments.create_attachment(wanted, eve)
    else:
        with pytest.raises(NotAllowed, match="all have 2 with 100 bytes"):
            await attachments.create_attachment(wanted, eve)
    await threads.ask(ThreadDatabase.save_content, first.id, b"abc")
    now_s[0] += UPLOAD_WITHIN_S + 1
    await attachments.create_attachment(wanted, KIM)  # in the place of what never came
    assert await threads.ask(ThreadDatabase.attachment_use) == (2, 100)
    assert await threads.ask(ThreadDatabase.content, first.id) == b"abc"
