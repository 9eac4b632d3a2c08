"""Plug-ins: what somebody else has written, found by the name a user gave, "module:name"."""

from __future__ import annotations

import os
import pkgutil
import sys
from typing import Any


def load(reference: str) -> Any:
    """What the name stands for, on the Python path or in the working folder.

    Args:
        reference: "module:name"; the name may have dots.

    Raises:
        ImportError, AttributeError, ValueError: there is no such thing; and whatever its module
            raises while it is imported.
    """
    if (here := os.getcwd()) not in sys.path:  # noqa: PTH109 - entries of sys.path are texts
        sys.path.insert(0, here)  # an installed command does not look where it is started
    if ":" not in reference:
        raise ValueError(f"“{reference}” is no module:name")
    return pkgutil.resolve_name(reference)
