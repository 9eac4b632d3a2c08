"""Attachments in two steps: announced at the endpoint, then uploaded to an address of their own."""

from __future__ import annotations

import secrets

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

from harness.server.chatkit.visitor import Visitor

PATH = "/chatkit/attachments"
PICTURES = ("image/png", "image/jpeg", "image/gif", "image/webp")
"""Shown by pages; everything else is a file."""

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
    """

    async def create_attachment(
        self, input: AttachmentCreateParams, context: Visitor
    ) -> Attachment:
        """Announce an attachment.

        Raises:
            NotAllowed: no upload, or not of this size.
        """
        if not context.may_upload:
            raise NotAllowed("This session has no file upload.")
        if not 0 <= input.size <= context.most_bytes:
            raise NotAllowed(
                f"The file may have {context.most_bytes} bytes; this one has {input.size}."
            )
        token = secrets.token_urlsafe(24)
        attachment_id = f"atc_{secrets.token_hex(12)}"
        url = AnyUrl(f"{context.base_url}{PATH}/{attachment_id}?token={token}")
        upload = AttachmentUploadDescriptor(
            url=url, method="PUT", headers={"Content-Type": input.mime_type}
        )
        metadata = {"token": token, "size": input.size}
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
