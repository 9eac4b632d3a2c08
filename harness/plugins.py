"""Plug-ins: what somebody else has written, found by the name a user gave, "module:name"."""

from __future__ import annotations

import os
import pkgutil
import sys
from importlib.machinery import PathFinder
from typing import Any

WHERE = "beside the file that names it, in the working folder or on the Python path"


def load(reference: str, folder: str | None = None) -> Any:
    """What the name stands for, in the working folder or on the Python path.

    Args:
        reference: "module:name"; the name may have dots.
        folder: is looked into before these: that of the file which gives the name.

    Raises:
        ImportError, AttributeError, ValueError: there is no such thing; and whatever its module
            raises while it is imported.
    """
    if (here := os.getcwd()) not in sys.path:  # noqa: PTH109 - entries of sys.path are texts
        sys.path.insert(0, here)  # an installed command does not look where it is started
    if ":" not in reference:
        raise ValueError(f"“{reference}” is no module:name")
    if folder is not None:
        _look_first_in(folder, reference.partition(":")[0].partition(".")[0])
    try:
        return pkgutil.resolve_name(reference)
    except SystemExit as error:  # the program is not a module's to end
        raise ImportError(f"its import ended in SystemExit: {error}") from error


def _look_first_in(folder: str, module: str) -> None:
    """Nothing, where the folder has no such module.

    Raises:
        ImportError: another one of that name has been imported, and would be taken for it.
    """
    found = PathFinder.find_spec(module, [folder])
    if found is None:
        return
    imported = getattr(sys.modules.get(module), "__spec__", None)
    if found.origin and imported is not None and imported.origin != found.origin:
        raise ImportError(
            f"{imported.origin} has been imported as “{module}”, and {found.origin} has the same "
            "name: give it another one"
        )
    if sys.path[0] != folder:
        sys.path.insert(0, folder)
