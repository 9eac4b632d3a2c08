"""Files that knowledge comes from: text, Markdown, HTML, PDF."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path

from harness.context.errors import KnowledgeError
from harness.context.knowledge.chunks import markdown_of
from harness.errors import MissingExtra

MOST_BYTES = 20_000_000
"""Of one file."""

TEXTS = {".txt", ".md", ".markdown"}
PAGES = {".html", ".htm"}
PDF = ".pdf"
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
        text = path.read_text(encoding="utf-8", errors="replace")
    except OSError as error:
        raise KnowledgeError(f"Cannot read {path}.", found=error.strerror) from error
    return markdown_of(text) if kind in PAGES else text


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
