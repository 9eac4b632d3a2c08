"""The probe in windows that a page opens, before anybody has reached them.

Chromium holds such a window until the first of those who watch it lets it go, and that may be
Playwright: then the window's first script runs before our session is there. So Playwright itself
puts the probe in, which keeps what it has to say until our session asks for it.
"""

from __future__ import annotations

import json

from harness.browser.probe_link import connecting
from harness.browser.probe_settings import ProbeSettings

MOST_KEPT = 10_000
"""Payloads of a window that nobody comes for; what is more is not said."""

_OF_OURS = """if (!globalThis.opener) return;
try {
  if (globalThis.opener.Navigator.prototype.javaEnabled[KEY] === undefined) return;
} catch { /* of another origin */ }"""


def early_script(settings: ProbeSettings, *, every_window: bool = False) -> str:
    """A script for every new document of a context, which does something in some alone.

    Those are windows that were opened by one with the same probe in it, or by one that cannot be
    seen from there.

    Args:
        every_window: also those without an opener: all pages of the context are of one call.
    """
    of_ours = "" if every_window else _OF_OURS.replace("KEY", json.dumps(settings.key))
    names = {name: json.dumps(getattr(settings, name)) for name in ("binding", "key")}
    return f"""(() => {{
if (globalThis.parent !== globalThis) return;
{of_ours}
if (globalThis.Navigator.prototype.javaEnabled[{names["key"]}] !== undefined) return;
if (typeof globalThis[{names["binding"]}] !== "function") {{
  const kept = [];
  let out;
  globalThis[{names["binding"]}] = (payload) => {{
    if (out) out(payload);
    else if (kept.length < {MOST_KEPT}) kept.push(payload);
  }};
  Object.defineProperty(globalThis, {json.dumps(connecting(settings.binding))}, {{
    configurable: true,
    value: () => {{
      out = globalThis[{names["binding"]}];
      delete globalThis[{names["binding"]}];
      delete globalThis[{json.dumps(connecting(settings.binding))}];
      for (const payload of kept.splice(0)) out(payload);
    }},
  }});
}}
{settings.script()}
}})();"""
