"""The body of a request, for the trace: text alone, short, without what lets somebody in. Pure."""

from __future__ import annotations

import json
import re
from typing import Any
from urllib.parse import parse_qsl

from harness.redact import MASK, is_secret_name, shown_within

MOST_CHARS = 16_000
"""Of one body."""

FORM = "application/x-www-form-urlencoded"

_TEXTS = ("text/", "application/json", "application/sdp", "application/xml", FORM)
_HOLDER = re.compile(r"secret|token|credential", re.IGNORECASE)
"""Of the names of objects and lists whose texts are secrets: {"client_secret": {"value": "…"}}."""

_ENDS = " \t\r\n,;&\"'"


def is_text(mime: str) -> bool:
    """Whether a body of this type can be read by people."""
    kind = _kind(mime)
    return kind.startswith(_TEXTS) or kind.endswith(("+json", "+xml"))


def shown_body(text: str, mime: str) -> tuple[str, bool]:
    """A body as the trace has it, and whether that is not all of it.

    What stands under a name like "access_token" is masked, in JSON and in forms; of a form that
    people fill in, every value. Addresses lose what is behind their path.
    """
    kind = _kind(mime)
    if kind == FORM:
        text = "&".join(f"{name}={MASK}" for name, _ in parse_qsl(text, keep_blank_values=True))
    elif kind.endswith("json"):
        text = _json_without_secrets(text)
    if len(text) <= MOST_CHARS:
        return shown_within(text), False
    # A secret that is cut in the middle is not known as one: what is begun goes, too.
    end = max(text.rfind(sign, 0, MOST_CHARS) for sign in _ENDS)
    return shown_within(text[: max(0, end)]), True


def _kind(mime: str) -> str:
    return mime.partition(";")[0].strip().lower()


def _json_without_secrets(text: str) -> str:
    """JSON, also JSON in a text of it; what is none stays."""
    try:
        return json.dumps(_masked(json.loads(text)), ensure_ascii=False, separators=(",", ":"))
    except (ValueError, RecursionError):
        return text


def _masked(value: Any, name: str = "", within: str = "") -> Any:
    """A value without secrets.

    Args:
        value: of JSON.
        name: what it stands under; in a list, what the list stands under.
        within: what that stands under.
    """
    if isinstance(value, dict):
        return {inner: _masked(value[inner], inner, name) for inner in value}
    if isinstance(value, list):
        return [_masked(inner, name, within) for inner in value]
    if not isinstance(value, str) or (name == "code" and within == "error"):
        return value
    if is_secret_name(name) or _HOLDER.search(within):
        return MASK
    return _json_without_secrets(value) if value.startswith(("{", "[")) else value
