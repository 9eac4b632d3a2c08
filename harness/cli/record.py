"""``harness record``: a conversation that a person holds becomes a scenario and a pytest test."""

from __future__ import annotations

import asyncio
import contextlib
import json
import os
import signal
import subprocess
import sys
import tempfile
from collections.abc import AsyncIterator, Iterator, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from harness.call.opening import CallOptions
from harness.cli.failures import print_failure
from harness.cli.interrupts import ending_signal, run_async
from harness.cli.typed_lines import lines_of
from harness.codegen.act_on_page import act_on_page
from harness.codegen.make import MadeScenario, check_folder, write_recorded
from harness.codegen.session import LONGEST_S, Microphone, RecordedSession, Session, open_session
from harness.errors import ExpectationFailed, HarnessError, PageClosed, UsageError
from harness.redact import Masker, shown
from harness.replay.listen import Ears, shipped_ears
from harness.scenario.addresses import check_page
from harness.terminal_text import printable
from harness.typed_commands import (
    RECORD,
    Command,
    Help,
    Hold,
    Quit,
    Release,
    SayFile,
    SayText,
    WaitAnswer,
    WaitSeconds,
)

TEST_WITHIN_S = 600.0
ENDS_WITHIN_S = 20.0


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
    call: CallOptions = field(default_factory=CallOptions)
    """Redirect, protocol, agent and network."""


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
    check_page(wish.url)
    check_folder(wish.out, overwrite=wish.overwrite)
    with tempfile.TemporaryDirectory(prefix="harness-record-") as folder:
        recorded, killed_by = run_async(_record(wish, Path(folder)))
        with _ending_as(killed_by):
            tell("listening to what was recorded")
            ears = ears or shipped_ears()  # in a thread, which a signal waits for
            made = run_async(asyncio.to_thread(write_recorded, recorded, wish.out, ears))
            for note in made.notes:
                tell(f"note: {note}")
            is_tested = wish.test and killed_by is None
            code = run_async(run_test(made)) if is_tested else None
            print(_as_json(made, code) if as_json else as_text(made, code), flush=True)
    return code or 0


@contextlib.contextmanager
def _ending_as(killed_by: signal.Signals | None) -> Iterator[None]:
    """The block ends the command as the signal does that came before it, whatever happens in it."""
    try:
        yield
    except (HarnessError, OSError) as error:  # OSError: the terminal that hung up takes no words
        if killed_by is None:
            raise
        if isinstance(error, HarnessError):
            with contextlib.suppress(OSError):
                print_failure(str(error))
    if killed_by is not None:
        raise SystemExit(128 + killed_by)


def tell(text: str, *, keeps_lines: bool = False) -> None:
    """One line for the person at the terminal, whoever made its words; or several."""
    shown = printable(Masker().text(text), keeps_lines=keeps_lines)
    with contextlib.suppress(OSError):  # the terminal may have hung up: what was said is kept
        print(f"harness: {shown}", file=sys.stderr, flush=True)


def has_screen(environ: Mapping[str, str], platform: str) -> bool:
    """Whether a window could be seen."""
    return platform in ("darwin", "win32") or bool(
        environ.get("DISPLAY") or environ.get("WAYLAND_DISPLAY")
    )


async def _record(wish: RecordWish, folder: Path) -> tuple[RecordedSession, signal.Signals | None]:
    """What was recorded, and the signal that ends the command once it is kept; None: none does."""
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
    opening = open_session(
        wish.url, folder, microphone=microphone, headless=headless, options=wish.call
    )
    async with opening as session:
        heard = "your own" if microphone == "own" else "one that speaks files and texts"
        tell(f"recording {shown(wish.url)}; the microphone is {heard}")
        is_stopped = False
        try:
            by_person = microphone == "own"
            await hold_session(session, wish, by_person=by_person, is_seen=not headless)
        except (asyncio.CancelledError, PageClosed) as error:
            if ending_signal() is None:
                raise
            if isinstance(error, asyncio.CancelledError):  # else the browser was killed beside us
                task = asyncio.current_task()
                assert task is not None
                task.uncancel()
            is_stopped = True
        killed_by = ending_signal()
        if killed_by is signal.SIGINT:  # Ctrl-C is how people end things
            killed_by = None
        try:
            recorded = await session.finish()
        except HarnessError:
            if killed_by is None:
                raise
            tell("nothing is kept: the page had not called")
            raise asyncio.CancelledError from None
        if is_stopped:
            tell("what was recorded until now is kept")
        return recorded, killed_by


