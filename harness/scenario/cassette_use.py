"""Cassettes in a run of scenarios: which one answers which scenario, and where new ones go."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import cast, get_args

from harness.cassette.files import check_target
from harness.cassette.replay import Delays
from harness.cassette.shelf import CassetteOptions, assistant_name, cassettes_in, choose
from harness.client.server_api import ServerAddress, choose_assistant
from harness.errors import UsageError
from harness.server.assistants.choice import Parts


@dataclass(frozen=True)
class CassetteUse:
    """What a run is told about cassettes; by default nothing."""

    record: str | None = None
    """Folder of the cassette that is made, or of one folder a scenario."""

    record_each: bool = False
    """Whether each scenario has a folder of its own there, of its name."""

    cassette: str | None = None
    """Folder of the cassette that answers, or of several, by the names of scenarios."""

    delays: str = "recorded"
    lenient: bool = False

    overwrite: bool = False
    """Whether what is made may replace a cassette that was edited by hand."""

    def options(self) -> CassetteOptions | None:
        """What answers, checked; None: no cassette.

        Raises:
            UsageError: no such delays, or what belongs to a cassette is given without one.
        """
        if self.delays not in get_args(Delays):
            raise UsageError(
                "There are no such delays.",
                expected=" or ".join(get_args(Delays)),
                found=self.delays,
            )
        if self.overwrite and self.record is None:
            raise UsageError(
                "--overwrite is for a cassette that is recorded anew, and none is recorded.",
                expected="--record DIR with it",
            )
        if self.cassette is None:
            if self.lenient or self.delays != "recorded":
                raise UsageError(
                    "--delays and --lenient say how a cassette answers, and none was given.",
                    expected="--cassette DIR with them",
                )
            return None
        return CassetteOptions(Path(self.cassette), cast("Delays", self.delays), self.lenient)

    def target(self, scenario: str) -> Path | None:
        """Where the cassette of a scenario's call goes; None where none is made."""
        if self.record is None:
            return None
        return Path(self.record) / scenario if self.record_each else Path(self.record)


def check_cassettes(
    use: CassetteUse, scenarios: Sequence[str], *, server_url: str | None, calls_elsewhere: bool
) -> None:
    """See that the cassettes can be used and made, before anything starts.

    Args:
        scenarios: their names.
        calls_elsewhere: a page of the user's own calls a server of its own choosing.

    Raises:
        UsageError: one cannot.
    """
    options = use.options()
    for target in filter(None, map(use.target, scenarios)):
        check_target(target, overwrite=use.overwrite)
    if options is None:
        return
    if server_url is not None or calls_elsewhere:
        raise UsageError(
            "A cassette answers from the local server, and this run does not call it.",
            expected="--cassette without --server; with a page of your own, also --redirect or a "
            "program behind “--”",
            found=f"--server {server_url}" if server_url else "a page that calls elsewhere",
        )
    names = list(cassettes_in(options.folder))
    for name in scenarios:
        choose(names, name, options.folder)


def parts_of(options: CassetteOptions | None) -> Parts | None:
    """What the local server is started with."""
    if options is None:
        return None
    folder = str(options.folder.absolute())  # the server's process may be elsewhere
    return Parts(cassette=folder, delays=options.delays, lenient=options.lenient)


async def let_it_answer(
    options: CassetteOptions | None, server: ServerAddress, scenario: str
) -> None:
    """Tell the local server which cassette answers the next call."""
    if options is not None:
        name = choose(list(cassettes_in(options.folder)), scenario, options.folder)
        await choose_assistant(server, assistant_name(name))
