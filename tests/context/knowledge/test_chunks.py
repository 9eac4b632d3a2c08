"""Documents in pieces."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from harness.context.knowledge.chunks import MOST_WORDS, Chunk, chunks_of

MARKDOWN = """
Before any heading.

# Hours

## Week
Open from nine
to five.

Closed on Monday.
## Holidays

None.
"""


def test_a_chunk_knows_what_it_stands_under() -> None:
    assert list(chunks_of(MARKDOWN)) == [
        Chunk("", "Before any heading."),
        Chunk("Hours › Week", "Open from nine to five. Closed on Monday."),
        Chunk("Hours › Holidays", "None."),
    ]


def test_a_long_paragraph_is_cut_between_sentences_and_a_long_sentence_between_words() -> None:
    sentences = [f"{' '.join([f'word{n}'] * 50)}." for n in range(5)]
    chunks = list(chunks_of(" ".join(sentences)))
    assert [chunk.text for chunk in chunks] == sentences
    assert [len(chunk.text.split()) for chunk in chunks_of("so " * 250)] == [120, 120, 10]


@given(st.lists(st.text("ab .\n#", max_size=60), max_size=30))
def test_no_word_is_lost_and_no_chunk_is_too_long(lines: list[str]) -> None:
    text = "\n".join(lines)
    chunks = list(chunks_of(text))
    assert all(0 < len(chunk.text.split()) <= MOST_WORDS for chunk in chunks)
    said = " ".join(f"{chunk.heading} {chunk.text}" for chunk in chunks).split()
    shown = [line for line in text.split("\n") if not line.lstrip().startswith("#")]
    plain = [word for line in shown for word in line.split()]
    assert not set(plain) - set(said)


def test_a_heading_with_nothing_under_it_is_said_all_the_same() -> None:
    text = "# Prices\n## True a wheel: 24 euros\n## Tubes\nFive euros.\n# Closed on Monday\n"
    assert list(chunks_of(text)) == [
        Chunk("Prices", "True a wheel: 24 euros"),
        Chunk("Prices › Tubes", "Five euros."),
        Chunk("", "Closed on Monday"),
    ]


def test_headings_may_be_underlined() -> None:
    text = "Hours\n=====\n\nWeek\n----\nNine to five.\n\nTwo lines\nand a rule\n---\n"
    assert list(chunks_of(text)) == [
        Chunk("Hours › Week", "Nine to five. Two lines and a rule ---")
    ]


def test_a_comment_in_code_is_no_heading() -> None:
    text = "# Care\n~~~sh\n# no heading\n\n# nor this\n~~~\n## Oil\nOne drop."
    assert list(chunks_of(text)) == [
        Chunk("Care", "~~~sh # no heading # nor this ~~~"),
        Chunk("Care › Oil", "One drop."),
    ]
