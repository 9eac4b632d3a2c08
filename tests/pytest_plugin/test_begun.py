"""What a test began: awaited, left alone, left running, or never begun."""

from __future__ import annotations

import asyncio

import pytest

from harness.pytest_plugin.begun import Ledger, call_text, run_to_its_end


async def seven() -> int:
    await asyncio.sleep(0)
    return 7


async def refuse() -> None:
    await asyncio.sleep(0)
    raise ValueError("no")


def test_what_was_awaited_needs_no_word() -> None:
    ledger = Ledger()

    async def main() -> int:
        gathered = await asyncio.gather(ledger.begin(seven(), "a()"), ledger.begin(seven(), "b()"))
        task = asyncio.create_task(ledger.begin(seven(), "c()"))
        return sum(gathered) + await task + await ledger.begin(seven(), "d()")

    assert asyncio.run(main()) == 28
    assert ledger.complaint(["voice_call"]) is None


def test_an_error_comes_out_as_it_is_and_counts_as_the_end() -> None:
    ledger = Ledger()

    async def main() -> None:
        with pytest.raises(ValueError, match="no"):
            await ledger.begin(refuse(), "a()")
        with pytest.raises(asyncio.TimeoutError):
            await asyncio.wait_for(ledger.begin(asyncio.sleep(60), "b()"), 0.01)

    asyncio.run(main())
    assert ledger.complaint([]) is None


def test_what_was_never_awaited_is_named_with_the_way_to_write_it() -> None:
    ledger = Ledger()
    ledger.begin(seven(), "voice_call('http://one/')")
    complaint = ledger.complaint(["voice_call"])
    assert complaint is not None
    assert "voice_call('http://one/') was begun and never awaited" in complaint
    assert complaint.endswith("Write: call = await voice_call('http://one/')")
    ledger.close()


def test_what_still_runs_is_named() -> None:
    ledger = Ledger()

    async def main() -> None:
        task = asyncio.create_task(ledger.begin(asyncio.sleep(60), "run_scenario('a')"))
        await asyncio.sleep(0)
        assert "before it ended" in str(ledger.complaint([]))
        task.cancel()

    asyncio.run(main())


def test_only_who_asked_is_told_that_nothing_was_begun() -> None:
    assert Ledger().complaint([]) is None
    assert "never ran one" in str(Ledger().complaint(["run_scenario"]))


def test_work_runs_to_its_end_also_inside_a_running_loop() -> None:
    async def main() -> int:
        return run_to_its_end(seven())

    assert run_to_its_end(seven()) == 7
    assert asyncio.run(main()) == 7
    with pytest.raises(ValueError, match="no"):
        run_to_its_end(refuse())


def test_a_call_is_shown_as_it_was_written() -> None:
    assert call_text("voice_call", None) == "voice_call()"
    assert call_text("run_scenario", "greeting") == "run_scenario('greeting')"
