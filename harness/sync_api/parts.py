"""Parts of a Realtime client: its requests, its microphone.

Written by `python -m harness.sync_api.generate`: do not edit.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from harness.client.microphone import Microphone as _Microphone
from harness.client.requests import Request as _Request
from harness.sync_api.loop import Runner

if TYPE_CHECKING:
    from pathlib import Path

    from harness.audio.clip import AudioClip
    from harness.errors import HarnessError
    from harness.realtime.wire import Event


class Request:
    """Something asked of the server. `wait` for the answer, or leave it.

    Waiting gives the server's event (None where there was nothing to do), or raises
    `ProtocolError` with the protocol's code. Not waited for, a refusal is an “error” event only.
    """

    def __init__(self, wrapped: _Request, runner: Runner) -> None:
        self._wrapped = wrapped
        self._runner = runner

    @property
    def is_settled(self) -> bool:
        """Whether the server has answered or refused it."""
        return self._runner.read(lambda: self._wrapped.is_settled)

    @property
    def problem(self) -> HarnessError | None:
        """Why it was refused; None where it was not, or not yet."""
        return self._runner.read(lambda: self._wrapped.problem)

    def wait(self) -> Event | None:
        """The server's answer; None where there was nothing to do. A refusal is raised."""
        return self._runner.run(self._wrapped)


class Microphone:
    """The client's voice. On from the start.

    Args:
        on_change: told True or False whenever it is switched.
        is_live: whether a connection pulls, or will again: saying something needs one.
    """

    def __init__(self, wrapped: _Microphone, runner: Runner) -> None:
        self._wrapped = wrapped
        self._runner = runner

    @property
    def is_on(self) -> bool:
        """Whether what is said is sent; off, silence is."""
        return self._runner.read(lambda: self._wrapped.is_on)

    def on(self) -> None:
        """Send what is said from now on."""
        self._runner.read(lambda: self._wrapped.on())

    def off(self) -> None:
        """Send silence from now on."""
        self._runner.read(lambda: self._wrapped.off())

    def toggle(self) -> bool:
        """Switch, and say whether it is on now."""
        return self._runner.read(lambda: self._wrapped.toggle())

    def play(self, clip: AudioClip | Path | str, gain: float = 1.0) -> None:
        """Say a clip, an audio file of any usual kind, or a shipped fixture by its name.

        Returns when the last sample has gone.

        Several at once are mixed. A cancelled one falls silent.

        Raises:
            FixtureError: the file cannot be used.
            NotConnected: no call is open, or it ended meanwhile.
        """
        self._runner.run(self._wrapped.play(clip, gain))

    def stop_all(self) -> None:
        """Fall silent at once; whoever waits for the end of what is said goes on."""
        self._runner.read(lambda: self._wrapped.stop_all())
