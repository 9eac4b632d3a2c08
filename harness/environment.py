"""The harness's own environment variables, read in one place.

Their names begin with ``REALTIME_HARNESS_``, which is nobody else's. The older ``HARNESS_``, which
other tools use as well, keeps working where the longer name is not set.
"""

from __future__ import annotations

import os
from collections.abc import Mapping

PREFIX = "REALTIME_HARNESS_"
OLD_PREFIX = "HARNESS_"


def names_of(name: str) -> tuple[str, ...]:
    """The names under which a variable is looked for, the first that is set counts.

    Args:
        name: with the old prefix, as "HARNESS_CACHE", or somebody else's, which is its only name.
    """
    if not name.startswith(OLD_PREFIX):
        return (name,)
    return (PREFIX + name.removeprefix(OLD_PREFIX), name)


def variable(name: str, environ: Mapping[str, str] | None = None) -> str | None:
    """What a variable holds; None where it is set under none of its names, "" where it is empty.

    Args:
        name: see `names_of`.
        environ: the process's own where absent.
    """
    given = os.environ if environ is None else environ
    return next((given[each] for each in names_of(name) if each in given), None)


def is_debugging() -> bool:
    """Whether tracebacks are wanted."""
    return variable("HARNESS_DEBUG") not in (None, "", "0")
