"""Files that knowledge comes from: text, Markdown, HTML, PDF."""

from __future__ import annotations

import codecs
import contextlib
import re
from collections.abc import Iterable, Iterator
from pathlib import Path

from harness.context.errors import KnowledgeError
from harness.context.knowledge.html_text import markdown_of
from harness.errors import MissingExtra

MOST_BYTES = 20_000_000
"""Of one file."""

TEXTS = {".txt", ".md", ".markdown"}
PAGES = {".html", ".htm"}
PDF = ".pdf"
CHARSET = re.compile(rb"<meta[^>]*\bcharset\s*=\s*[\"']?\s*([a-zA-Z0-9_-]+)", re.IGNORECASE)
FIRST_BYTES = 1024
"""Of a page: its encoding has to be said in them (WHATWG HTML, 4.2.5.4)."""

READ = (*sorted(TEXTS), *sorted(PAGES), PDF)


def files_in(paths: Iterable[Path]) -> Iterator[Path]:
    """The files themselves, and all that can be read in the folders, in order.

    Raises:
        KnowledgeError: one is not there.
    """
    for path in paths:
        if path.is_dir():
            yield from sorted(p for p in path.rglob("*") if p.suffix.lower() in READ)
        elif path.is_file():
            yield path
        else:
            raise KnowledgeError(
                f"There is no file or folder {path} to know from.",
                expected="what `knowledge: files` names, from the context's own folder",
            )


def text_of_file(path: Path) -> str:
    """What a file says, as Markdown.

    Raises:
        KnowledgeError: it cannot be read, is too large, or of a kind that is not read.
        MissingExtra: a PDF, without the optional part that reads them.
    """
    kind = path.suffix.lower()
    if kind not in READ:
        raise KnowledgeError(
            f"{path} cannot be read as knowledge.", expected=f"one of {', '.join(READ)}", found=kind
        )
    try:
        if path.stat().st_size > MOST_BYTES:
            raise KnowledgeError(
                f"{path} is too large to know from.",
                expected=f"at most {MOST_BYTES} bytes",
                found=f"{path.stat().st_size} bytes",
            )
        if kind == PDF:
            return _text_of_pdf(path)
        content = path.read_bytes()
    except OSError as error:
        raise KnowledgeError(f"Cannot read {path}.", found=error.strerror) from error
    is_page = kind in PAGES
    text = _decoded(content, is_page=is_page)
    return markdown_of(text) if is_page else text.replace("\r\n", "\n").replace("\r", "\n")


def _decoded(content: bytes, *, is_page: bool) -> str:
    """In the encoding that its first bytes, or a page's `<meta charset>`, say; else in UTF-8."""
    if content.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return content.decode("utf-16", errors="replace")
    said = CHARSET.search(content[:FIRST_BYTES]) if is_page else None
    name = said[1].decode("ascii").lower() if said is not None else "utf-8"
    if not name.startswith("utf") and not content.startswith(codecs.BOM_UTF8):
        with contextlib.suppress(LookupError, UnicodeError):
            return content.decode(name, errors="replace")
    return content.decode("utf-8-sig", errors="replace")


def _text_of_pdf(path: Path) -> str:
    try:
        import pypdf
    except ImportError as error:
        raise MissingExtra("pdf", "Knowledge from PDF files") from error
    try:
        return "\n\n".join(page.extract_text() for page in pypdf.PdfReader(path).pages)
    except (pypdf.errors.PyPdfError, ValueError, KeyError, TypeError) as error:
        raise KnowledgeError(
            f"{path} cannot be read as a PDF.", found=f"{type(error).__name__}: {error}"
        ) from error
