"""Errors of contexts: which rule one broke, or what is wrong with the file that keeps them.

All of them are `harness.errors.ContextError`; what is wrong in a definition's file is a
`harness.errors.ScenarioError`, as in any file that a user writes.
"""

from __future__ import annotations

import sqlite3
from pathlib import Path

from harness.errors import ContextError, HarnessError


class ContextNotFound(ContextError):
    """There is no such context, or it is somebody else's: nobody is told which."""


class ContextExists(ContextError):
    """A context of that name and owner is there already."""


class ContextLocked(ContextError):
    """The context is locked: it can be read, and nothing may be added."""


class ContextEnded(ContextError):
    """The context is closed: it can be read, and never changes again."""


class ContextExpired(ContextError):
    """The context's time is over."""


class ContextInUse(ContextError):
    """Another call has the context, and it allows one at a time."""


class ContextDamaged(ContextError):
    """What is kept of the context cannot be understood."""


class StoreBusy(ContextError):
    """Another program holds the file."""


class StoreFull(ContextError):
    """The disk, or the file, has no room."""


class StoreReadOnly(ContextError):
    """The file may be read and not written."""


class StoreClosed(ContextError):
    """It was used after our own side had closed it."""


class StoreUnreachable(ContextError):
    """The database's server does not answer, or lets us not in."""


class StoreNewer(ContextError):
    """A newer version of the harness wrote the file."""


class StoreDamaged(ContextError):
    """The file is no database, or one that is broken."""


class AttachmentError(ContextError):
    """A file cannot be attached: it is missing, too large, or not what it is said to be."""


class PictureError(AttachmentError):
    """A picture that is attached cannot be shown to a model."""


class PictureBroken(PictureError):
    """It is no picture, or a broken one."""


class PictureTooLarge(PictureError):
    """It has too many pixels to be decoded, or cannot be made as small as is needed."""


class KnowledgeError(ContextError):
    """What a context is to know from cannot be read, or its retriever fails."""


class ToolServerError(ContextError):
    """A context's tool server cannot be used."""


class ToolServerGone(ToolServerError):
    """The tool server cannot be started or reached, or it ended."""


class ToolServerSilent(ToolServerError):
    """The tool server gave no answer in time."""


class ToolServerFlood(ToolServerError):
    """The tool server sent more than a call can bear."""


class ToolServerInvalid(ToolServerError):
    """What the tool server sent is not what the protocol, or its own schema, says."""


class ReasonerError(ContextError):
    """A context's long work came to nothing."""


class ReasonerFailed(ReasonerError):
    """Whoever does the long work failed, or gave what no model can read."""


class ReasonerTooSlow(ReasonerError):
    """The long work took longer than it may."""


_KINDS: tuple[tuple[str, type[ContextError], str], ...] = (
    ("SQLITE_BUSY", StoreBusy, "end the other program, or try again when it is done"),
    ("SQLITE_LOCKED", StoreBusy, "end the other program, or try again when it is done"),
    ("SQLITE_FULL", StoreFull, "make room; what was kept before is whole"),
    ("SQLITE_READONLY", StoreReadOnly, "make the file and its folder writable, or name another"),
    ("SQLITE_PERM", StoreReadOnly, "make the file and its folder writable, or name another"),
    ("SQLITE_NOTADB", StoreDamaged, "name another file"),
    ("SQLITE_CORRUPT", StoreDamaged, "put back a copy of the file, or name another"),
)


def store_error(path: Path | None, error: sqlite3.Error) -> ContextError:
    """What a database's error means for the threads that are kept in it."""
    name = "the threads in memory" if path is None else str(path)
    code = getattr(error, "sqlite_errorname", None) or ""
    kind, hint = next(
        ((kind, hint) for start, kind, hint in _KINDS if code.startswith(start)),
        (ContextError, None),
    )
    return kind(
        f"The threads cannot be read or written: {name}.",
        expected="a file of threads that can be written, and is not held by another "
        "program for longer than 5 s",
        found=str(error),
        hint=hint,
    )


def in_one_line(error: HarnessError) -> str:
    """An error's message, with what was expected and found behind it."""
    facts = (("expected", error.expected), ("found", error.found))
    told = "; ".join(f"{name} {fact}" for name, fact in facts if fact)
    return f"{error.message} ({told})" if told else error.message
