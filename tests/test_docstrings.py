"""Docstrings: what a module is, and of which rate and shape its samples are."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
PACKAGE = ROOT / "harness"

QUESTION = re.compile(
    r"(?:Who|Whom|Whose|What|Where|How|When|Which|Why|Whether|Whatever|Whoever"
    r"|The one (?:\w+ )?that)\b"
)
"""A module's docstring that begins so hides its subject; a noun says it."""

SAMPLES = re.compile(r"(?:NDArray|ndarray)\[.*(?:float32|int16|Any)\b")
"""Arrays of other types are levels, energies and the like."""

RATE = re.compile(r"Hz\b|_hz\b|\brate\b")
FIXED_RATE = re.compile(r"\d kHz\b")
"""A type says a rate only where it has one of its own."""

SHAPE = re.compile(r"[Ss]hape \(|\bmono\b")
ENCODED = re.compile(r"(?:^|_)(?:pcm|pcm16|wav|flac|encoded)(?:_|$)|^(?:to|from)_(?:wav|flac)$")
"""Names of bytes that are audio, outside `harness.audio`."""

NOT_FOR_CALLERS = {"NotImplementedError", "typer.Exit"}
"""A method that must be overridden, and how a command ends."""

Function = ast.FunctionDef | ast.AsyncFunctionDef


@dataclass(frozen=True)
class Alias:
    """A name for an array type."""

    said: str
    """Its docstring."""
    holds: str
    """The type it stands for."""


@dataclass(frozen=True)
class Place:
    """A public function or attribute that takes or gives samples."""

    where: str
    """File, line and name."""
    said: str
    """Its docstring, and the names of its arguments."""
    typed: str
    """What its aliases say."""

    @property
    def says_rate(self) -> bool:
        return bool(RATE.search(self.said) or FIXED_RATE.search(self.typed))

    @property
    def says_shape(self) -> bool:
        return bool(SHAPE.search(self.said) or SHAPE.search(self.typed))


@cache
def tree_of(path: Path) -> ast.Module:
    return ast.parse(path.read_text(encoding="utf-8"))


def modules() -> list[Path]:
    return sorted(PACKAGE.rglob("*.py"))


def text_after(body: list[ast.stmt], index: int) -> str:
    """The docstring under an assignment; "" where there is none."""
    match body[index + 1 : index + 2]:
        case [ast.Expr(value=ast.Constant(value=str(text)))]:
            return text
    return ""


@cache
def array_aliases(path: Path) -> dict[str, Alias]:
    """Those that a module defines, or imports from another module of ours."""
    found: dict[str, Alias] = {}
    tree = tree_of(path)
    for index, node in enumerate(tree.body):
        match node:
            case ast.Assign(targets=[ast.Name(id=name)], value=ast.Subscript() as value):
                holds = ast.unparse(value)
            case ast.AnnAssign(target=ast.Name(id=name), value=ast.Subscript() as value):
                holds = ast.unparse(value)
            case ast.ImportFrom(module=str(module)) if module.startswith("harness."):
                found |= imported_aliases(node)
                continue
            case _:
                continue
        holds = "; ".join([holds, *(a.holds for n, a in found.items() if names(n, holds))])
        if SAMPLES.search(holds):
            found[name] = Alias(text_after(tree.body, index), holds)
    return found


def imported_aliases(node: ast.ImportFrom) -> dict[str, Alias]:
    source = ROOT / f"{(node.module or '').replace('.', '/')}.py"
    if not source.exists():
        return {}
    known = array_aliases(source)
    return {a.asname or a.name: known[a.name] for a in node.names if a.name in known}


def names(name: str, annotation: str) -> bool:
    return re.search(rf"\b{name}\b", annotation) is not None


def places(path: Path) -> Iterator[Place]:
    """All public places of a module where samples are taken or given."""
    yield from _places(path, tree_of(path).body, "", array_aliases(path))


