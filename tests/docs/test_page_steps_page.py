"""The page about steps on a page: its scenario is run, beside some that fail, each for its reason."""

from __future__ import annotations

import importlib.util
import json
import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest
from aiohttp import web

import harness
from harness.client.server_api import set_script
from harness.scenario.run import run_scenarios
from harness.server.process.launch import RunningServer

ROOT = Path(harness.__file__).parents[1]
DOCS = Path(harness.__file__).parent / "docs"
PAGE = (DOCS / "page-steps.md").read_text(encoding="utf-8")
DESK = ROOT / "fixtures" / "pages" / "counter-desk"
SCENARIOS = dict(re.findall(r"```yaml\n# (\w+)\.yaml\n(.*?)```", PAGE, re.DOTALL))
HEAD = SCENARIOS["counter"].partition("steps:\n")[0]


def desk_module() -> Any:
    spec = importlib.util.spec_from_file_location("desk", DESK / "desk.py")
    assert spec is not None and spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@asynccontextmanager
async def served(app: web.Application, port: int) -> AsyncIterator[str]:
    runner = web.AppRunner(app, shutdown_timeout=1)
    await runner.setup()
    try:
        await web.TCPSite(runner, "127.0.0.1", port).start()
        yield f"http://127.0.0.1:{port}/"
    finally:
        await runner.cleanup()


def written(folder: Path, name: str, text: str) -> Path:
    (folder / "voucher.txt").write_text("half a soup")
    path = folder / f"{name}.yaml"
    path.write_text(text.replace("name: counter", f"name: {name}"), encoding="utf-8")
    return path


STUCK = (
    HEAD.replace("3000/", "3000/#stuck").replace("name: counter\n", "name: counter\n")
    + """\
steps:
  - expect: {page: {visible: {role: button, name: Hang op}}, within_s: 0.3}
  - expect: {page: {visible: "#mood", text: {of: h1, is: Desk}, hidden: "#talk"}, within_s: 0.3}
  - expect: {page: {count: {of: .more, is: 3}, value: {of: .more, is: a}, within_s: 0.3}}
  - hang_up: {click: "#end", within_s: 1}
  - expect: {page: {url: "**/menu"}}
"""
)
WRONG = HEAD.replace("window-seat", "corner-seat") + "steps: [hang_up]\n"


@pytest.mark.browser
@pytest.mark.realtime
async def test_the_scenario_runs(
    tmp_path: Path, shared_server: RunningServer, unused_tcp_port: int
) -> None:
    desk = desk_module()
    await set_script(shared_server, desk.SCRIPT)
    app = desk.create_app(shared_server.url, shared_server.api_key)
    async with served(app, unused_tcp_port):
        paths = [
            written(tmp_path, name, text.replace(":3000", f":{unused_tcp_port}"))
            for name, text in (("counter", SCENARIOS["counter"]),)
        ]
        results = await run_scenarios(paths, out=tmp_path / "out")
    for one in results.scenarios:
        print(one.verdict, one.error)
        for e in one.expectations:
            print(e.step, e.kind, e.text, e.verdict, e.evidence)
    trace = (tmp_path / "out" / "counter" / "trace.jsonl").read_text()
    for line in trace.splitlines():
        if '"page.acted"' in line or '"step.' in line:
            print(line)
    print(results.scenarios[0].artifacts)
    assert results.scenarios[0].verdict == "passed"
