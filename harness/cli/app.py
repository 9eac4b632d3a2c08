"""The commands and their arguments; each one's work is in the module of its name."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from harness.cli.bench_command import bench
from harness.cli.call_file_commands import export, findings, pack, view
from harness.cli.cassette_command import cassette
from harness.cli.choices import (
    AnyKey,
    CacheAction,
    Cassette,
    CassetteDelays,
    Delays,
    Json,
    Lenient,
    PlaywrightTrace,
)
from harness.cli.compare_command import baseline, compare
from harness.cli.history_command import history
from harness.cli.inspect_command import inspect
from harness.cli.record_command import record
from harness.cli.replay_command import replay
from harness.cli.run_command import run
from harness.cli.score_command import score
from harness.cli.suite_commands import init, list_scenarios, validate

CONFIGURED = ("run", "list", "validate")
"""Commands whose options may be given by the project, in its pyproject.toml."""

app = typer.Typer(
    name="harness",
    rich_markup_mode=None,
    context_settings={"help_option_names": ["-h", "--help"]},
)


@app.callback(invoke_without_command=True)
def harness(
    context: typer.Context,
    version: Annotated[bool, typer.Option("--version", help="Print the version.")] = False,
) -> int:
    """Drive web pages that talk: real Chromium, real WebRTC, every event on one timeline.

    \b
    First things to try:
      harness doctor
      harness run rover --out out/demo
      harness init voice
      harness serve
    """
    if context.invoked_subcommand in CONFIGURED:
        from harness.suite.settings import find_settings

        options = find_settings(Path.cwd()).options
        context.default_map = dict.fromkeys(CONFIGURED, options)
    if version:
        from harness.version import VERSION

        typer.echo(f"harness {VERSION}")
        return 0
    if context.invoked_subcommand is None:
        typer.echo(context.get_help(), err=True)
        raise typer.Exit(2)
    return 0


app.command()(run)
app.command("list")(list_scenarios)
app.command()(validate)
app.command()(init)


@app.command()
def serve(
    port: Annotated[int, typer.Option(help="0 takes a free one.", min=0, max=65_535)] = 8080,
    host: Annotated[
        str,
        typer.Option(
            help="The address to listen on; any but a loopback one needs a key of your choosing.",
            metavar="ADDR",
        ),
    ] = "127.0.0.1",
    workers: Annotated[
        int | None,
        typer.Option(
            help="Processes that the calls are spread over; one for two cores where absent.",
            min=1,
            max=64,
        ),
    ] = None,
    max_calls: Annotated[
        int | None,
        typer.Option(help="At once in each process; more are answered 429.", min=1, max=1000),
    ] = None,
    script: Annotated[
        Path | None, typer.Option(help="What the assistant says (YAML or JSON).", metavar="FILE")
    ] = None,
    api_key_env: Annotated[
        str | None,
        typer.Option(
            help="The environment variable with the key; HARNESS_API_KEY where absent.",
            metavar="NAME",
        ),
    ] = None,
    assistant: Annotated[
        str | None,
        typer.Option(
            help="Who answers: script, echo, echo-sound, llm, or module:factory of your own.",
            metavar="NAME",
        ),
    ] = None,
    llm_url: Annotated[
        str | None,
        typer.Option(help="For llm: any OpenAI-compatible chat endpoint.", metavar="URL"),
    ] = None,
    llm_model: Annotated[
        str | None, typer.Option(help="For llm: the model's name there.", metavar="NAME")
    ] = None,
    llm_key_env: Annotated[
        str | None,
        typer.Option(
            help="The environment variable with its key; HARNESS_LLM_API_KEY where absent.",
            metavar="NAME",
        ),
    ] = None,
    detector: Annotated[
        str | None, typer.Option(help="Your own speech detection.", metavar="MODULE:FACTORY")
    ] = None,
    recogniser: Annotated[
        str | None, typer.Option(help="Your own speech recognition.", metavar="MODULE:FACTORY")
    ] = None,
    synthesiser: Annotated[
        str | None, typer.Option(help="Your own speech synthesis.", metavar="MODULE:FACTORY")
    ] = None,
    turn_completion: Annotated[
        str | None,
        typer.Option(help="Your own ear for the end of a turn.", metavar="MODULE:FACTORY"),
    ] = None,
    faults: Annotated[
        Path | None,
        typer.Option(help="What goes wrong on demand (YAML or JSON).", metavar="FILE"),
    ] = None,
    threads: Annotated[
        str | None,
        typer.Option(
            help="Where written threads are kept, a file or postgresql://…; memory if absent.",
            metavar="FILE",
        ),
    ] = None,
    context: Annotated[
        list[Path] | None,
        typer.Option(
            help="A context whose tools work in calls of the chat page; may be repeated.",
            metavar="FILE",
        ),
    ] = None,
    accept_any_key: AnyKey = False,
    cassette: Cassette = None,
    delays: CassetteDelays = Delays.recorded,
    lenient: Lenient = False,
    json: Json = False,
) -> int:
    """Start the local Realtime server and its page.

    It stays until Ctrl-C. By default it listens on this machine alone and makes a key of its own;
    a key of your choosing comes from an environment variable, never from the command line.

    With --json it prints one line {"url", "page_url", "api_key"} when it is ready; "api_key" is
    null where you chose it.

    \b
    Examples:
      harness serve
      harness serve --port 0 --script my/assistant.yaml --json
      HARNESS_API_KEY=... harness serve --host 0.0.0.0 --workers 4
      harness serve --assistant llm --llm-url http://127.0.0.1:11434/v1 --llm-model llama3.2
      harness serve --cassette cassettes/booking
    """
    from harness.cli.cassette import given_cassette
    from harness.cli.serve import ServeOptions, serve_until_stopped

    return serve_until_stopped(
        ServeOptions(
            host=host,
            port=port,
            workers=workers,
            max_calls=max_calls,
            script=script,
            api_key_env=api_key_env,
            as_json=json,
            parts={
                "assistant": assistant,
                "llm_url": llm_url,
                "llm_model": llm_model,
                "detector": detector,
                "recogniser": recogniser,
                "synthesiser": synthesiser,
                "turn_completion": turn_completion,
            },
            llm_key_env=llm_key_env,
            faults=faults,
            accept_any_key=accept_any_key,
            threads=threads,
            contexts=context or (),
            cassette=given_cassette(cassette, delays.value, lenient=lenient),
        )
    )


@app.command()
def report(
    traces: Annotated[
        list[Path],
        typer.Argument(
            metavar="TRACE",
            help="Folders of runs, or of single scenarios, trace files, or packed calls.",
        ),
    ],
    out: Annotated[
        Path | None,
        typer.Option(
            help="Where to write; the folder that is named where absent (of several single ones "
            "the one they are in), of a packed call one beside it.",
            metavar="DIR",
        ),
    ] = None,
    playwright_trace: PlaywrightTrace = None,
    json: Json = False,
) -> int:
    """Write the reports of a run anew from its traces.

    Makes results.json, junit.xml and report.html, also from traces of older versions; the
    numbers are computed anew from what was recorded. Exit 0 when the report was written,
    whatever the verdicts in it.

    \b
    Examples:
      harness report out/demo
      harness report out/monday/booking out/tuesday/booking --out out/both
    """
    from harness.cli.report import write_report

    return write_report(traces, out=out, as_json=json, playwright_trace=playwright_trace)


app.command()(inspect)
app.command()(findings)
app.command()(pack)
app.command()(export)
app.command()(view)
app.command()(score)
app.command()(record)
app.command()(replay)
app.command()(compare)
app.command()(baseline)
app.command()(history)
app.command()(cassette)


@app.command()
def doctor(
    install: Annotated[
        bool, typer.Option("--install", help="Install what is missing and can be (Chromium).")
    ] = False,
    json: Json = False,
) -> int:
    """Say what is installed, what is missing, and how to get it.

    \b
    Exit: 0 everything needed is there · 3 something needed is missing
    Examples:
      harness doctor
      harness doctor --install
    """
    from harness.cli.doctor import examine

    return examine(install=install, as_json=json)


@app.command()
def cache(
    action: Annotated[
        CacheAction, typer.Argument(help="show or clear", metavar="[show|clear]")
    ] = CacheAction.show,
    json: Json = False,
) -> int:
    """Show, or clear, what is kept of speech that was made or understood before.

    A text that was spoken once, by the same voice, is not synthesised again; the same holds for
    sound that was recognised. HARNESS_CACHE says where it is kept (empty: nowhere),
    HARNESS_CACHE_MB how large it may become; what was used least recently goes first.

    \b
    Examples:
      harness cache
      harness cache clear
      harness cache --json
    """
    from harness.cli.cache import clear_cache, show_cache

    return (clear_cache if action is CacheAction.clear else show_cache)(as_json=json)


app.command()(bench)
