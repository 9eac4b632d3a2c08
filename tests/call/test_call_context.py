"""A context in a call: it begins with the thread, and what is said and done goes back into it."""

from __future__ import annotations

from pathlib import Path

import pytest

from harness.call.call import Call
from harness.call.call_context import refuse_other_protocols
from harness.call.opening import CallOptions
from harness.context.definition import ContextDefinition
from harness.context.errors import ContextInUse, ContextLocked
from harness.context.thread_items import text_of_row
from harness.context.threads.choice import ContextChoice
from harness.context.threads.contexts import Contexts
from harness.engines.simulated.open import open_simulated_call
from harness.engines.simulated.speech import SimulatedSpeech
from harness.errors import ContextError, UsageError
from harness.protocols.by_ear import ByEar
from harness.realtime.server.assistants.script import Script
from harness.trace import read_trace
from harness.virtual_time import run_in_virtual_time
from tests.support.shop_calls import HOURS, SHOP, Failing, a_call, texts


def test_the_next_call_knows_what_was_said_before(tmp_path: Path) -> None:
    contexts = Contexts()

    async def main() -> None:
        async with a_call(ContextChoice(SHOP, contexts), tmp_path / "1") as call:
            await call.type_text("Good morning.")
            assert await texts(call, 2) == ["Good morning.", "The first."]
        async with a_call(ContextChoice(SHOP, contexts), tmp_path / "2") as call:
            assert call.context.value.calls == 2
            await call.type_text("Here I am again.")
            assert (await texts(call, 4))[2:] == ["Here I am again.", "The second."]

    run_in_virtual_time(main)
    first, second = (read_trace(tmp_path / name / "trace.jsonl") for name in ("1", "2"))
    (bound,) = second.of_type("context.bound")
    assert (bound.data["call"], bound.data["items"], bound.data["left_out"]) == (2, 2, [])
    assert first.of_type("context.bound")[0].data["items"] == 0
    kept = [event.data["text"] for event in second.of_type("thread.item")]
    assert kept == ["Here I am again.", "The second."]


def test_a_call_without_one_types_too_and_has_no_thread() -> None:
    async def main() -> None:
        async with a_call(None) as call:
            await call.type_text("Good morning.")
            assert (await call.expect("response.output_text.done")).data["text"] == "The first."
            assert not call.context.is_bound
            with pytest.raises(UsageError, match="has no context"):
                await call.context.items()

    run_in_virtual_time(main)


def test_it_is_bound_changed_and_released_during_the_call() -> None:
    contexts = Contexts()

    async def instructions(call: Call) -> str:
        return str((await call.expect("session.updated")).data["session"]["instructions"])

    async def main() -> None:
        async with a_call(None) as call:
            await call.type_text("Before.")
            await call.expect("response.done")
            await call.context.bind(ContextChoice(SHOP, contexts))
            assert await instructions(call) == "Be brief.\n\nSell shoes."
            with pytest.raises(UsageError, match="a context already"):
                await call.context.bind(SHOP)
            await call.type_text("Between.")
            assert await texts(call, 2) == ["Between.", "The second."]
            await call.context.set_state({"name": "Kim"})
            assert '{"name": "Kim"}' in await instructions(call)
            other = ContextDefinition(name="shop", instructions="Sell hats.", tools=[HOURS])
            await call.context.redefine(other)
            assert "Sell hats." in await instructions(call)
            await call.context.release()
            assert await instructions(call) == "Be brief."
            await call.type_text("After.")
            await call.expect("response.done")
        kept = await contexts.load("shop")
        assert [text_of_row(row) for row in await contexts.items(kept)] == [
            "Between.",
            "The second.",
        ]
        assert (kept.state, kept.definition) == ({"name": "Kim"}, other)

    run_in_virtual_time(main)


FOUND = Script.model_validate(
    {
        "rules": [
            {"when": {"tool": "search_knowledge", "result": "seven"}, "say": "Seven."},
            {
                "when": {"words": ["look"]},
                "call": {"name": "search_knowledge", "arguments": {"query": "soup"}},
            },
            {"when": {"known": "soup costs seven"}, "say": "Seven euros."},
            {"say": "Nobody knows."},
        ]
    }
)