def _places(
    path: Path, body: list[ast.stmt], owner: str, aliases: dict[str, Alias]
) -> Iterator[Place]:
    for index, node in enumerate(body):
        where = f"{path.relative_to(ROOT)}:{node.lineno} {owner}"
        match node:
            case ast.ClassDef(name=name) if not name.startswith("_"):
                yield from _places(path, node.body, f"{owner}{name}.", aliases)
            case ast.FunctionDef(name=name) | ast.AsyncFunctionDef(name=name):
                if is_public(name) and (typed := said_of_samples(path, node, aliases)) is not None:
                    said = " ".join([ast.get_docstring(node) or "", *argument_names(node)])
                    yield Place(where + name, said, typed)
            case ast.AnnAssign(target=ast.Name(id=name)) if owner and is_public(name):
                annotation = ast.unparse(node.annotation)
                if (typed := said_by_type(annotation, aliases)) is not None:
                    yield Place(where + name, text_after(body, index), typed)


def is_public(name: str) -> bool:
    return not name.startswith("_") or name == "__call__"


def said_by_type(annotation: str, aliases: dict[str, Alias]) -> str | None:
    """What a type itself says of its samples; None where it holds none."""
    used = [alias for name, alias in aliases.items() if names(name, annotation)]
    told = " ".join(alias.said for alias in used)
    if "no audio" in told or not (used or SAMPLES.search(annotation)):
        return None
    return told


def arguments(node: Function) -> list[ast.arg]:
    return [*node.args.posonlyargs, *node.args.args, *node.args.kwonlyargs]


def argument_names(node: Function) -> list[str]:
    return [argument.arg for argument in arguments(node)]


def said_of_samples(path: Path, node: Function, aliases: dict[str, Alias]) -> str | None:
    """What the types of a function say of its samples; None where it has none."""
    typed = [(a.arg, ast.unparse(a.annotation)) for a in arguments(node) if a.annotation]
    typed += [(node.name, ast.unparse(node.returns))] if node.returns is not None else []
    told = [said_by_type(annotation, aliases) for _, annotation in typed]
    if all(one is None for one in told) and not any(is_encoded(path, *one) for one in typed):
        return None
    return " ".join(one for one in told if one)


def is_encoded(path: Path, name: str, annotation: str) -> bool:
    """Bytes that are audio."""
    has_bytes = re.search(r"\bbytes\b", annotation) is not None
    return has_bytes and (path.parent.name == "audio" or ENCODED.search(name) is not None)


@cache
def all_places() -> list[Place]:
    return [place for path in modules() for place in places(path)]


@pytest.fixture(scope="module", autouse=True)
def forget_the_trees() -> Iterator[None]:
    """They are large, and nobody else reads them."""
    yield
    tree_of.cache_clear()


def test_samples_are_found() -> None:
    """So that the tests below cannot pass because nothing is looked at."""
    found = {place.where.split()[1] for place in all_places()}
    assert {
        "AudioClip.samples",
        "StreamResampler.process",
        "PeerListener.remote_audio",
        "PeerConnection.attach_microphone",
        "to_flac",
        "SpeechWorkers.speak",
    } <= found
    assert len(found) > 100


def test_samples_say_their_rate() -> None:
    """In the docstring, an argument's name, or the docstring of a type that has one rate."""
    silent = [place.where for place in all_places() if not place.says_rate]
    assert not silent, "of which rate the samples are is not said:\n" + "\n".join(silent)


def test_samples_say_their_shape() -> None:
    silent = [place.where for place in all_places() if not place.says_shape]
    assert not silent, "of which shape the samples are is not said:\n" + "\n".join(silent)


def test_samples_have_a_type_that_says_so() -> None:
    """So that no place is passed over because its samples are anything."""
    loose = [
        f"{path.relative_to(ROOT)}:{argument.lineno}"
        for path in modules()
        for argument in ast.walk(tree_of(path))
        if isinstance(argument, ast.arg) and argument.arg == "samples"
        if argument.annotation is None or ast.unparse(argument.annotation) in ("Any", "object")
    ]
    assert not loose


