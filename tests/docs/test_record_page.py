"""What the page on recording shows is what the code writes."""

from __future__ import annotations

import re
from pathlib import Path

from harness.cli.choices import WhoseMicrophone
from harness.codegen.acts import Act
from harness.codegen.page_call import PageCall
from harness.codegen.scenario_file import ENDS_WITHIN_S, recorded_scenario
from harness.replay.plan import AFTER_S, BEFORE_S
from harness.typed_commands import RECORD
from tests.support.heard_call import heard_call

PAGE = (Path(__file__).parents[2] / "harness" / "docs" / "record.md").read_text(encoding="utf-8")
EXAMPLES = dict(re.findall(r"<!-- example: (\S+) -->\n```\w+\n(.*?)```", PAGE, re.DOTALL))

ACTS = (
    Act(1.0, "fill", {"role": "textbox", "name": "Name", "value": "kim"}),
    Act(2.0, "fill", {"role": "textbox", "name": "Password", "value": "${NIGHT_DESK_PASSWORD}"}),
    Act(3.0, "click", {"role": "button", "name": "Sign in"}),
    Act(4.0, "check", {"role": "checkbox", "name": "I agree to be heard"}),
    Act(5.0, "click", {"role": "button", "name": "Call the desk"}),
    Act(9.2, "click", {"role": "button", "name": "Hold to talk"}, 2.3),
    Act(12.6, "click", {"role": "button", "name": "Menu"}),
    Act(18.0, "click", {"role": "button", "name": "Hang up"}),
)


def test_the_example_is_what_is_written() -> None:
    said = ("Is there a table for two?", "At seven, please.")
    call = heard_call([(7.0, 9.0), (13.5, 14.5)], [(9.8, 12.0), (15.5, 17.0)], said)
    text = recorded_scenario(
        call,
        "night-desk",
        {"url": "http://localhost:3000/"},
        ["turn-01.flac", "turn-02.flac"],
        ACTS,
        PageCall(6.0, 18.2),
    )
    assert text == EXAMPLES["scenario"]


def test_every_command_and_microphone_has_a_row() -> None:
    rows = PAGE.partition("<!-- commands -->")[2]
    assert re.findall(r"^\| `(\w+)", rows, re.MULTILINE) == list(RECORD.words)
    assert all(f"| `{one.value}` |" in PAGE for one in WhoseMicrophone)


def test_the_limits_are_the_codes() -> None:
    assert f"{BEFORE_S:g} s before and {AFTER_S:g} s after" in PAGE
    assert f"at most {ENDS_WITHIN_S:g} s before" in PAGE
