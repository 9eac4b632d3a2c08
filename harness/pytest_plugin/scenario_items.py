"""Scenario files as tests: ``pytest scenarios/``, one test a scenario, one a row of a table.

A file is one where it is named, where it is below a folder that is named and called ``scenarios``,
or below one that the project's settings list; other YAML files of a test folder stay what they are.
"""

from __future__ import annotations

import re
import time
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from harness.pytest_plugin.artifacts import PluginOptions, TestFolder, empty_output
from harness.pytest_plugin.begun import run_to_its_end
from harness.pytest_plugin.html_extras import link, table
from harness.pytest_plugin.scenario_runs import marker_of
from harness.terminal_text import printable

if TYPE_CHECKING:
    from harness.report.results import Results, ScenarioResult
    from harness.scenario.load import LoadedScenario
    from harness.suite.settings import ProjectSettings

SUFFIXES = (".yaml", ".yml")
FOLDER = "scenarios"
IS_SCENARIO = re.compile(r"^steps\s*:", re.MULTILINE)
"""What a scenario has at the left edge, and shared steps have not."""

SETTINGS = pytest.StashKey["ProjectSettings"]()
COLLECTED_S = pytest.StashKey[float]()
"""When this run found its first scenario file, seconds since 1970."""

FILES = ("report.html", "call.wav", "trace.jsonl")


def pytest_addoption(parser: pytest.Parser) -> None:
    """Options of scenario files that are collected."""
    group = parser.getgroup("harness", "voice scenarios")
    group.addoption(
        "--scenario-engine",
        metavar="NAME",
        help="What holds the calls of collected scenario files: browser, native or simulated.",
    )
    group.addoption(
        "--scenario-set",
        metavar="NAME=VALUE",
        action="append",
        default=[],
        help="A value for ${NAME} in collected scenario files.",
    )


def pytest_collect_file(file_path: Path, parent: pytest.Collector) -> pytest.Collector | None:
    """A scenario file, where it is meant to be a test."""
    if file_path.suffix not in SUFFIXES or not _is_meant(file_path, parent.config):
        return None
    named = file_path.resolve() in _arguments(parent.config)
    if not named and IS_SCENARIO.search(_text(file_path)) is None:
        return None
    collected: pytest.Collector = ScenarioFile.from_parent(parent, path=file_path)
    return collected


def keep_their_output(fixturedef: pytest.FixtureDef[Any], config: pytest.Config) -> None:
    """What scenarios left in ``--output`` stays when pytest-playwright empties it.

    It does so at the first test that has fixtures, and scenarios may have run before that one.
    """
    if fixturedef.argname == "delete_output_dir" and COLLECTED_S in config.stash:
        fixturedef.func = _empty_output  # type: ignore[misc]


def _empty_output(pytestconfig: pytest.Config) -> None:
    empty_output(PluginOptions.of(pytestconfig).output, pytestconfig.stash[COLLECTED_S])


class ScenarioFile(pytest.File):
    """A scenario file."""

    def collect(self) -> Iterator[pytest.Item]:
        """One test a scenario, one a row of a table.

        Raises:
            CollectError: what is wrong with the file, with its line.
        """
        from harness.cli.suite_choice import read_values
        from harness.errors import UsageError
        from harness.scenario.load import Given, load_scenarios

        self.config.stash.setdefault(COLLECTED_S, time.time())
        values = self.config.getoption("--scenario-set")
        try:
            given = Given(read_values(values), _settings(self.config).variables)
            scenarios = load_scenarios(self.path, given)
        except UsageError as error:
            raise self.CollectError(str(error)) from error
        for loaded in scenarios:
            name = f"{loaded.base}[{loaded.row}]" if loaded.row else loaded.scenario.name
            yield ScenarioItem.from_parent(self, name=name, loaded=loaded)


class ScenarioFailed(Exception):
    """What a scenario expected did not happen; its text says what did."""


