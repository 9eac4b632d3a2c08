"""A text in sentences and words, each short enough to be spoken in one go."""

from __future__ import annotations

import re

MAX_SENTENCE_CHARS = 400
_SENTENCE = re.compile(
    r"""
    .+?                                      # as little as possible, up to
    (?: [.!?…]+ ["')\]»”’]* (?=\s|$) \s*     # a sentence mark before a blank,
      | [。！？]+ [」』）”]*                    # a full-width mark,
      | \n+ \s*                              # a new line,
      | $ )                                  # or the end
    """,
    re.DOTALL | re.VERBOSE,
)
_ABBREVIATION = re.compile(r"\b(?:mr|mrs|ms|dr|st|prof|vs|e\.g|i\.e)\.\s*$", re.IGNORECASE)
_WORD = re.compile(r"\S+\s*")


def split_sentences(text: str) -> list[str]:
    """The sentences of a text; joined they give the text back, stripped at its ends.

    Very long ones are split at a blank. A sentence always has something besides blanks.
    """
    sentences: list[str] = []
    for sentence in _SENTENCE.findall(text.strip()):
        if sentences and _ABBREVIATION.search(sentences[-1]):
            sentences[-1] += sentence
        else:
            sentences.append(sentence)
    pieces = [piece for sentence in sentences for piece in _short_pieces(sentence)]
    return [piece for piece in pieces if piece]


def split_words(text: str) -> list[str]:
    """Words with the blanks that follow them; joined they give the stripped text back."""
    words = _WORD.findall(text.strip())
    return [word for long in words for word in _cut(long, MAX_SENTENCE_CHARS)]


def _short_pieces(sentence: str) -> list[str]:
    pieces = [""]
    for word in _WORD.findall(sentence):
        for part in _cut(word, MAX_SENTENCE_CHARS):
            if len(pieces[-1]) + len(part) > MAX_SENTENCE_CHARS:
                pieces.append("")
            pieces[-1] += part
    return pieces


def _cut(text: str, length: int) -> list[str]:
    return [text[at : at + length] for at in range(0, len(text), length)]
