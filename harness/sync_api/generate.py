"""Source of the synchronous API: every public method of the asynchronous one, waited for.

`python -m harness.sync_api.generate` writes the modules `MODULES` anew; a test holds them against
this.
"""

from __future__ import annotations

import ast
import builtins
import copy
import importlib
import re
import subprocess
import sys
from collections.abc import Iterable, Iterator
from pathlib import Path

from harness.sync_api.originals import LEFT_OUT, MODULE_ITSELF, MODULES, WRAPPED, Source

HERE = Path(__file__).parent


def generated(name: str) -> str:
    """A module of `MODULES`, as ruff formats it."""
    module = MODULES[name]
    writer = _Writer()
    body = [
        *(writer.class_text(source) for source in module.classes),
        *(writer.block_text(source) for source in module.blocks),
        *(writer.function_text(source) for source in module.functions),
    ]
    head = f'''"""{module.subject}.

Written by `python -m harness.sync_api.generate`: do not edit.
"""

from __future__ import annotations
'''
    text = "\n".join([head, writer.imports(), "\n\n".join(body)])
    text = _ruff(text, name, "check", "--fix-only", "--select", "I,F401")
    return _ruff(text, name, "format")


def _ruff(text: str, name: str, *command: str) -> str:
    whole = [sys.executable, "-m", "ruff", *command, "--quiet"]
    path = str(HERE / f"{name}.py")
    return subprocess.run(
        [*whole, "--stdin-filename", path, "-"],
        input=text,
        capture_output=True,
        text=True,
        check=True,
    ).stdout


