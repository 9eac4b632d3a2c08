"""Session logs read back: the conversation of an earlier call, to be put into another."""

from __future__ import annotations

from pathlib import Path

from harness.client.log import session_logs
from harness.errors import ArtifactError
from harness.paths import StrPath
from harness.realtime.client.history import History, history_from_log


def load_history(path: StrPath) -> History:
    """The conversation that a session log tells of.

    Args:
        path: a log, or a folder of them: its newest.

    Raises:
        ArtifactError: there is no log, or it cannot be read.
        HistoryError: the file is no session log, of another version, or broken before its end.
    """
    path = Path(path)
    try:
        if path.is_dir():
            logs = session_logs(path)
            if not logs:
                raise ArtifactError(
                    f"There is no session log in {path}.",
                    expected="files such as session-000001.jsonl",
                    found="none",
                )
            path = logs[-1]
        with path.open(encoding="utf-8", errors="replace") as file:
            return history_from_log(file)
    except OSError as error:
        raise ArtifactError(
            f"Cannot read the session log {path}.",
            expected="a session log",
            found=error.strerror or str(error),
        ) from error