async def hold_session(
    session: Session, wish: RecordWish, *, by_person: bool = False, is_seen: bool = False
) -> None:
    """What is given to be said, and what is typed, until the end.

    Args:
        by_person: somebody talks, so that it ends with the window, where no “end” is typed.
        is_seen: there is a window to click in.

    Raises:
        HarnessError: something that was given or piped could not be said or done, or the page did
            not call where nobody is there to click.
    """
    is_typed = sys.stdin is not None and sys.stdin.isatty()
    has_time = is_typed or is_seen
    given = asyncio.ensure_future(_say_given(session, wish.say))
    typed = asyncio.ensure_future(_typed(session, given, is_typed=is_typed, has_time=has_time))
    try:
        async with _until_closed(session):
            await asyncio.wait({given, typed}, return_when=asyncio.FIRST_EXCEPTION)
            if given.done():
                given.result()  # what failed is told at once, not after the next line
            is_ended = await typed
            if by_person and not is_ended:
                await session.closed.wait()
    except PageClosed:
        if not session.closed.is_set():
            raise
    finally:
        for task in (given, typed):
            task.cancel()
        await asyncio.gather(given, typed, return_exceptions=True)


async def _say_given(session: Session, said: Sequence[str]) -> None:
    for what in said:
        await session.connected(LONGEST_S)
        await session.say(what)
        await _hear(session, WaitAnswer())


async def _typed(
    session: Session, given: asyncio.Future[None], *, is_typed: bool, has_time: bool
) -> bool:
    """What is typed, or comes through a pipe; whether it said that this is the end.

    A click may be what makes the page call; what is said comes after what was given to be said.
    """

    async def after_given() -> None:
        if not has_time and not given.done():
            await session.connected()  # there is nobody left who could click
        await given

    is_held = is_answered = False
    if is_typed:
        tell(RECORD.help, keeps_lines=True)
    async for line in _lines():
        with _told_mistakes(is_typed):
            command = RECORD.read(line)
            if isinstance(command, SayText | SayFile | WaitAnswer | WaitSeconds | Quit):
                await after_given()
            match command:
                case None:
                    continue
                case Quit():
                    return True
                case Help():
                    tell(RECORD.help, keeps_lines=True)
                    continue
                case WaitAnswer() if is_answered:
                    continue  # a pipe has waited by itself
                case Hold():
                    is_held = True
                case Release():
                    is_held = False
            await _do(session, command)
            is_said = isinstance(command, SayText | SayFile)
            is_answered = is_said and not is_typed and not is_held
            if is_answered:
                await _hear(session, WaitAnswer())
    await after_given()
    return False


async def _lines() -> AsyncIterator[str]:
    if sys.stdin is not None:
        async for line in lines_of(sys.stdin):
            yield line


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
    match command:
        case SayText(text):
            await session.say_text(text)
        case SayFile(file):
            await session.say(file)
        case WaitAnswer():
            await _hear(session, command)
        case WaitSeconds(seconds):
            await asyncio.sleep(seconds)
        case _:
            await act_on_page(session.page, command)


async def _hear(session: Session, command: WaitAnswer) -> None:
    try:
        answer = await session.answer(command.within_s)
    except ExpectationFailed as error:
        tell(f"no answer: {error.found or error.message}")
    else:
        tell(f"answered: {answer.transcript or 'a voice'}")


async def run_test(made: MadeScenario) -> int:
    """The exit code of the test, run as a person would; the passwords are in its environment."""
    command = [sys.executable, "-m", "pytest", "-q", str(made.test)]
    tell(f"running: pytest {made.test}")
    process = await asyncio.create_subprocess_exec(
        *command,
        stdout=sys.stderr,
        stdin=subprocess.DEVNULL,
        env={**os.environ, **made.secrets},
    )
    try:
        return await asyncio.wait_for(process.wait(), TEST_WITHIN_S)
    except TimeoutError:
        tell(f"the test was not over in {TEST_WITHIN_S:g} s")
        return 1
    finally:
        await _end(process)


async def _end(process: asyncio.subprocess.Process) -> None:
    """Let a test close its browser, as Ctrl-C does; which reaches it by itself."""
    if process.returncode is None and ending_signal() is not signal.SIGINT:
        process.send_signal(signal.SIGINT)
    try:
        await asyncio.wait_for(process.wait(), ENDS_WITHIN_S)
    except TimeoutError:
        process.kill()
        await process.wait()


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
    return printable(Masker().text("\n".join(lines)), keeps_lines=True)