class _Writer:
    """Writes classes and functions, and remembers the names that their signatures need."""

    def __init__(self) -> None:
        self._typed: dict[str, str] = {}
        self._at_run_time: dict[str, str] = {}

    def imports(self) -> str:
        lines = ["from collections.abc import Iterator", "from contextlib import ExitStack",
                 "from types import TracebackType",
                 "from typing import TYPE_CHECKING, Any, cast, overload",
                 "from harness.blocks import SyncOnly, sync_block",
                 "from harness.sync_api.loop import Runner, running",
                 "from harness.sync_api.calls import AttachedCall, Call",
                 "from harness.sync_api.parts import CallContext, Commands, Microphone, Request",
                 "from harness.sync_api.pages import address_and_meanwhile",
                 "from harness.sync_api.reader import Reader"]  # fmt: skip
        lines += [_import(home, name) for name, home in self._at_run_time.items()]
        typed = sorted(
            set(self._typed)
            - set(self._at_run_time)
            - set(WRAPPED.values())
            - {"Page", "BrowserContext"}
        )
        lines += ["if TYPE_CHECKING:", "    from playwright.sync_api import BrowserContext, Page"]
        lines += [f"    {_import(self._typed[name], name)}" for name in typed]
        made = {line.split()[3] for line in lines if " as _" in line}
        for name, module in (("Call", "calls"), ("Request", "parts")):
            if name in made:  # this is the module that has it
                lines = [line for line in lines if f"sync_api.{module}" not in line]
        return "\n".join(lines) + "\n"

    # --- classes ----------------------------------------------------------------------------

    def class_text(self, source: Source) -> str:
        node = _find(source)
        assert isinstance(node, ast.ClassDef)
        is_block = any(item.name == "__aenter__" for item in _methods(node))
        made = f"_{source.name}"
        self._at_run_time[f"{source.name} as {made}"] = source.module
        bases = [one for one in (source.base, "SyncOnly" if is_block else "") if one]
        inherited = f"({', '.join(bases)})" if bases else ""
        lines = [f"class {source.name}{inherited}:"]
        lines += [_docstring(node, 4), ""]
        if is_block:
            lines += self._block_methods(source, node)
        else:
            lines += [f"    def __init__(self, wrapped: {made}, runner: Runner) -> None:"]
            lines += ["        super().__init__(wrapped, runner)"] if source.base else []
            lines += [f"        self._wrapped{': ' + made if source.base else ''} = wrapped"]
            lines += [] if source.base else ["        self._runner = runner"]
        methods = [
            (one.module, m) for one in (source, *source.inherits) for m in _methods(_find(one))
        ]
        overloaded = {method.name for _, method in methods if _is_marked(method, "overload")}
        for module, method in methods:
            if not method.name.startswith("_") and method.name not in source.hidden:
                lines += ["", self._method(module, method, method.name in overloaded)]
            elif method.name == "__await__":
                self._typed["Event"] = _home(module, "Event")
                lines += ["", *_WAIT]
        return "\n".join(lines) + "\n"

    def _block_methods(self, source: Source, node: ast.ClassDef) -> list[str]:
        init = next(item for item in _methods(node) if item.name == "__init__")
        signature = self._signature(source.module, init)
        return [
            f'    other = "harness.{source.name}"',
            "",
            f"    def __init__{signature} -> None:",
            f"        self._make = lambda: _{source.name}{_call_arguments(init)}",
            "        self._stack = ExitStack()",
            "",
            f"    def __enter__(self) -> {source.name}:",
            "        with ExitStack() as stack:",
            "            self._runner = stack.enter_context(running())",
            "            made = self._runner.read(self._make)",
            "            block = self._runner.within(made)",
            f"            self._wrapped: _{source.name} = stack.enter_context(block)",
            "            self._stack = stack.pop_all()",
            "        return self",
            "",
            "    def __exit__(",
            "        self,",
            "        kind: type[BaseException] | None,",
            "        error: BaseException | None,",
            "        traceback: TracebackType | None,",
            "    ) -> None:",
            "        self._stack.__exit__(kind, error, traceback)",
        ]

    def _method(
        self, module: str, node: ast.FunctionDef | ast.AsyncFunctionDef, has_overloads: bool
    ) -> str:
        returns, head = _returns(node)
        is_stream, wrapper = head in ("AsyncIterator", "EventReader"), WRAPPED.get(head)
        given = f"Reader[{returns[len(head) + 1 : -1]}]" if is_stream else wrapper or returns
        if wrapper is None:
            self._need(module, node.returns)
        signature = f"    def {node.name}{self._signature(module, node)} -> {given}:"
        if _is_marked(node, "overload"):
            return f"    @overload\n{signature} ..."
        is_property = _is_marked(node, "property")
        lines = ["    @property", signature] if is_property else [signature]
        # Overloads take one kind of argument each, and here both may come.
        wrapped = 'cast("Any", self._wrapped)' if has_overloads else "self._wrapped"
        call = f"{wrapped}.{node.name}" + ("" if is_property else _call_arguments(node))
        read = f"self._runner.read(lambda: {call})"
        if is_stream or wrapper is not None:
            body = f"return {wrapper or 'Reader'}({read}, self._runner)"
        else:
            is_async = isinstance(node, ast.AsyncFunctionDef)
            work = f"self._runner.run({call})" if is_async else read
            body = work if returns == "None" else f"return {work}"
        return "\n".join([*lines, _docstring(node, 8), f"        {body}"])

    # --- functions --------------------------------------------------------------------------

    def block_text(self, source: Source) -> str:
        node = _find(source)
        assert isinstance(node, ast.AsyncFunctionDef)
        made = f"_{source.name}"
        self._at_run_time[f"{source.name} as {made}"] = source.module
        value = ast.unparse(node.returns).partition("[")[2][:-1] if node.returns else "None"
        is_page = source.name == "listen"
        if value not in WRAPPED:
            self._need(source.module, node.returns)
        signature = self._signature(source.module, node)
        call = f"{made}{_call_arguments(node)}"
        lines = [f'@sync_block(other="harness.{source.name}")']
        given = f"{WRAPPED[value]}(wrapped, runner)" if value in WRAPPED else "wrapped"
        if is_page:
            signature = signature.replace(" | PageAddress", "")
            call = call.replace(f"{made}(page", f"{made}(address", 1)
        lines += [f"def {source.name}{signature} -> Iterator[{WRAPPED.get(value, value)}]:"]
        lines += [_docstring(node, 4)]
        taken = "running() as runner"
        if is_page:
            prepared = "address_and_meanwhile(page, options, network) as (address, meanwhile)"
            taken = f"{prepared}, running(meanwhile) as runner"
        lines += [f"    with {taken}, runner.within({call}) as wrapped:"]
        lines += [f"        yield {given}"]
        return "\n".join(lines) + "\n"

    def function_text(self, source: Source) -> str:
        node = _find(source)
        assert isinstance(node, ast.AsyncFunctionDef)
        self._at_run_time[f"{source.name} as _{source.name}"] = source.module
        self._need(source.module, node.returns)
        returns = ast.unparse(node.returns) if node.returns else "None"
        lines = [f"def {source.name}{self._signature(source.module, node)} -> {returns}:"]
        lines += [_docstring(node, 4), "    with running() as runner:"]
        lines += [f"        return runner.run(_{source.name}{_call_arguments(node)})"]
        return "\n".join(lines) + "\n"

    # --- names ------------------------------------------------------------------------------

    def _signature(self, module: str, node: ast.FunctionDef | ast.AsyncFunctionDef) -> str:
        arguments = node.args
        for argument in [*arguments.args, *arguments.kwonlyargs, arguments.vararg]:
            if argument is not None and argument.arg not in LEFT_OUT:
                self._need(module, argument.annotation)
        for default in [*arguments.defaults, *arguments.kw_defaults]:
            for name in _names(default):
                self._at_run_time[name] = _home(module, name)
        kept = copy.deepcopy(arguments)
        pairs = zip(arguments.kwonlyargs, arguments.kw_defaults, strict=True)
        left = [(one, default) for one, default in pairs if one.arg not in LEFT_OUT]
        kept.kwonlyargs, kept.kw_defaults = [a for a, _ in left], [d for _, d in left]
        return f"({ast.unparse(kept)})"

    def _need(self, module: str, annotation: ast.expr | None) -> None:
        for name in _names(annotation):
            if home := _home(module, name):
                self._typed[name] = home


