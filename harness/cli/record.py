"""``harness record``: a conversation that a person holds becomes a scenario and a pytest test."""

from __future__ import annotations

import asyncio
import contextlib
import json
import os
import subprocess
import sys
import tempfile
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from playwright.async_api import Error as PlaywrightError
from playwright.async_api import expect

from harness.cli.failures import print_failure
from harness.cli.interrupts import run_async
from harness.cli.typed_lines import lines_of
from harness.codegen.commands import HELP, Command, read_command
from harness.codegen.make import MadeScenario, check_folder, write_recorded
from harness.codegen.session import LONGEST_S, Microphone, RecordedSession, Session, open_session
from harness.errors import ExpectationFailed, HarnessError, PageClosed, UsageError
from harness.replay.listen import Ears, shipped_ears

TEST_WITHIN_S = 600.0
ACT_WITHIN_MS = 5000.0


@dataclass(frozen=True)
class RecordWish:
    """What the user chose."""

    url: str
    out: Path
    say: Sequence[str] = ()
    microphone: Microphone | None = None
    """None: the person's own where there is a screen and nothing to say by itself."""

    headless: bool = False
    overwrite: bool = False
    test: bool = True


def record_conversation(wish: RecordWish, *, as_json: bool, ears: Ears | None = None) -> int:
    """Record, write, and run the test at once.

    Args:
        ears: who recognises the words; the shipped recognisers where absent.

    Returns:
        The exit code of the test; 0 where it is not wanted.

    Raises:
        UsageError: what was typed cannot be.
        BrowserError: the page did not open, or never called.
        FixtureError: nobody spoke.
    """
    check_folder(wish.out, overwrite=wish.overwrite)
    with tempfile.TemporaryDirectory(prefix="harness-record-") as folder:
        recorded = run_async(_record(wish, Path(folder)))
        tell("listening to what was recorded")
        made = write_recorded(recorded, wish.out, ears or shipped_ears())
    for note in made.notes:
        tell(f"note: {note}")
    code = run_test(made) if wish.test else None
    print(_as_json(made, code) if as_json else as_text(made, code), flush=True)
    return code or 0


def tell(text: str) -> None:
    """One line for the person at the terminal."""
    print(f"harness: {text}", file=sys.stderr, flush=True)


def has_screen(environ: Mapping[str, str], platform: str) -> bool:
    """Whether a window could be seen."""
    return platform in ("darwin", "win32") or bool(
        environ.get("DISPLAY") or environ.get("WAYLAND_DISPLAY")
    )


async def _record(wish: RecordWish, folder: Path) -> RecordedSession:
    headless = wish.headless or not has_screen(os.environ, sys.platform)
    if headless and not wish.headless:
        tell("there is no screen: the browser has no window (xvfb-run gives it one)")
    by_itself: Microphone = "virtual" if wish.say or headless else "own"
    microphone = wish.microphone or by_itself
    if microphone == "own" and wish.say:
        raise UsageError(
            "Your own microphone says what you say.",
            expected="--say with --microphone virtual",
            found="--say and --microphone own",
        )
    async with open_session(wish.url, folder, microphone=microphone, headless=headless) as session:
        heard = "your own" if microphone == "own" else "one that speaks files and texts"
        tell(f"recording {wish.url}; the microphone is {heard}")
        try:
            await hold_session(session, wish, by_person=microphone == "own")
        except asyncio.CancelledError:  # Ctrl-C is how people end things
            task = asyncio.current_task()
            assert task is not None
            task.uncancel()
            tell("what was recorded until now is kept")
        return await session.finish()


async def hold_session(session: Session, wish: RecordWish, *, by_person: bool = False) -> None:
    """What is given to be said, then what is typed, until the end.

    Args:
        by_person: somebody talks, so that it ends with the window, where no “end” is typed.
    """
    for what in wish.say:
        await session.connected(LONGEST_S)
        await _do(session, Command("say", (what,)))
        await _do(session, Command("wait"))
    try:
        async with _until_closed(session):
            is_ended = await _typed(session) if sys.stdin is not None else False
            if by_person and not is_ended:
                await session.closed.wait()
    except PageClosed:
        if not session.closed.is_set():
            raise


