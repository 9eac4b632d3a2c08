"""Addresses as they may be shown: without what may be a secret in them."""

from __future__ import annotations

from urllib.parse import urlsplit


def shown(url: str) -> str:
    """Without user, password, query and fragment; what is no address stays as it is."""
    parts = urlsplit(url)
    if not parts.netloc:
        return url
    return f"{parts.scheme}://{parts.netloc.rsplit('@', 1)[-1]}{parts.path}"
