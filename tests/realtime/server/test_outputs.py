from dataclasses import FrozenInstanceError

import pytest

from harness.realtime.server.outputs import Close, Synthesise


def test_outputs_are_values() -> None:
    assert Close("a") == Close("a")
    job = Synthesise("job_1", "Yes.", "marin", 1.0)
    with pytest.raises(FrozenInstanceError):
        job.text = "No."  # type: ignore[misc]
