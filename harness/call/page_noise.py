"""Noise: what fails on many pages and nobody minds, such as icons, fonts, counters of visits.

Told in a failure to call it would hide what matters, so it stands in the trace alone.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from urllib.parse import urlsplit

UNHEARD = frozenset({"Font", "Image", "Manifest", "Ping", "CSPViolationReport",
                     "Stylesheet", "TextTrack", "Prefetch"})  # fmt: skip
"""DevTools' kinds of resources that no call comes up by."""

_ENDINGS = (".ico", ".woff", ".woff2", ".ttf", ".otf", ".png", ".jpg", ".jpeg", ".gif", ".svg",
            ".webp", ".avif", ".css", ".map", ".webmanifest")  # fmt: skip

_COUNTERS = (
    "google-analytics.com", "googletagmanager.com", "doubleclick.net", "googlesyndication.com",
    "segment.com", "segment.io", "mixpanel.com", "amplitude.com", "posthog.com", "plausible.io",
    "hotjar.com", "clarity.ms", "sentry.io", "datadoghq.com", "browser-intake-datadoghq.com",
    "nr-data.net", "fullstory.com", "heap.io", "heapanalytics.com", "intercom.io",
    "connect.facebook.net", "cloudflareinsights.com", "vercel-insights.com", "bugsnag.com",
    "logrocket.io", "matomo.cloud", "fonts.googleapis.com", "fonts.gstatic.com", "typekit.net",
)  # fmt: skip
"""Services that count visits, collect errors or give fonts; theirs are their subdomains, too."""


def is_noise(request: Mapping[str, Any]) -> bool:
    """Whether a request that failed says nothing about a call.

    Args:
        request: of a ``page.http_error`` or ``page.request_failed``: its ``url``, and ``resource``
            (DevTools' kind) where that is known.
    """
    if request.get("resource") in UNHEARD:
        return True
    try:
        parts = urlsplit(str(request.get("url", "")))
        host = (parts.hostname or "").rstrip(".")
    except ValueError:
        return False
    if parts.path.lower().endswith(_ENDINGS):
        return True
    return any(host == name or host.endswith(f".{name}") for name in _COUNTERS)


def is_console_noise(text: str) -> bool:
    """Whether a line of the console speaks of such things alone."""
    if text.startswith("Failed to load resource"):
        return True  # said of each answer that is noted with its address already
    words = text.lower()
    speaks_of = ("font", "favicon", "stylesheet", "source map", "sourcemap", "the image")
    refuses = ("refused to load", "failed to decode", "devtools failed to load", "violates the")
    if any(word in words for word in refuses):
        # A policy is quoted whole, and names the fonts and counters that it allows.
        refused = words.partition("violates the")[0]
        return any(word in refused for word in (*speaks_of, *_COUNTERS))
    return False
