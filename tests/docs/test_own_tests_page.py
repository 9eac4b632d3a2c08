"""The page about tests of one's own: what it prints is run as it stands there."""

from __future__ import annotations

import asyncio
import inspect
import os
import re
import shutil
import sys
import textwrap
from asyncio.subprocess import PIPE, STDOUT
from pathlib import Path

import pytest

import harness
from harness import sync_api

PAGE = Path(harness.__file__).parent / "docs" / "own-tests.md"
ROOT = PAGE.parents[2]
SUITE = ROOT / "fixtures" / "examples" / "own-suite"
TEXT = PAGE.read_text(encoding="utf-8")
BLOCKS = re.findall(r"```python\n(.*?)```", TEXT, re.DOTALL)
FRAGMENTS = [block for block in BLOCKS if block.startswith("with voice.listen(")]
PROGRAMS = [block for block in BLOCKS if "sync_playwright()" in block]
IN_THE_SUITE = [block for block in BLOCKS if (block.strip() + "\n") in
                {path.read_text(encoding="utf-8") for path in SUITE.glob("*.py")}]  # fmt: skip
WITHIN_S = 120

BEFORE = """
from pages import LoginPage


def open_and_log_in(context, site):
    page = context.new_page()
    LoginPage(page, site).login("kim", "tables")
    return page


HOSTED = '''<button>Call us</button><script>
document.querySelector("button").onclick = async () => {
  const peer = new RTCPeerConnection();
  const { 0: track } = (await navigator.mediaDevices.getUserMedia({ audio: true })).getTracks();
  peer.addTrack(track);
  peer.createDataChannel("oai-events");
  await peer.setLocalDescription();
  const headers = { Authorization: "Bearer ek_somebody_s_own", "Content-Type": "application/sdp" };
  const url = "https://api.openai.com/v1/realtime/calls";
  const answer = await fetch(url, { method: "POST", body: peer.localDescription.sdp, headers });
  await peer.setRemoteDescription({ type: "answer", sdp: await answer.text() });
};
</script>'''


def serve_hosted(page, site):
    page.route("**/hosted", lambda route: route.fulfill(body=HOSTED, content_type="text/html"))
    page.goto(site + "hosted")
"""


async def run(folder: Path, *command: str) -> str:
    """What Python prints there, as after an installation; it has to end well."""
    path = os.pathsep.join(filter(None, [str(ROOT), os.environ.get("PYTHONPATH", "")]))
    unset = ("PYTEST_ADDOPTS", "PYTEST_PLUGINS", "OPENAI_API_KEY")
    environment = {name: value for name, value in os.environ.items() if name not in unset}
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, *command),
        cwd=folder,
        env={**environment, "PYTHONPATH": path, "HARNESS_VOICE_ENGINE": "kokoro"},
        stdout=PIPE,
        stderr=STDOUT,
    )
    try:
        async with asyncio.timeout(WITHIN_S):
            printed, _ = await process.communicate()
    finally:
        if process.returncode is None:
            process.terminate()
            await process.communicate()
    assert process.returncode == 0, printed.decode()
    return printed.decode()


def test_every_block_is_run() -> None:
    """Those of the suite by `test_examples.py`, the others here."""
    assert len(IN_THE_SUITE) + len(FRAGMENTS) + len(PROGRAMS) == len(BLOCKS)
    assert len(IN_THE_SUITE) == 2


@pytest.mark.browser
async def test_the_program_without_pytest_runs(tmp_path: Path) -> None:
    (program,) = PROGRAMS
    (tmp_path / "program.py").write_text(program, encoding="utf-8")
    assert await run(tmp_path, "program.py") == "nobody calls here []\n"
    assert (tmp_path / "out" / "mine" / "trace.jsonl").exists()


@pytest.mark.browser
@pytest.mark.realtime
async def test_what_stands_inside_a_test_runs_inside_one(tmp_path: Path) -> None:
    """In the example's suite, on its page behind the login."""
    folder = tmp_path / "suite"
    shutil.copytree(SUITE, folder, ignore=shutil.ignore_patterns("__pycache__", "test_*.py"))
    tests = [BEFORE]
    for number, fragment in enumerate(FRAGMENTS):
        prepared = "page = open_and_log_in(context, site)\n"
        prepared += "serve_hosted(page, site)\n" if "redirect=" in fragment else ""
        body = textwrap.indent(prepared + fragment, "    ")
        tests.append(f"def test_{number}(context, voice, site):\n{body}")
    (folder / "test_fragments.py").write_text("\n\n".join(tests), encoding="utf-8")
    printed = await run(folder, "-m", "pytest", "-q", "-p", "no:cacheprovider", "-W", "ignore")
    assert re.search(rf"^{len(FRAGMENTS)} passed", printed, re.MULTILINE), printed


@pytest.mark.parametrize("listen", [harness.listen, sync_api.listen])
def test_what_the_page_gives_to_listen_it_takes(listen: object) -> None:
    given = set(re.findall(r"listen\(page, (\w+)=", TEXT))
    assert {"redirect", "network", "out"} <= given
    assert callable(listen)
    assert given <= set(inspect.signature(listen).parameters)
