"""Session settings in a file: one JSON object, written whole or not at all."""

from __future__ import annotations

import os
from pathlib import Path

from harness.errors import ArtifactError, SettingsError
from harness.paths import StrPath
from harness.realtime.client.settings import SessionSettings


def save_settings(settings: SessionSettings, path: StrPath) -> None:
    """Write the settings; a file that is there keeps its content until the new one is whole.

    Secrets of remote tool servers are left out.

    Raises:
        ArtifactError: it cannot be written.
    """
    target = Path(path)
    draft = target.with_name(f".{target.name}.{os.getpid()}.part")
    try:
        draft.write_text(settings.to_text() + "\n", encoding="utf-8")
        draft.replace(target)
    except OSError as error:
        draft.unlink(missing_ok=True)
        raise ArtifactError(
            f"The session settings could not be written to {target}.", found=str(error)
        ) from error


def load_settings(path: StrPath) -> SessionSettings:
    """Read what `save_settings` wrote.

    Raises:
        SettingsError: no such file, or not whole settings of this version; names the file.
    """
    try:
        text = Path(path).read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise SettingsError(
            f"The session settings {path} cannot be read.", found=str(error)
        ) from error
    return SessionSettings.from_text(text, str(path))
