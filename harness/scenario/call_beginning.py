"""The beginning of a scenario's call: what the server and the trace are told."""

from __future__ import annotations

from dataclasses import replace

from harness.call.call import Call
from harness.call.fault_log_reader import ServerFaultLog
from harness.call.opening import CallOptions
from harness.cassette.shelf import CassetteOptions
from harness.client.server_api import ServerAddress, set_script
from harness.clock import MonotonicClock
from harness.engines.servers import may_be_ours
from harness.facts.steps import Note
from harness.realtime.ending_models import endings_in
from harness.scenario.cassette_use import let_it_answer
from harness.scenario.prepare import Prepared


def told_server(
    one: Prepared, options: CallOptions, server: ServerAddress, cassette: CassetteOptions | None
) -> CallOptions:
    """A server of ours gets the scenario's script, and what faults do goes into the trace.

    Any other goes its own way.
    """
    if not may_be_ours(server):
        return options
    witness = ServerFaultLog(server, MonotonicClock())

    async def prepare() -> None:
        await witness.begin()
        if one.loaded.scenario.assistant is not None:
            await set_script(server, one.script.model_dump(exclude_none=True))
        await let_it_answer(cassette, server, one.loaded.scenario.name)

    return replace(options, prepare=prepare, witness=witness)


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
