"""What the page on cassettes shows is so: the recording, the replay, the difference."""

from __future__ import annotations

import re
from pathlib import Path

from harness.cassette.matching import Mismatch, find_answer
from harness.cassette.model import Piece, RecordedAnswer, RecordedTurn
from harness.realtime.server.assistants.assistant import Prompt
from harness.scenario.run import run_scenarios
from harness.trace import read_trace
from tests.support.make_cassette import orders

PAGE = (Path(__file__).parents[2] / "harness" / "docs" / "cassettes.md").read_text(encoding="utf-8")
EXAMPLES = dict(re.findall(r"<!-- example: (\S+) -->\n```\w*\n(.*?)```", PAGE, re.DOTALL))


async def test_the_example_is_recorded_and_other_words_are_told_as_shown(tmp_path: Path) -> None:
    path, cassette = tmp_path / "drive.yaml", tmp_path / "cassettes" / "drive"
    path.write_text(EXAMPLES["scenario"], encoding="utf-8")
    recorded = await run_scenarios([path], out=tmp_path / "a", engine="simulated", record=cassette)
    assert recorded.verdict == "passed"
    turns = (cassette / "turns.yaml").read_text(encoding="utf-8")
    assert EXAMPLES["turns"].strip() in turns
    path.write_text(EXAMPLES["scenario"].replace("something", "goforward"), encoding="utf-8")
    other = await run_scenarios([path], out=tmp_path / "b", engine="simulated", cassette=cassette)
    assert other.verdict == "failed"
    trace = read_trace(tmp_path / "b" / "drive" / "trace.jsonl")
    told = [str(event.data.get("text")) for event in trace.of_type("data_channel.message")]
    assert EXAMPLES["mismatch"].strip() in "\n".join(told)


def test_words_that_are_others_are_named_as_shown() -> None:
    found = find_answer(orders(), Prompt("I would like nine rolls for Thursday.", 1))
    assert isinstance(found, Mismatch)
    assert found.in_words == EXAMPLES["difference"].strip()


def test_every_field_that_a_person_may_edit_has_its_words() -> None:
    fields = {*RecordedTurn.model_fields, *RecordedAnswer.model_fields, *Piece.model_fields}
    assert [name for name in fields if f"`{name}" not in PAGE] == []
