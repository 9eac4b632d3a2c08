"""Buttons of a page as assistive technology finds them, also those in closed shadow roots."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

TREE = "Accessibility.getFullAXTree"


def button_names(tree: Mapping[str, Any]) -> list[str]:
    """Accessible names of the buttons that can be pressed, in the order of the document.

    Args:
        tree: what DevTools answers to `TREE`. What nobody can see is not in it, or is "ignored".
    """
    return [str(_value(node, "name") or "") for node in tree["nodes"] if _can_be_pressed(node)]


def _can_be_pressed(node: Mapping[str, Any]) -> bool:
    if node.get("ignored") or _value(node, "role") != "button":
        return False
    facts = {one["name"]: _value(one, "value") for one in node.get("properties", ())}
    return not facts.get("disabled")


def _value(of: Mapping[str, Any], name: str) -> Any:
    return of.get(name, {}).get("value")