async def _typed(session: Session) -> bool:
    """What is typed, or comes through a pipe; whether it said that this is the end."""
    is_typed, is_held = sys.stdin.isatty(), False
    if is_typed:
        tell(HELP)
    async for line in lines_of(sys.stdin):
        with _told_mistakes(is_typed):
            command = read_command(line)
            if command is None:
                continue
            if command.word == "end":
                return True
            await _do(session, command)
            if command.word in ("hold", "release"):
                is_held = command.word == "hold"
            if command.word == "say" and not is_typed and not is_held:
                await _do(session, Command("wait"))
    return False


@contextlib.contextmanager
def _told_mistakes(is_typed: bool) -> Any:
    """A person can type it again; a file of commands cannot."""
    try:
        yield
    except HarnessError as error:
        if not is_typed:
            raise
        print_failure(str(error))


@asynccontextmanager
async def _until_closed(session: Session) -> AsyncIterator[None]:
    """The block ends, too, when the window is closed."""
    task = asyncio.current_task()
    assert task is not None
    is_over = False

    async def watch() -> None:
        nonlocal is_over
        await session.closed.wait()
        is_over = True
        task.cancel()

    watching = asyncio.ensure_future(watch())
    try:
        yield
    except asyncio.CancelledError:
        if not is_over or task.uncancel() > 0:
            raise
    finally:
        watching.cancel()
        await asyncio.gather(watching, return_exceptions=True)


async def _do(session: Session, command: Command) -> None:
    parts = command.parts
    match command.word:
        case "say":
            await session.say(parts[0])
        case "wait":
            try:
                answer = await session.answer()
            except ExpectationFailed as error:
                tell(f"no answer: {error.found or error.message}")
            else:
                tell(f"answered: {answer.transcript or 'a voice'}")
        case word:
            try:
                await _act(session, word, parts)
            except (PlaywrightError, AssertionError) as error:
                raise UsageError(
                    "This could not be done on the page.",
                    expected=" ".join((word, *parts[:1])),
                    found=str(error).splitlines()[0],
                ) from error


async def _act(session: Session, word: str, parts: Sequence[str]) -> None:
    page = session.page
    if word == "click":
        await page.locator(parts[0]).click(timeout=ACT_WITHIN_MS)
    elif word == "fill":
        field = page.locator(parts[0])
        await field.select_text(timeout=ACT_WITHIN_MS)
        await field.press_sequentially(
            parts[1]
        )  # as a person: the page's recorder hears keys alone
    elif word == "press":
        await page.keyboard.press(parts[0])
    elif word == "hold":
        button = page.locator(parts[0])
        await expect(button).to_be_enabled(timeout=ACT_WITHIN_MS)
        await button.hover(timeout=ACT_WITHIN_MS)
        await page.mouse.down()
    else:
        await page.mouse.up()


def run_test(made: MadeScenario) -> int:
    """The exit code of the test, run as a person would; the passwords are in its environment."""
    command = [sys.executable, "-m", "pytest", "-q", str(made.test)]
    tell(f"running: pytest {made.test}")
    try:
        done = subprocess.run(
            command,
            stdout=sys.stderr,
            stdin=subprocess.DEVNULL,
            env={**os.environ, **made.secrets},
            timeout=TEST_WITHIN_S,
            check=False,
        )
    except subprocess.TimeoutExpired:
        tell(f"the test was not over in {TEST_WITHIN_S:g} s")
        return 1
    return done.returncode


def _as_json(made: MadeScenario, code: int | None) -> str:
    return json.dumps(
        {
            "scenario": str(made.scenario),
            "test": str(made.test),
            "fixtures": [str(path) for path in made.fixtures],
            "said": list(made.said),
            "acts": made.acts,
            "variables": sorted(made.secrets),
            "notes": list(made.notes),
            "test_exit_code": code,
        },
        ensure_ascii=False,
    )


def as_text(made: MadeScenario, code: int | None) -> str:
    """What came out, and what to do with it."""
    lines = [f"{made.scenario}: {len(made.said)} said, {made.acts} done on the page"]
    lines += [
        f"  {path.name}  {text or '…'}" for path, text in zip(made.fixtures, made.said, strict=True)
    ]
    if made.secrets:
        lines.append(f"set before it runs: {', '.join(sorted(made.secrets))}")
    outcome = {None: "", 0: " (it passed just now)"}.get(code, " (it did not pass just now)")
    lines.append(f"pytest {made.test}{outcome}")
    return "\n".join(lines)
