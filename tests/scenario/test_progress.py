"""Nobody has to watch a run."""

import inspect

from harness.scenario.progress import NoProgress, Progress


def test_the_silent_watcher_takes_everything_a_run_tells() -> None:
    told = [name for name in vars(Progress) if not name.startswith("_")]
    watcher = NoProgress()
    for name in told:
        method = getattr(watcher, name)
        assert method(*[None] * len(inspect.signature(method).parameters)) is None
