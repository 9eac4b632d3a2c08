"""Parties of a recorded call: which channel is the agent's, by what is said. Pure.

People who answer a telephone for others say the same few things, and so do those who call. Where
neither is heard, nobody can tell, and that is said.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from harness.audio.channels import Side

PLAIN_AGENT = (
    r"how (can|may) (i|we) (help|assist)",
    r"anything else (can|may) i (do|help)",
    r"what (can|may) i (do for you|help you with)",
    r"(thank you|thanks) for (calling|contacting|waiting|your patience|holding)",
    r"you('ve| have) reached",
    r"(is there )?anything else (that )?i can",
    r"(is|was) there anything else",
    r"this call (is|may be) (being )?recorded",
)
"""Hardly anybody says one of these who calls: one decides."""

AGENT = (
    *PLAIN_AGENT,
    r"what (can|may) i (do|help)",
    r"welcome to",
    r"(may|can|could) i (have|get|take|ask for) your",
    r"what('s| is) your (name|number|address|order number|date of birth|account)",
    r"(can|could) you (please )?(confirm|verify|spell|give me your|tell me your)",
    r"let me (check|look|see|pull|find|transfer|put you)",
    r"one moment( please)?,? (i|while|let)",
    r"i('ll| will) (check|look|transfer|connect|put you|book|cancel|send you|note)",
    r"i can (help|offer|book|confirm) ",
    r"your (order|booking|reservation|table|account|call|ticket|request) (is|has|was|will)",
    r"your appointment (is|has|was|will)",
    r"you('re| are) (all set|booked)",
    r"(would|do) you (like|want|prefer) (me|a|the|to)",
    r"for how many",
)
CALLER = (
    r"i('d| would) like (to|a|an|some)",
    r"i (want|need|wanted|have|am looking for|'m looking for) ",
    r"i('m| am) (calling|looking|trying|having|not able|unable)",
    r"(can|could|may) i (book|order|cancel|change|return|speak|talk|pay|make|reserve|move)",
    r"can we (move|change|book|make)",
    r"\bmy (order|booking|reservation|account|table|appointment|internet|bill|card|flight|name is)",
    r"(can|could|would) you (please )?(tell me|help me|cancel|change|send|book|put me)",
    r"(book|cancel|change|order|reserve) (a|an|the|my|it)\b",
    r"(do|are) you (still )?(open|have|sell|deliver)",
    r"that('s| is) (all|everything|it)",
    r"please (cancel|book|put me|send|stop)",
    r"a table for",
)
_PLAIN, _AGENT, _CALLER = (
    [re.compile(rf"\b{one}") for one in each] for each in (PLAIN_AGENT, AGENT, CALLER)
)

SURE = 2
"""So many signs more for one than for the other decide."""

GREETING = re.compile(r"\b(hello|good (morning|afternoon|evening)|this is|welcome|speaking)\b")


@dataclass(frozen=True, slots=True)
class Signs:
    """What speaks for a channel being the agent's, and the caller's."""

    agent: tuple[str, ...]
    """The words, as they were said."""

    caller: tuple[str, ...]
    is_plain: bool = False
    """Whether one of the agent's is among `PLAIN_AGENT`."""

    @property
    def weight(self) -> int:
        """Positive: an agent's words."""
        return len(self.agent) - len(self.caller) + (SURE - 1) * self.is_plain


def signs_in(texts: Sequence[str]) -> Signs:
    """The signs in what one channel says."""
    said = [text.lower().replace("’", "'") for text in texts]
    return Signs(_found(_AGENT, said), _found(_CALLER, said), bool(_found(_PLAIN, said)))


def _found(patterns: Sequence[re.Pattern[str]], said: Sequence[str]) -> tuple[str, ...]:
    matches = (pattern.search(text) for pattern in patterns for text in said)
    return tuple(dict.fromkeys(match[0].strip() for match in matches if match))


@dataclass(frozen=True, slots=True)
class Parties:
    """Who is on which channel."""

    user: Side
    why: str
    """How it is known, or that it is not, in words."""

    is_known: bool


def parties_of(
    left: Sequence[str], right: Sequence[str], greets: Side | None, remark: str | None = None
) -> Parties:
    """Who is on which channel, by what both say; the left one is the user's where nothing tells.

    Args:
        left: what the left channel says, in order.
        right: what the right one says.
        greets: the channel that speaks first; None: both at once.
        remark: that the channels look swapped by the times of the turns, in words; None: they
            do not.
    """
    signs: dict[Side, Signs] = {"left": signs_in(left), "right": signs_in(right)}
    evidence = signs["right"].weight - signs["left"].weight
    first = {"left": left, "right": right}.get(greets or "", ())
    if first and GREETING.search(first[0].lower()):
        evidence += 1 if greets == "right" else -1
    if remark is not None:
        evidence -= SURE
    if abs(evidence) < SURE:
        why = (
            "Nothing that is said tells the agent from the caller: the left channel is taken for "
            "the caller's. If it is not: --user right."
        )
        return Parties("left", why, is_known=False)
    if evidence > 0:
        return Parties("left", "", is_known=True)
    return Parties("right", f"The channels are swapped: {_evidence(signs)}.", is_known=True)


def _evidence(signs: Mapping[Side, Signs]) -> str:
    """Why the left channel is the agent's."""
    if signs["left"].agent:
        return f"the left one says {_quoted(signs['left'].agent)}"
    if signs["right"].caller:
        return f"the right one says {_quoted(signs['right'].caller)}"
    return "the left one answers as an agent does, always after the same time"


def both_on_one(texts: Sequence[str]) -> str | None:
    """Why one channel seems to hold both parties, in words; None: nothing says so."""
    agent = [text for text in texts if signs_in([text]).weight > 0]
    signs = signs_in(texts)
    if not signs.caller or not (signs_in(agent).is_plain or len(agent) >= SURE):
        return None
    agents, callers = _quoted(signs.agent), _quoted(signs.caller)
    return f"{agents}, as an agent does, and {callers}, as a caller does"


def _quoted(words: Sequence[str]) -> str:
    return " and ".join(f"“{one}”" for one in words[:2])
