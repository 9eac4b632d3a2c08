"""One run of the shipped scenarios changes nothing for other tests, also where it breaks off."""

from __future__ import annotations

import asyncio
import os
from pathlib import Path
from typing import Never

import pytest

from tests.support import shipped_runs as module


def test_a_run_that_is_broken_off_puts_the_environment_back(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    begun: list[str] = []

    def break_off() -> Never:  # as a signal does: past whatever waits
        raise KeyboardInterrupt

    async def never_ends(*_: object, **__: object) -> None:
        begun.append(os.environ["HARNESS_CACHE"])
        asyncio.get_running_loop().call_soon(break_off)
        await asyncio.Event().wait()

    monkeypatch.setattr(module, "run_scenarios", never_ends)
    before = dict(os.environ)
    with pytest.raises(KeyboardInterrupt):
        module.shipped_runs(tmp_path, tmp_path / "speech")
    assert begun == [str(tmp_path / "speech")]
    assert dict(os.environ) == before