def test_what_is_found_is_put_before_each_answer(tmp_path: Path) -> None:
    menu = tmp_path / "menu.md"
    menu.write_text("The soup costs seven euros.", encoding="utf-8")
    shop = ContextDefinition.model_validate(
        {"name": "shop", "knowledge": {"files": [str(menu)], "use": "before"}}
    )

    async def main() -> None:
        options = CallOptions(session={"output_modalities": ["text"]})
        async with open_simulated_call(
            FOUND, SimulatedSpeech(), context=shop, options=options, out=tmp_path / "out"
        ) as call:
            await call.type_text("What is the price of a soup?")
            assert await texts(call, 2) == ["What is the price of a soup?", "Seven euros."]
            asked = {"files": [str(menu)], "use": "tool"}
            other = ContextDefinition.model_validate({"name": "shop", "knowledge": asked})
            await call.context.redefine(other)
            await call.type_text("Please look.")
            assert (await texts(call, 5))[3:] == ["search_knowledge", "Seven."]

    run_in_virtual_time(main)
    found, _ = read_trace(tmp_path / "out" / "trace.jsonl").of_type("knowledge.found")
    assert found.data["passages"][0]["source"] == str(menu)


def test_one_call_at_a_time_and_none_while_it_is_locked() -> None:
    contexts = Contexts()

    async def main() -> None:
        async with a_call(ContextChoice(SHOP, contexts)) as call:
            with pytest.raises(ContextInUse):
                async with a_call(ContextChoice(SHOP, contexts)):
                    pass
            await contexts.lock(call.context.value)
            with pytest.raises(ContextLocked):
                await call.type_text("Not kept, so not said.")
        with pytest.raises(ContextLocked):
            async with a_call(ContextChoice(SHOP, contexts)):
                pass

    run_in_virtual_time(main)


@pytest.mark.parametrize("comes_back", [True, False])
def test_a_file_that_fails_lets_the_call_go_on(tmp_path: Path, comes_back: bool) -> None:
    contexts = Failing()

    async def talk() -> None:
        async with a_call(ContextChoice(SHOP, contexts), tmp_path) as call:
            await call.type_text("Good morning.")
            contexts.fails = True
            await call.expect("response.done")
            await call.expect("context.trouble")
            contexts.fails = not comes_back

    async def main() -> None:
        if not comes_back:
            with pytest.raises(ContextError, match="The disk is away"):
                await talk()
            return
        await talk()
        rows = await contexts.items(await contexts.load("shop"))
        assert [text_of_row(row) for row in rows] == ["Good morning.", "The first."]

    run_in_virtual_time(main)
    trace = read_trace(tmp_path / "trace.jsonl")
    assert trace.events[-1].type == ("call.closed" if comes_back else "error")


def test_a_page_of_another_protocol_has_none() -> None:
    with pytest.raises(UsageError, match="speaks Realtime"):
        refuse_other_protocols(ByEar())


@pytest.mark.parametrize("what", ["delete", "lock", "close"])
def test_a_context_that_is_taken_away_in_its_call_lets_the_call_go_on(
    what: str, tmp_path: Path
) -> None:
    contexts = Contexts()

    async def main() -> None:
        async with a_call(ContextChoice(SHOP, contexts), tmp_path) as call:
            await getattr(contexts, what)(call.context.value)
            with pytest.raises(ContextError):
                await call.type_text("Good morning.")
            await call.send_event({"type": "response.create"})
            assert (await call.expect("response.output_text.done")).data["text"]

    with pytest.raises(ContextError):  # what was said could not be kept
        run_in_virtual_time(main)
    (trouble,) = read_trace(tmp_path / "trace.jsonl").of_type("context.trouble")
    wanted = {"delete": "ContextNotFound", "lock": "ContextLocked", "close": "ContextEnded"}
    assert trouble.data["error"] == wanted[what]
