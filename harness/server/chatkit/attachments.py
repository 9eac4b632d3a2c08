"""Attachments in two steps: announced at the endpoint, then uploaded to an address of their own."""

from __future__ import annotations

import secrets
import time
from collections.abc import Callable

from chatkit.errors import ErrorCode, StreamError
from chatkit.store import AttachmentStore
from chatkit.types import (
    Attachment,
    AttachmentCreateParams,
    AttachmentUploadDescriptor,
    FileAttachment,
    ImageAttachment,
)
from pydantic import AnyUrl

from harness.context.attachments import MB, PATH, PICTURES
from harness.context.threads.database import AttachmentBounds, ThreadDatabase
from harness.context.threads.kept_threads import KeptThreads
from harness.server.chatkit.visitor import Visitor

OF_A_USER = AttachmentBounds(1_000, 256 * MB)
OF_ALL = AttachmentBounds(10_000, 1024 * MB)
"""How many there may be, and their bytes together, whether they have come or are announced."""

UPLOAD_WITHIN_S = 3_600.0
"""What was announced and has not come by then is forgotten."""

UPLOAD_REFUSED = ErrorCode.STREAM_ERROR


class NotAllowed(StreamError):
    """This session may not upload that."""

    def __init__(self, message: str) -> None:
        self.message = message
        super().__init__(UPLOAD_REFUSED, allow_retry=False)


class KeptAttachments(AttachmentStore[Visitor]):
    """Makes attachments whose upload is still to come.

    Whoever has an attachment's address can read it: the address holds a secret of its own, since
    an image's element sends no header.

    Args:
        threads: where they are kept.
        of_a_user, of_all: how many there may be.
        unix_now: the time of day, seconds of Unix.
    """

    def __init__(
        self,
        threads: KeptThreads,
        of_a_user: AttachmentBounds = OF_A_USER,
        of_all: AttachmentBounds = OF_ALL,
        unix_now: Callable[[], float] = time.time,
    ) -> None:
        self._threads, self._unix_now = threads, unix_now
        self._of_a_user, self._of_all = of_a_user, of_all

    async def create_attachment(
        self, input: AttachmentCreateParams, context: Visitor
    ) -> Attachment:
        """Announce an attachment.

        Raises:
            NotAllowed: no upload, not of this size, or there are too many already.
        """
        if not context.may_upload:
            raise NotAllowed("This session has no file upload.")
        if not 0 <= input.size <= context.most_bytes:
            raise NotAllowed(
                f"The file may have {context.most_bytes} bytes; this one has {input.size}."
            )
        attachment = self._new(input, context)
        row = attachment.model_dump(mode="json", by_alias=True, exclude_none=True)
        now_s = self._unix_now()
        await self._threads.ask(ThreadDatabase.forget_unsent, now_s - UPLOAD_WITHIN_S)
        # Kept here and now: two that come together are both counted.
        bounds = (self._of_a_user, self._of_all)
        if not await self._threads.ask(
            ThreadDatabase.announce_attachment, context.user, row, *bounds
        ):
            raise NotAllowed(await self._why_full(context, input.size))
        return attachment

    async def _why_full(self, context: Visitor, size: int) -> str:
        found = [
            f"{whose} {count} with {taken} bytes (at most {most.count} with {most.size})"
            for whose, user, most in (
                ("this user has", context.user, self._of_a_user),
                ("all have", None, self._of_all),
            )
            for count, taken in [await self._threads.ask(ThreadDatabase.attachment_use, user)]
        ]
        told = ", ".join(found)
        return f"There are too many attachments for one more of {size} bytes: {told}. Delete some."

    def _new(self, input: AttachmentCreateParams, context: Visitor) -> Attachment:
        token = secrets.token_urlsafe(24)
        attachment_id = f"atc_{secrets.token_hex(12)}"
        url = AnyUrl(f"{context.base_url}{PATH}/{attachment_id}?token={token}")
        upload = AttachmentUploadDescriptor(
            url=url, method="PUT", headers={"Content-Type": input.mime_type}
        )
        metadata = {"token": token, "size": input.size, "announced_at": self._unix_now()}
        if input.mime_type in PICTURES:
            return ImageAttachment(
                id=attachment_id,
                name=input.name,
                mime_type=input.mime_type,
                upload_descriptor=upload,
                metadata=metadata,
                preview_url=url,
            )
        return FileAttachment(
            id=attachment_id,
            name=input.name,
            mime_type=input.mime_type,
            upload_descriptor=upload,
            metadata=metadata,
        )

    async def delete_attachment(self, attachment_id: str, context: Visitor) -> None:
        """Nothing but the record, which the store deletes, is kept of it."""
