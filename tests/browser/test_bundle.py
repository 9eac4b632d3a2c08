"""Joining page modules into one classic script."""

from __future__ import annotations

from pathlib import Path

import pytest

from harness.browser.bundle import BundleError, bundle, chatkit_script, probe_script, worklet_script


def write(folder: Path, **modules: str) -> Path:
    for name, text in modules.items():
        (folder / f"{name}.js").write_text(text, encoding="utf-8")
    return folder / "entry.js"


def test_dependencies_come_first_and_once(tmp_path: Path) -> None:
    """A module that two others import is in the script once, before both."""
    entry = write(
        tmp_path,
        entry='import { a } from "./a.js";\nimport { b } from "./b.js";\nexport const c = a + b;\n',
        a='import { base } from "./base.js";\nexport const a = base;\n',
        b='import { base } from "./base.js";\nexport const b = base;\n',
        base="export const base = 1;\n",
    )
    script = bundle(entry)
    assert script.count("const base = 1;") == 1
    assert script.index("const base = 1;") < script.index("const a = base;")
    assert "import" not in script
    assert "export" not in script


def test_names_may_be_changed_on_import(tmp_path: Path) -> None:
    """``a as b`` becomes a renaming destructuring."""
    entry = write(tmp_path, entry='import { a as b } from "./a.js";\n', a="export class a {}\n")
    assert "const { a: b } = $module0;" in bundle(entry)


@pytest.mark.parametrize(
    "line",
    [
        'import a from "./a.js";',
        'import * as a from "./a.js";',
        "export default 1;",
        "export { a };",
        'export * from "./a.js";',
    ],
)
def test_what_it_does_not_know_is_refused(tmp_path: Path, line: str) -> None:
    """Nothing is joined wrongly in silence."""
    with pytest.raises(BundleError) as refused:
        bundle(write(tmp_path, entry=f"{line}\n", a="export const a = 1;\n"))
    assert refused.value.found == line


def test_a_circle_is_refused(tmp_path: Path) -> None:
    """The message shows the way round."""
    entry = write(
        tmp_path,
        entry='import { a } from "./a.js";\n',
        a='import { b } from "./b.js";\nexport const a = 1;\n',
        b='import { a } from "./a.js";\nexport const b = 1;\n',
    )
    with pytest.raises(BundleError, match=r"entry\.js → a\.js → b\.js → a\.js"):
        bundle(entry)


def test_a_missing_module_is_named(tmp_path: Path) -> None:
    """With its path."""
    with pytest.raises(BundleError, match=r"gone\.js"):
        bundle(write(tmp_path, entry='import { a } from "./gone.js";\n'))


def test_the_probe_and_its_worklets_can_be_joined() -> None:
    """Every processor is registered, and the options are in the script."""
    worklets = worklet_script()
    for name in ("virtual-microphone", "listening"):
        assert f'registerProcessor("harness-{name}"' in worklets
    assert '"binding": "_abc"' in probe_script(binding="_abc")


def test_collections_of_functions_are_copied_for_the_probe() -> None:
    """What a page writes into `JSON` or `Math` later does not reach the copies."""
    script = probe_script(binding="_abc")
    for name in ("JSON", "Math", "Object", "Reflect"):
        assert f"const {name} = $copy(globalThis.{name});" in script


def test_generators_are_exported_too(tmp_path: Path) -> None:
    entry = write(
        tmp_path, entry="export async function* numbers() {}\nexport function* ones() {}\n"
    )
    script = bundle(entry)
    assert "return { numbers, ones };" in script
    assert "export" not in script


def test_the_script_that_stands_for_chatkits_can_be_joined() -> None:
    script = chatkit_script()
    assert "standIn(globalThis);" in script
    assert "class OpenAIChatKit" in script
