"""Steps on a page as plain data: which there are, and what each is about, in words."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from harness.engines.browser.targets import has_target, read_target
from harness.errors import UsageError

WITHIN_S = 5.0
"""For a step that does not say."""

PICTURE = "login-failed"
"""Of the page where a login failed; a file of the run that did it."""

KINDS = ("click", "fill", "press", "select", "check", "uncheck", "upload", "goto", "wait_for",
         "screenshot", "evaluate")  # fmt: skip

_SHORT = {"press": "key", "goto": "url", "screenshot": "name", "evaluate": "js"}
"""What a step that is a text means by it; the others are selectors."""


def read_act(step: Mapping[str, Any]) -> tuple[str, Mapping[str, Any], float]:
    """Kind, content and seconds of a step, as {"click": "#start", "within_s": 3}.

    Raises:
        UsageError: no such step.
    """
    kinds = [kind for kind in step if kind != "within_s"]
    if len(kinds) != 1 or kinds[0] not in KINDS:
        raise UsageError(
            "This is no step on a page.",
            expected=f"a mapping with one of {', '.join(KINDS)}",
            found=repr(dict(step)),
        )
    [kind] = kinds
    content = step[kind]
    if isinstance(content, str):
        content = {_SHORT.get(kind, "css"): content}
    return kind, content, float(step.get("within_s") or WITHIN_S)


def what_of(kind: str, content: Mapping[str, Any]) -> str:
    """What a step is about, in words; never what is typed."""
    parts = ("key", "url", "name", "js") if kind == "screenshot" else ("key", "url", "js")
    words = [str(content[part]) for part in parts if part in content]
    if has_target(content):
        words.append(str(read_target(content)))
    return " in ".join(words)