_WAIT = (
    "    def wait(self) -> Event | None:",
    '        """The server\'s answer; None where there was nothing to do. A refusal is raised."""',
    "        return self._runner.run(self._wrapped)",
)


def _tree(module: str) -> ast.Module:
    file = importlib.import_module(module).__file__
    assert file is not None
    return ast.parse(Path(file).read_text(encoding="utf-8"))


def _find(source: Source) -> ast.ClassDef | ast.AsyncFunctionDef:
    for node in _tree(source.module).body:
        if isinstance(node, ast.ClassDef | ast.AsyncFunctionDef) and node.name == source.name:
            return node
    raise LookupError(f"{source.module} has no {source.name}")


def _methods(node: ast.AST) -> list[ast.FunctionDef | ast.AsyncFunctionDef]:
    body: Iterable[ast.stmt] = getattr(node, "body", ())
    return [item for item in body if isinstance(item, ast.FunctionDef | ast.AsyncFunctionDef)]


def _returns(node: ast.FunctionDef | ast.AsyncFunctionDef) -> tuple[str, str]:
    """What a method gives, and the class of that without its parameters."""
    returns = ast.unparse(node.returns) if node.returns else "None"
    return returns, returns.partition("[")[0]


def _is_marked(node: ast.FunctionDef | ast.AsyncFunctionDef, decorator: str) -> bool:
    return any(isinstance(d, ast.Name) and d.id == decorator for d in node.decorator_list)


def _docstring(node: ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef, indent: int) -> str:
    """The same words, with the examples as they are written here."""
    text = ast.get_docstring(node) or f"{node.name.replace('_', ' ').capitalize()}."
    for left_out in LEFT_OUT:
        text = re.sub(rf"\n    {left_out}: .*(?:\n     .*)*", "", text)
    for is_async, is_sync in _SPELLINGS:
        text = text.replace(is_async, is_sync)
    margin = " " * indent
    lines = f'"""{text}'.split("\n")
    whole = "\n".join(margin + line if line else "" for line in lines)
    return f'{whole}\n{margin}"""' if len(lines) > 1 else f'{whole}"""'


_SPELLINGS = (
    ("async with harness.", "with harness.sync_api."),
    ("async with ", "with "),
    ("async for ", "for "),
    ("await it for", "`wait` for"),
    ("Await it for", "`wait` for"),
    ("Awaiting gives", "Waiting gives"),
    ("Not awaited", "Not waited for"),
    ("await ", ""),
)


def _call_arguments(node: ast.FunctionDef | ast.AsyncFunctionDef) -> str:
    arguments = node.args
    given = [a.arg for a in arguments.args if a.arg != "self"]
    given += [f"*{arguments.vararg.arg}"] if arguments.vararg else []
    given += [f"{a.arg}={a.arg}" for a in arguments.kwonlyargs if a.arg not in LEFT_OUT]
    return f"({', '.join(given)})"


def _names(node: ast.AST | None) -> Iterator[str]:
    if node is None:
        return
    for part in ast.walk(node):
        if isinstance(part, ast.Name):
            yield part.id


def _import(home: str, name: str) -> str:
    return f"import {name}" if home == MODULE_ITSELF else f"from {home} import {name}"


def _home(module: str, name: str) -> str:
    """Where a name in a module comes from; "" for what needs no import, or is here already."""
    if name in ("Any", "Iterator", "EventReader", "AsyncIterator") or name in dir(builtins):
        return ""
    for node in ast.walk(_tree(module)):
        if isinstance(node, ast.Import) and name in {a.name for a in node.names}:
            return MODULE_ITSELF
        if isinstance(node, ast.ImportFrom) and name in {a.asname or a.name for a in node.names}:
            return node.module or ""
    return module


def main() -> None:
    """Write the modules."""
    for name in MODULES:
        (HERE / f"{name}.py").write_text(generated(name), encoding="utf-8")
        print(f"{name}.py: written", file=sys.stderr)


if __name__ == "__main__":
    main()
