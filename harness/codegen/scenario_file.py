"""Scenario of a recorded session, as text: clicks at their place between the sentences. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from harness.codegen.acts import Act
from harness.codegen.page_call import PageCall
from harness.replay.listen import HeardCall
from harness.replay.plan import PlannedTurn
from harness.replay.scenario_file import Flow, as_yaml, speech_of, wait_for

ENDS_WITHIN_S = 5.0
"""A call that ends so soon after a click was ended by it."""

LEAST_PAUSE_S = 0.2
"""A shorter silence between two steps is none: a step takes about as long."""

EDGE_S = 0.15
"""How exactly it is known what came first, a click or the end of the call."""

HELD_SHARE = 0.6
"""Of a turn: so much of it was said with a button down that it was said with it."""


def recorded_scenario(
    heard: HeardCall,
    name: str,
    page: Mapping[str, Any],
    files: Sequence[str],
    acts: Sequence[Act],
    page_call: PageCall,
    network: Any = None,
) -> str:
    """The scenario in YAML, for people to read and to change.

    Args:
        heard: the recording: what was said, when, and what was answered.
        page: as the scenario has it; see `harness.codegen.page_address.page_of`.
        files: what is spoken in each turn, relative to the scenario.
        acts: what was done on the page, in order of time.
        page_call: when it called.
        network: between page and server, as a scenario has it; None: nothing stands between.
    """
    start = list(_before_call([act for act in acts if act.at_s < page_call.up_s]))
    during = [act for act in acts if act.at_s >= page_call.up_s]
    data: dict[str, Any] = {
        "name": name,
        "description": "Recorded while a person talked and clicked.",
        "tags": ["recorded"],
        "page": {**page, "start": start} if start else dict(page),
    }
    if network is not None:
        data["network"] = network
    return as_yaml({**data, "steps": list(_steps(heard, files, during, page_call))})


def _before_call(acts: Sequence[Act]) -> Iterator[dict[str, Any]]:
    """What makes the page call. Nothing is said yet, so a key that was held is pressed."""
    clicked_s = [act.at_s for act in acts if act.kind == "click"]
    for act in acts:
        if act.kind != "hold":
            yield _step(act)
        elif not any(abs(at_s - act.at_s) <= EDGE_S for at_s in clicked_s):  # it was this click
            yield {"press": _flowing(act.content)}


def _step(act: Act) -> dict[str, Any]:
    return {act.kind: _flowing(act.content)}


def _flowing(content: Any) -> Any:
    if isinstance(content, dict):
        return Flow({key: _flowing(value) for key, value in content.items()})
    return [_flowing(each) for each in content] if isinstance(content, list) else content


def _steps(
    heard: HeardCall, files: Sequence[str], acts: Sequence[Act], page_call: PageCall
) -> Iterator[Any]:
    turns = heard.plan.turns
    end = _ending(acts, page_call)
    left = [act for act in acts if end is None or act.at_s < end.at_s]
    held = [_holding(turn, left) for turn in turns]
    left = [act for act in left if act not in held and act.kind != "hold"]
    since_s = page_call.up_s
    before: PlannedTurn | None = None
    for turn, file, said, act in zip(turns, files, heard.said, held, strict=True):
        due = [one for one in left if one.at_s < turn.user.start_s]
        left = left[len(due) :]
        yield from _lead(heard, before, turn, due, since_s)
        yield _speech(turn, speech_of(file, said), act)
        before, since_s = turn, turn.cut.end_s
    yield from _after(heard, before, left, since_s)
    yield "hang_up" if end is None else {"hang_up": Flow(click=_flowing(end.content))}


def _ending(acts: Sequence[Act], page_call: PageCall) -> Act | None:
    """The click that ended the call; None: it was another thing, or the call had not ended."""
    ended_s = page_call.ended_s
    if ended_s is None:
        return None
    clicks = [act for act in acts if act.kind == "click" and act.at_s <= ended_s + EDGE_S]
    last = clicks[-1] if clicks else None
    return last if last is not None and ended_s - last.at_s <= ENDS_WITHIN_S else None


def _holding(turn: PlannedTurn, acts: Sequence[Act]) -> Act | None:
    """The button or key that was down while most of a turn was said.

    Not all of it: who lets go on the last word has held it, and a busy machine places a press
    later than it was.
    """

    def held_share(act: Act) -> float:
        begun_s = max(act.at_s - act.held_s, turn.user.start_s)
        return (min(act.at_s, turn.user.end_s) - begun_s) / (turn.user.end_s - turn.user.start_s)

    pressed = [act for act in acts if act.kind in ("click", "hold") and act.held_s > 0]
    longest = max(pressed, key=held_share, default=None)
    return longest if longest is not None and held_share(longest) >= HELD_SHARE else None


def _speech(turn: PlannedTurn, speech: Flow, held: Act | None) -> dict[str, Any]:
    if held is not None:
        return {"hold": Flow({**_flowing(held.content), "while": speech})}
    if turn.start == "interrupts":
        return {"interrupt": Flow(after_ms=round(turn.after_s * 1000), say=speech)}
    return {"say": speech}


def _lead(
    heard: HeardCall,
    before: PlannedTurn | None,
    turn: PlannedTurn,
    acts: Sequence[Act],
    since_s: float,
) -> Iterator[dict[str, Any]]:
    """What is waited for and done before a turn is said.

    Args:
        since_s: from when on the user was silent: the end of what was said before, or the call's
            beginning.
    """
    answer = before.agent if before is not None else heard.plan.greeting
    has_waited = before is not None and before.is_aside
    waits = turn.start in ("greeting", "answer") and answer is not None and not has_waited
    if turn.start == "interrupts":
        yield from (_step(act) for act in acts)
        return
    if waits and answer is not None:
        early = [act for act in acts if act.at_s < answer.end_s]
        yield from (_step(act) for act in early)
        late = acts[len(early) :]
        next_s = late[0].at_s if late else turn.cut.start_s
        pause_s = round(max(0.0, next_s - answer.end_s), 3)
        yield {"wait": wait_for(heard, before, pause_s)}
        yield from _paced(late, next_s, turn.cut.start_s)
        return
    yield from _paced(acts, since_s, turn.cut.start_s)


def _paced(acts: Sequence[Act], since_s: float, until_s: float) -> Iterator[dict[str, Any]]:
    """Acts with the silence that was between them."""
    for act in acts:
        yield from _silence(since_s, act.at_s)
        yield _step(act)
        since_s = max(since_s, act.at_s)
    yield from _silence(since_s, until_s)


def _silence(since_s: float, until_s: float) -> Iterator[dict[str, Any]]:
    if until_s - since_s >= LEAST_PAUSE_S:
        yield {"silence": round(until_s - since_s, 3)}


def _after(
    heard: HeardCall, last: PlannedTurn | None, acts: Sequence[Act], since_s: float
) -> Iterator[dict[str, Any]]:
    """What comes behind the last turn."""
    answer = last.agent if last is not None else heard.plan.greeting
    if answer is None:
        yield from _paced(acts, since_s, since_s)
        yield {"silence": 1}
        return
    early = [act for act in acts if act.at_s < answer.end_s]
    yield from (_step(act) for act in early)
    yield {"wait": wait_for(heard, last, None)}
    yield from _paced(acts[len(early) :], answer.end_s, answer.end_s)