def test_no_module_begins_with_a_question() -> None:
    hidden = [
        f"{path.relative_to(ROOT)}: {said.splitlines()[0]}"
        for path in modules()
        if QUESTION.match(said := ast.get_docstring(tree_of(path)) or "")
    ]
    assert not hidden, "begin with the noun:\n" + "\n".join(hidden)


@pytest.mark.parametrize(
    ("source", "missing"),
    [
        ("def play(samples: Mono) -> None:\n    '''Play it, 24 kHz.'''", []),
        ("def play(samples: Mono) -> None:\n    '''Play it.'''", ["rate"]),
        ("def play(samples: Mono, rate_hz: int) -> None:\n    '''Play it.'''", []),
        ("def wav() -> bytes:\n    '''All of it, mono.'''", ["rate"]),
        ("class Clip:\n    heard: Mono | None\n    '''48 kHz.'''", []),
        ("class Clip:\n    heard: NDArray[np.int16]\n    '''48 kHz.'''", ["shape"]),
        ("class _Clip:\n    heard: Mono", []),
    ],
)
def test_what_counts_as_said(source: str, missing: list[str]) -> None:
    module = PACKAGE / "a_module_of_this_test.py"
    said = "Shape (frames,). Its rate is said where it is used."
    known = {"Mono": Alias(said, "NDArray[np.float32]")}
    found = list(_places(module, ast.parse(source).body, "", known))
    assert missing == (
        ["rate" for place in found if not place.says_rate]
        + ["shape" for place in found if not place.says_shape]
    )


def methods(path: Path) -> Iterator[tuple[ast.ClassDef, Function]]:
    """Public methods of all classes; setters and overloads are said by what they belong to."""
    for owner in ast.walk(tree_of(path)):
        if isinstance(owner, ast.ClassDef):
            for node in owner.body:
                if isinstance(node, Function) and not node.name.startswith("_"):
                    marks = {ast.unparse(mark).split(".")[-1] for mark in node.decorator_list}
                    if not marks & {"setter", "overload"}:
                        yield owner, node


def is_interface(owner: ast.ClassDef) -> bool:
    return any(ast.unparse(base).split("[")[0] == "Protocol" for base in owner.bases)


def test_every_public_method_has_a_docstring_or_an_interface_that_has() -> None:
    """What ruff's D102 cannot see: the docstring of a method stands where callers look for it."""
    every = [(path, *found) for path in modules() for found in methods(path)]
    told = {node.name for _, o, node in every if is_interface(o) and ast.get_docstring(node)}
    silent = [
        f"{path.relative_to(ROOT)}:{node.lineno} {owner.name}.{node.name}"
        for path, owner, node in every
        if not owner.name.startswith("_") and not ast.get_docstring(node)
        if is_interface(owner) or node.name not in told
    ]
    assert not silent, "without a docstring:\n" + "\n".join(silent)


def errors_raised(node: ast.AST) -> Iterator[str]:
    """Errors that a function itself names in a `raise`, as the code writes them."""
    for child in ast.iter_child_nodes(node):
        if isinstance(child, ast.Raise) and child.exc is not None:
            yield ast.unparse(child.exc)
        if not isinstance(child, Function | ast.Lambda | ast.ClassDef):
            yield from errors_raised(child)


def public_functions(path: Path) -> Iterator[tuple[str, Function]]:
    for node in tree_of(path).body:
        if isinstance(node, Function) and not node.name.startswith("_"):
            yield node.name, node
    for owner, node in methods(path):
        if not owner.name.startswith("_"):
            yield f"{owner.name}.{node.name}", node


def test_who_raises_says_so() -> None:
    """Of the functions that raise an error themselves; what they pass on, they may say."""
    silent = [
        f"{path.relative_to(ROOT)}:{node.lineno} {name}: {raised[0].splitlines()[0][:60]}"
        for path in modules()
        for name, node in public_functions(path)
        if (said := ast.get_docstring(node)) and "raise" not in said.casefold()
        if (raised := [e for e in errors_raised(node) if e.split("(")[0] not in NOT_FOR_CALLERS])
    ]
    assert not silent, "which errors are raised is not said:\n" + "\n".join(silent)
