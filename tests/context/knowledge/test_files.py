"""Files that knowledge comes from."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from harness.context.errors import KnowledgeError
from harness.context.knowledge.files import files_in, text_of_file
from harness.errors import MissingExtra


def test_folders_are_looked_through_and_files_taken(tmp_path: Path) -> None:
    for name in ("b.md", "a.txt", "c.png", "deep/d.html"):
        path = tmp_path / name
        path.parent.mkdir(exist_ok=True)
        path.write_text("x", encoding="utf-8")
    found = list(files_in([tmp_path, tmp_path / "c.png"]))
    assert [path.name for path in found] == ["a.txt", "b.md", "d.html", "c.png"]
    with pytest.raises(KnowledgeError, match=r"no .*none\.md"):
        list(files_in([tmp_path / "none.md"]))


def test_texts_are_read_as_they_are_and_pages_as_they_are_shown(tmp_path: Path) -> None:
    (tmp_path / "a.md").write_bytes(b"# \xc3\xbcber \xff")
    (tmp_path / "a.HTML").write_text("<h1>über</h1>", encoding="utf-8")
    assert text_of_file(tmp_path / "a.md") == "# über \ufffd"
    assert text_of_file(tmp_path / "a.HTML").strip() == "# über"


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("a.md", "\ufeff# über".encode()),
        ("a.txt", "# über".encode("utf-16")),
        ("a.html", "<meta charset=windows-1252><h1>über".encode("cp1252")),
        ("a.html", b"<meta content='text/html; charset=ISO-8859-1'><h1>\xfcber"),
        ("a.html", "<meta charset=utf-16><h1>über".encode()),
        ("a.html", "<meta charset=hex><h1>über".encode()),
        ("a.html", "\ufeff<meta charset=latin1><h1>über".encode()),
    ],
)
def test_a_file_may_say_its_encoding(tmp_path: Path, name: str, content: bytes) -> None:
    (tmp_path / name).write_bytes(content)
    assert text_of_file(tmp_path / name).strip() == "# über"


def test_lines_end_as_they_do_anywhere(tmp_path: Path) -> None:
    (tmp_path / "a.md").write_bytes(b"# One\r\n\r\ntwo\rthree")
    assert text_of_file(tmp_path / "a.md") == "# One\n\ntwo\nthree"


def test_what_cannot_be_read_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "a.png").write_bytes(b"x")
    with pytest.raises(KnowledgeError, match="cannot be read as knowledge"):
        text_of_file(tmp_path / "a.png")
    with pytest.raises(KnowledgeError, match="Cannot read"):
        text_of_file(tmp_path / "none.md")
    monkeypatch.setattr("harness.context.knowledge.files.MOST_BYTES", 3)
    (tmp_path / "a.md").write_text("long", encoding="utf-8")
    with pytest.raises(KnowledgeError, match="too large"):
        text_of_file(tmp_path / "a.md")


def test_a_pdf_needs_its_optional_part(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "a.pdf").write_bytes(b"%PDF-1.4 and nothing")
    monkeypatch.setitem(sys.modules, "pypdf", None)
    with pytest.raises(MissingExtra, match="pdf"):
        text_of_file(tmp_path / "a.pdf")


def test_a_pdf_is_read(tmp_path: Path) -> None:
    pytest.importorskip("pypdf", reason="the optional part “pdf” is not installed")
    (tmp_path / "bad.pdf").write_bytes(b"%PDF-1.4 and nothing")
    with pytest.raises(KnowledgeError, match="as a PDF"):
        text_of_file(tmp_path / "bad.pdf")
    (tmp_path / "menu.pdf").write_bytes(pdf_of("Soup of the day"))
    assert text_of_file(tmp_path / "menu.pdf").strip() == "Soup of the day"


def pdf_of(text: str) -> bytes:
    """A page with one line, written by hand."""
    drawn = f"BT /F1 24 Tf 100 700 Td ({text}) Tj ET".encode()
    objects = [
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 612 792] /Contents 4 0 R "
        b"/Resources << /Font << /F1 5 0 R >> >> >>",
        b"<< /Length %d >>\nstream\n%s\nendstream" % (len(drawn), drawn),
        b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>",
    ]
    body, places = b"%PDF-1.4\n", []
    for number, one in enumerate(objects, start=1):
        places.append(len(body))
        body += b"%d 0 obj\n%s\nendobj\n" % (number, one)
    table = b"".join(b"%010d 00000 n \n" % place for place in places)
    return body + (
        b"xref\n0 6\n0000000000 65535 f \n%strailer\n<< /Size 6 /Root 1 0 R >>\n"
        b"startxref\n%d\n%%%%EOF\n" % (table, len(body))
    )
