"""The arguments of ``harness bench``; its work is in `harness.cli.bench`."""

from __future__ import annotations

from typing import Annotated

import typer

from harness.cli.choices import Benchmark, Json


def bench(
    what: Annotated[
        Benchmark,
        typer.Argument(
            help="microphone, bridge, page-overhead, engines, speech, detector, verdicts, "
            "impairment, latency, overhead, barge-in, compare, contexts, findings, replay, "
            "cassette, viewer, server or soak",
            metavar="WHAT",
        ),
    ],
    engine: Annotated[
        str | None, typer.Option(help="soak: the WebRTC engine; wrtc where absent.", metavar="NAME")
    ] = None,
    minutes: Annotated[
        float | None,
        typer.Option(
            help="soak: for how long; 20 where absent, 10 with --server. viewer: of the call.",
            min=0.01,
        ),
    ] = None,
    server: Annotated[
        bool, typer.Option("--server", help="soak: against the local server, not one engine.")
    ] = False,
    hours: Annotated[
        float | None,
        typer.Option(help="soak, overhead: this much conversation in simulated time.", min=0.01),
    ] = None,
    workers: Annotated[
        int | None,
        typer.Option(help="server, soak --server: its processes; 1 where absent.", min=1, max=64),
    ] = None,
    sentences: Annotated[
        int | None,
        typer.Option(
            help="verdicts: so many of the corpus, with their twins; 100 where absent.",
            min=1,
        ),
    ] = None,
    voices: Annotated[
        str | None,
        typer.Option(
            help="verdicts: names, or all; where absent they take turns. replay: a folder of "
            "recordings with a manifest.json of their words.",
            metavar="NAMES",
        ),
    ] = None,
    conditions: Annotated[
        str | None,
        typer.Option(
            help="verdicts: clean, opus, noise_15db, telephone; detector: more of them; all where "
            "absent.",
            metavar="NAMES",
        ),
    ] = None,
    pages: Annotated[
        str | None,
        typer.Option(
            help="findings: names or patterns, as “healthy/*”; all where absent.", metavar="NAMES"
        ),
    ] = None,
    out: Annotated[
        str | None, typer.Option(help="findings: where their traces stay.", metavar="DIR")
    ] = None,
    json: Json = False,
) -> int:
    """Measure our own figures beside the alternatives.

    \b
    microphone  speech quality and start error of what the server received (about two minutes)
    bridge      events from page to Python: latency, rate, losses (about a minute)
    page-overhead
                what a page with a call costs with the harness and without (about five minutes)
    engines     each WebRTC engine's times, CPU, memory and lost audio (about two minutes)
    speech      how exact and how fast our ears and mouth are (about three minutes)
    detector    edges of speech on calls of known truth, in noise too (about four minutes)
    verdicts    how often a verdict on words is wrong, in both directions (a quarter of an hour)
    server      calls of Chromium pages with the local server: audio, delays, CPU (three minutes)
    impairment  what a bad network does, asked for and seen by a page (about two minutes)
    overhead    what recording and statistics cost; memory of a call of hours (about six minutes)
    latency     programmed delays against what is measured of them (about three minutes)
    barge-in    cutting into answers: when it was asked for and when it came (three minutes)
    compare     regressions of known size: found, pinned, false alarms (about a minute)
    findings    pages with known faults, and healthy ones: what is found (half an hour)
    contexts    what a thread adds to a call, what kills lose, what is found (about four minutes)
    replay      recordings of known truth, replayed: turns, words, samples, edges (about a minute)
    cassette    one session replayed fifty times: same events, same times (about two minutes)
    viewer      the report of ten minutes and of an hour in Chromium: opening, zooming (six minutes)
    soak        calls opened and closed: failures, slowing down, what is left behind
    Examples:
      harness bench bridge
      harness bench engines --json
      harness bench soak --engine aiortc --minutes 5
      harness bench soak --server --minutes 10
      harness bench soak --hours 8
      harness bench findings --pages "microphone-*,healthy/*"
      harness bench verdicts --sentences 40 --conditions opus,noise_15db
    """
    from harness.cli.bench import measure, soak_of

    name = what.name
    if server or (hours is not None and what is not Benchmark.overhead):
        name = soak_of(name, server=server, hours=hours)
    options = {
        "engine": engine,
        "minutes": minutes,
        "hours": hours,
        "workers": workers,
        "sentences": sentences,
        "voices": voices,
        "conditions": conditions,
        "pages": pages,
        "out": out,
    }
    return measure(name, as_json=json, options=options)