class ScenarioItem(pytest.Item):
    """One scenario, run once."""

    def __init__(self, *, loaded: LoadedScenario, **options: Any) -> None:
        super().__init__(**options)
        self.loaded = loaded
        self.report_extras: list[dict[str, Any]] = []
        for tag in loaded.scenario.tags:
            marker = marker_of(tag)
            self.config.addinivalue_line("markers", f"{marker}: scenarios with the tag {tag}")
            self.add_marker(marker)

    def runtest(self) -> None:
        """Run it; its trace, audio and report are kept in ``--output``.

        Raises:
            ScenarioFailed: not everything that it expected held.
            HarnessError: it could not be run.
        """
        self.user_properties, self.report_extras = [], []  # of another attempt, where there are any
        factory: pytest.TempPathFactory = self.config._tmp_path_factory  # type: ignore[attr-defined]
        attempt = getattr(self, "execution_count", 1)  # of pytest-rerunfailures
        options = PluginOptions.of(self.config)
        folder = TestFolder(self.nodeid, factory.mktemp("voice"), options, attempt)
        try:
            results = run_to_its_end(self._run(folder.path, options))
        finally:
            folder.settle(failed=True)
        self._tell(results.scenarios[0], folder.kept_at)
        if results.verdict != "passed":
            from harness.cli.verdict import failure_lines

            lines = [str(line) for line in failure_lines(results.scenarios[0])]
            raise ScenarioFailed("\n".join(lines) or results.verdict)

    async def _run(self, out: Path, options: PluginOptions) -> Results:
        from harness.scenario.run import RunOptions, run_loaded

        given = _settings(self.config).options
        engine = (
            self.config.getoption("--scenario-engine") or (given.get("engine") or ["browser"])[0]
        )
        has_page = engine == "browser"
        how = RunOptions(
            engine=engine,
            page_url=(options.base_url or given.get("page")) if has_page else None,
            server_url=given.get("server") if engine != "simulated" else None,
            headed=has_page and options.headed,
            redirect=given.get("redirect") if has_page else None,
            protocol=given.get("protocol") if has_page else None,
            network=given.get("network") if engine != "simulated" else None,
        )
        return await run_loaded([self.loaded], how, out)

    def _tell(self, result: ScenarioResult, kept_at: Path) -> None:
        """What JUnit files and pytest-html show beside the verdict."""
        self.user_properties += [("engine", result.engine), ("verdict", result.verdict)]
        for turn in result.turns:
            for name, value in turn.latencies.model_dump(mode="json").items():
                self.user_properties.append((f"turn{turn.index}.{name}", value))
        kept = [kept_at / "report.html", *(kept_at / result.name / name for name in FILES[1:])]
        there = [path for path in kept if path.exists()]
        numbers = table(self.user_properties)
        self.report_extras = [*(link(path, self.config) for path in there), numbers]
        self.user_properties += [(path.stem, str(path)) for path in there]
        self.add_report_section("call", "voice call", f"trace, audio and report: {kept_at}")

    def repr_failure(self, excinfo: pytest.ExceptionInfo[BaseException], style: Any = None) -> Any:
        """What failed, in the scenario's words, and no traceback of ours."""
        from harness.errors import HarnessError

        if isinstance(excinfo.value, ScenarioFailed | HarnessError):
            return printable(str(excinfo.value), keeps_lines=True)
        return super().repr_failure(excinfo, style)

    def reportinfo(self) -> tuple[Path, int | None, str]:
        """Where it is written, counted from 0, and what it is called."""
        line = int(self.loaded.place("name").rpartition(":")[2])
        return self.path, line - 1, f"scenario {self.name}"


def _is_meant(path: Path, config: pytest.Config) -> bool:
    resolved = path.resolve()
    listed = [Path(one).resolve() for one in _settings(config).options.get("scenarios", ())]
    named = _arguments(config)
    folders = [one for one in named if FOLDER in one.parts and one in resolved.parents]
    return (
        resolved in named
        or bool(folders)
        or any(one == resolved or one in resolved.parents for one in listed)
    )


def _arguments(config: pytest.Config) -> list[Path]:
    """What pytest was told to look at: on its command line, or as its testpaths."""
    base = config.invocation_params.dir
    return [(base / argument.split("::")[0]).resolve() for argument in config.args]


def _settings(config: pytest.Config) -> ProjectSettings:
    if SETTINGS not in config.stash:
        from harness.suite.settings import find_settings

        config.stash[SETTINGS] = find_settings(config.rootpath)
    return config.stash[SETTINGS]


def _text(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8", errors="replace")
    except OSError:
        return ""
