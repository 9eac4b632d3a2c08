"""Nobody has to watch a run."""

import inspect
from typing import Any

from harness.hidden import hidden_values
from harness.scenario.progress import HidingProgress, NoProgress, Progress


def test_the_silent_watcher_takes_everything_a_run_tells() -> None:
    told = [name for name in vars(Progress) if not name.startswith("_")]
    watcher = NoProgress()
    for name in told:
        method = getattr(watcher, name)
        assert method(*[None] * len(inspect.signature(method).parameters)) is None


def test_what_is_hidden_is_told_to_nobody() -> None:
    said: list[Any] = []

    class Told:
        def __getattr__(self, name: str) -> Any:
            return lambda *facts: said.append((name, *facts))

    watcher = HidingProgress(Told(), hidden_values([("${A}", "swordfish")]))
    for name in (name for name in vars(Progress) if not name.startswith("_")):
        method = getattr(watcher, name)
        texts = ["a swordfish" if p.annotation == "str" else 1
                 for p in inspect.signature(method).parameters.values()]  # fmt: skip
        method(*texts)
    told = {name: facts for name, *facts in said}
    assert told["expectation"] == ["a •••", "a swordfish", "a •••", 1]  # its verdict is a word
    assert told["step"] == ["a swordfish", "a •••", 1]
    assert [told[name][0] for name in ("starting", "said", "heard", "waiting")] == ["a •••"] * 4
