"""``harness findings``: recorded calls, and what is wrong with each."""

from __future__ import annotations

import gzip
import json
from pathlib import Path

from harness.bench.findings import MACHINE
from harness.bench.findings_pages import page_cases
from harness.bench.findings_traces import path_of
from harness.cli.list_findings import as_lines, exit_code
from harness.facts.browser import PageException
from harness.findings.watch import findings_of
from harness.resources import fixtures_dir
from harness.trace import TraceWriter
from tests.cli.conftest import Harness
from tests.support.healthy_call import HEALTHY, At, events_of

WRONG: list[At] = [*HEALTHY, (1.0, PageException("TypeError: x is not a function"))]


def trace(folder: Path, facts: list[At]) -> None:
    with TraceWriter(folder / "trace.jsonl", {"name": folder.name}) as writer:
        for t_s, fact in facts:
            writer.write(fact.source, fact.type, fact.to_data(), t_s)


def test_each_call_has_its_list(harness: Harness, tmp_path: Path) -> None:
    trace(tmp_path / "out" / "good", HEALTHY)
    trace(tmp_path / "out" / "bad", WRONG)
    done = harness("findings", "out")
    assert done.returncode == 1
    assert done.stdout.splitlines()[:2] == ["bad (out)", "1 finding:"]
    assert done.stdout.splitlines()[-2:] == [
        "good (out)",
        "Nothing is wrong, as far as this call showed.",
    ]


def test_what_could_not_be_read_is_told(harness: Harness, tmp_path: Path) -> None:
    """Else half a dump of a broken call would be “nothing is wrong”."""
    whole = gzip.decompress((fixtures_dir() / "dumps" / "wrong-port.rtcstats.gz").read_bytes())
    (tmp_path / "dump.txt").write_bytes(whole[: len(whole) // 2])
    assert (
        "Not all of it was read: line " in harness("findings", "dump.txt").stdout.splitlines()[-1]
    )
    (call,) = json.loads(harness("findings", "dump.txt", "--json").stdout)["calls"]
    assert "is no JSON" in call["not_read"]
    trace(tmp_path / "killed", HEALTHY)
    assert "Not all" not in harness("findings", "killed").stdout
    with (tmp_path / "killed" / "trace.jsonl").open("a", encoding="utf-8") as file:
        file.write('{"seq": 99, "t_')
    assert harness("findings", "killed").stdout.splitlines()[-1] == (
        "Not all of it was read: its last line is cut."
    )


def test_thirty_planted_faults_are_found_by_name_from_the_command_line(harness: Harness) -> None:
    """Each in the recorded call of the page that has it, and a healthy page has none."""
    cases = [case for case in page_cases() if path_of(case).is_file()]
    done = harness("findings", *(str(path_of(case)) for case in cases), "--json")
    assert done.returncode == 1
    calls = json.loads(done.stdout)["calls"]
    named = [{one["name"] for one in call["findings"]} - MACHINE for call in calls]
    assert named == [set(case.finds) for case in cases]
    assert len(set().union(*named)) >= 30


def test_no_call_is_a_mistake(harness: Harness) -> None:
    assert harness("findings", "nowhere").returncode == 2


def test_those_of_a_kind_stand_together() -> None:
    found = findings_of(events_of(WRONG))
    assert as_lines([*found, *found])[-1] == "  and 1 times more"
    assert exit_code(found) == 1
    assert exit_code([]) == 0
