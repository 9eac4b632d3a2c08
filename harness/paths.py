"""The type of a path that somebody gives: text, or whatever the system takes for a path."""

from __future__ import annotations

import os

StrPath = str | os.PathLike[str]
"""`Path` is one of them; what is public takes any, and makes a `Path` of it where it comes in."""
