"""Join the ES modules of web/ into one classic script, without Node.

A script that runs before a page's own is a classic script, so modules have to be joined. Only a
strict subset is understood, and anything else is refused: ``import { a, b } from "./x.js";`` and
``export function|function*|class|const``, async or not. Each module keeps a scope of its own.
"""

from __future__ import annotations

import json
import re
from functools import lru_cache
from pathlib import Path
from typing import Any

from harness.errors import BrowserError
from harness.resources import web_dir

_IMPORT = re.compile(r'^import \{([^}]*)\} from "(\.[^"]+)";$', re.MULTILINE)
_EXPORT = re.compile(r"^export ((?:async )?function\*?|class|const) (\w+)", re.MULTILINE)
_FORBIDDEN = re.compile(r"^(import|export)\b.*$", re.MULTILINE)


KEPT = (
    "Array Error Float32Array Float64Array Int16Array Map Number Promise Proxy Set "
    "String Uint8Array WeakMap atob btoa encodeURIComponent structuredClone"
)
"""Globals of the language that the probe goes on using as they were before the page's scripts."""

COPIED = "JSON Math Object Reflect"
"""Globals that are only collections of functions: the probe has copies, whose functions stay."""

_COPY = """const $copy = ((create, describe) => (functions) => create(null, describe(functions)))(
globalThis.Object.create, globalThis.Object.getOwnPropertyDescriptors);"""


class BundleError(BrowserError):
    """A page module uses more of import and export than the bundler understands."""


def bundle(entry: Path) -> str:
    """One classic script of ``entry`` and everything it imports, dependencies first.

    The exports of ``entry`` are constants of the script's outermost scope.

    Raises:
        BundleError: an import or export outside the subset, a missing module, or a cycle.
    """
    order: list[Path] = []
    _visit(entry.resolve(), order, [])
    names = {path: f"$module{i}" for i, path in enumerate(order)}
    parts = [_wrap(path, names) for path in order]
    entry_exports = ", ".join(_exports(_read(entry.resolve())))
    parts.append(f"const {{ {entry_exports} }} = {names[entry.resolve()]};")
    return "\n".join(parts)


def probe_script(**options: Any) -> str:
    """The script that installs the probe in a page with these options (see web/probe/probe.js)."""
    options = {**options, "workletSource": worklet_script()}
    kept = f"const {{ {', '.join(KEPT.split())} }} = globalThis;"
    copies = "\n".join(f"const {name} = $copy(globalThis.{name});" for name in COPIED.split())
    install = f"installProbe(globalThis, {json.dumps(options)});"
    return f"(() => {{\n{_COPY}\n{kept}\n{copies}\n{_probe_modules()}\n{install}\n}})();"


@lru_cache(maxsize=1)
def _probe_modules() -> str:
    return bundle(web_dir() / "probe" / "probe.js")


@lru_cache(maxsize=1)
def worklet_script() -> str:
    """The script that registers every audio worklet processor."""
    worklets = sorted((web_dir() / "audio" / "worklets").glob("*.js"))
    return "\n".join(f"{{\n{bundle(path)}\n}}" for path in worklets)


@lru_cache(maxsize=1)
def chatkit_script() -> str:
    """The script that stands for ChatKit's own in a page (see web/chatkit/chatkit.js)."""
    modules = bundle(web_dir() / "chatkit" / "chatkit.js")
    return f"(() => {{\n{modules}\nstandIn(globalThis);\n}})();"


def _visit(path: Path, order: list[Path], trail: list[Path]) -> None:
    if path in order:
        return
    if path in trail:
        raise BundleError(
            "The page modules import each other in a circle.",
            expected="imports that end",
            found=" → ".join(step.name for step in [*trail, path]),
        )
    for _, target in _IMPORT.findall(_read(path)):
        _visit((path.parent / target).resolve(), order, [*trail, path])
    order.append(path)


def _read(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8")
    except OSError as error:
        raise BundleError(
            "A page module is missing.", expected=str(path), found=str(error.strerror)
        ) from error


def _wrap(path: Path, names: dict[Path, str]) -> str:
    source = _read(path)

    def link(match: re.Match[str]) -> str:
        bindings = match.group(1).replace(" as ", ": ")
        return f"const {{{bindings}}} = {names[(path.parent / match.group(2)).resolve()]};"

    exports = ", ".join(_exports(source))
    body = _EXPORT.sub(r"\1 \2", _IMPORT.sub(link, source))
    if refused := _FORBIDDEN.search(_outside_comments(body)):
        raise BundleError(
            f"{path.name} uses an import or export that the bundler does not know.",
            expected='import { a } from "./x.js"; or export function, class or const',
            found=refused.group(0),
        )
    return f"const {names[path]} = (() => {{\n{body}\nreturn {{ {exports} }};\n}})();"


def _exports(source: str) -> list[str]:
    return [name for _, name in _EXPORT.findall(source)]


def _outside_comments(source: str) -> str:
    return re.sub(r"/\*.*?\*/", "", source, flags=re.DOTALL)
