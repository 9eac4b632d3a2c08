"""Notes in a call's trace of what whoever wrote its scenario should know, whatever its verdict."""

from __future__ import annotations

from harness.call.call import Call
from harness.facts.steps import Note
from harness.realtime.ending_models import endings_in
from harness.scenario.prepare import Prepared


def note_facts(one: Prepared, call: Call) -> None:
    """What whoever wrote the scenario should know, whatever its verdict."""
    scenario, facts = one.loaded.scenario, call.line.capabilities
    texts = [ending.in_words for ending in endings_in(scenario.session)]
    texts += one.loaded.hidden.notes
    if scenario.page.url is not None and not facts.has_page:
        # It may be about a page; this engine has none.
        texts.append(
            f"The page {scenario.page.url} was not opened: the {facts.engine} engine calls the "
            "server itself."
        )
    for text in texts:
        call.recorder.note(Note(text), call.now_s)
