"""The arguments of ``harness record``; its work is in `harness.cli.record`."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from harness.cli.choices import Agent, Json, Network, Protocol, Redirects, WhoseMicrophone


def record(
    url: Annotated[str, typer.Argument(metavar="URL", help="The page to talk with.")],
    out: Annotated[
        Path, typer.Option(help="Folder that is made; the scenario has its name.", metavar="NAME")
    ] = Path("recorded"),
    say: Annotated[
        list[str] | None,
        typer.Option(
            help="Say this once the page has called, and wait for the answer: a file, a fixture, "
            "or words. Again for the next one.",
            metavar="FILE|WORDS",
        ),
    ] = None,
    microphone: Annotated[
        WhoseMicrophone | None,
        typer.Option(
            help="own: the machine's; virtual: one that speaks files and texts. The machine's "
            "where there is a screen and no --say."
        ),
    ] = None,
    headless: Annotated[
        bool, typer.Option("--headless", help="No window, also where there is a screen.")
    ] = False,
    test: Annotated[
        bool, typer.Option("--test/--no-test", help="Run the pytest test at once.")
    ] = True,
    overwrite: Annotated[
        bool, typer.Option("--overwrite", help="Make the folder anew that is there already.")
    ] = False,
    redirect: Redirects = None,
    protocol: Protocol = None,
    agent: Agent = None,
    network: Network = None,
    json: Json = False,
) -> int:
    """Hold a conversation with a page; it becomes a scenario with fixtures and a pytest test.

    The page opens in a browser. Talk and click; end it by closing the window, or by typing “end”.
    Without a microphone, type what is to be said: say FILE, say "words".

    \b
    Exit: that of the test · 2 usage, or nobody spoke · 3 environment
    Examples:
      harness record http://localhost:3000/ --out booking
      harness record http://localhost:3000/ --out booking --say hello.wav --say "At seven, please."
      printf 'click "#call"\\nsay hello.wav\\nend\\n' | harness record http://localhost:3000/
    """
    from harness.call.opening import CallOptions
    from harness.cli.record import RecordWish, record_conversation
    from harness.protocols.choice import AUTO

    wish = RecordWish(
        url=url,
        out=out,
        say=tuple(say or ()),
        microphone=None if microphone is None else microphone.value,
        headless=headless,
        overwrite=overwrite,
        test=test,
        call=CallOptions(
            redirect=list(redirect) if redirect else None,
            protocol=protocol or AUTO,
            agent=agent or AUTO,
            network=network,
        ),
    )
    return record_conversation(wish, as_json=json)
