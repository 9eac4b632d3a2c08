"""Worker of a suite: a process that runs its share; started by `harness.suite.worker_process`.

It reads what to run from one line of its input. A line "stop" after it: no other run is begun. The
end of its input ends it, as Ctrl-C would. It writes one JSON object a line.
"""

from __future__ import annotations

import asyncio
import json
import os
import signal
import sys
import threading
from collections.abc import Callable
from io import TextIOWrapper
from pathlib import Path
from typing import Any, TextIO

from harness.errors import HarnessError
from harness.report.results import Results
from harness.scenario.batch import Batch
from harness.scenario.load import Given, LoadedScenario, load_scenarios
from harness.scenario.progress import NoProgress
from harness.scenario.run import RunOptions, run_loaded
from harness.terminal_text import HarmlessText

Tell = Callable[..., None]


class TellingProgress(NoProgress):
    """Tells the process of the suite what people want to see there."""

    def __init__(self, tell: Tell) -> None:
        self._tell = tell

    def scenario_started(self, name: str, index: int, count: int) -> None:
        self._tell("started", name=name)

    def expectation(self, text: str, verdict: str, evidence: str, t_s: float) -> None:
        self._tell("expectation", text=text, verdict=verdict, evidence=evidence, t_s=t_s)

    def scenario_ended(self, name: str, verdict: str, seconds: float) -> None:
        self._tell("ended", name=name, verdict=verdict, seconds=seconds)


async def run_share(told: dict[str, Any], tell: Tell, stops: Callable[[], bool]) -> None:
    """Run what was told."""
    given = Given(told["command_line"], told["project"])
    files = {path: load_scenarios(Path(path), given) for path in dict.fromkeys(told["files"])}
    loaded = [
        _named(files[path], name) for path, name in zip(told["files"], told["names"], strict=True)
    ]

    def ended(index: int, results: Results) -> None:
        tell("reported", index=index)

    batch = Batch(told["folders"], ended, stops)
    how = RunOptions(**told["how"])
    await run_loaded(loaded, how, Path(told["out"]), TellingProgress(tell), batch)


def _named(scenarios: list[LoadedScenario], name: str) -> LoadedScenario:
    return next(one for one in scenarios if one.scenario.name == name)


def _teller(out: TextIO) -> Tell:
    def tell(type: str, **facts: Any) -> None:
        out.write(json.dumps({"type": type, **facts}) + "\n")
        out.flush()

    return tell


def _first_line() -> bytes:
    line = b""
    while not line.endswith(b"\n") and (byte := os.read(0, 1)):
        line += byte
    return line


def main() -> int:
    """Run one share; 0 where all of it was run, or it was told to stop."""
    # What anything prints must not get between the lines that are ours.
    out = os.fdopen(os.dup(1), "w", encoding="utf-8")
    os.dup2(2, 1)
    if isinstance(sys.stderr, TextIOWrapper):  # where warnings of others go, with a page's words
        sys.stderr = HarmlessText.of(sys.stderr)
    tell = _teller(out)
    told = json.loads(_first_line())
    stopped = threading.Event()

    def listen() -> None:
        while os.read(0, 1024):  # not sys.stdin, whose lock would be held at our end
            stopped.set()
        os.kill(os.getpid(), signal.SIGINT)

    threading.Thread(target=listen, daemon=True).start()
    try:
        asyncio.run(run_share(told, tell, stopped.is_set))
    except KeyboardInterrupt:
        return 130
    except HarnessError as error:
        tell("failed", text=str(error), exit_code=error.exit_code)
    return 0


if __name__ == "__main__":
    code = main()
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # its input ends now, and nothing is left to end
    sys.exit(code)
