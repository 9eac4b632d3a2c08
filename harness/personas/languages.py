"""Names of languages, as people write them, and their tags, as voices know them. Pure."""

from __future__ import annotations

import re

ENGLISH = "English"

NAMES = {
    "ar": "Arabic",
    "bg": "Bulgarian",
    "cs": "Czech",
    "da": "Danish",
    "de": "German",
    "el": "Greek",
    "en": ENGLISH,
    "es": "Spanish",
    "et": "Estonian",
    "fa": "Persian",
    "fi": "Finnish",
    "fr": "French",
    "he": "Hebrew",
    "hi": "Hindi",
    "hr": "Croatian",
    "hu": "Hungarian",
    "id": "Indonesian",
    "it": "Italian",
    "ja": "Japanese",
    "ko": "Korean",
    "lt": "Lithuanian",
    "lv": "Latvian",
    "nb": "Norwegian",
    "nl": "Dutch",
    "pl": "Polish",
    "pt": "Portuguese",
    "ro": "Romanian",
    "ru": "Russian",
    "sk": "Slovak",
    "sl": "Slovenian",
    "sr": "Serbian",
    "sv": "Swedish",
    "th": "Thai",
    "tr": "Turkish",
    "uk": "Ukrainian",
    "vi": "Vietnamese",
    "zh": "Chinese",
}
"""Tags of BCP 47 that are often asked for; any other tag may be written as it is."""

_TAG = re.compile(r"[a-z]{2,3}(-[A-Za-z0-9]+)*")
_TAGS = {name.casefold(): tag for tag, name in NAMES.items()}


def tag_of(language: str) -> str | None:
    """The tag of a language that is written as its name or as its tag; None: nobody knows it."""
    return language if _TAG.fullmatch(language) else _TAGS.get(language.strip().casefold())


def name_of(language: str) -> str:
    """How a model is told of it: a name, with a tag that says more: "Portuguese, pt-BR"."""
    name = NAMES.get(language.partition("-")[0])
    if name is None:
        return language
    return name if language in NAMES else f"{name}, {language}"
