"""Closed classes: words of which another one is always another meaning, however alike they sound.

A wrong day, number, negation or direction is what a verdict is for. None of these words is ever
"near" another word; "same" and "homophone" they may be.
"""

from __future__ import annotations


def _set(words: str) -> frozenset[str]:
    return frozenset(words.split())


NEGATIONS = _set("no not none never nothing nobody nowhere neither nor without")

NUMBERS = _set(
    """
    zero oh one two three four five six seven eight nine ten eleven twelve thirteen fourteen
    fifteen sixteen seventeen eighteen nineteen twenty thirty forty fifty sixty seventy eighty
    ninety hundred thousand million billion first second third fourth fifth sixth seventh eighth
    ninth tenth eleventh twelfth thirteenth fourteenth fifteenth sixteenth seventeenth eighteenth
    nineteenth twentieth thirtieth half quarter double triple once twice minus plus
    """
)

DAYS = _set("monday tuesday wednesday thursday friday saturday sunday")

MONTHS = (
    "january",
    "february",
    "march",
    "april",
    "may",
    "june",
    "july",
    "august",
    "september",
    "october",
    "november",
    "december",
)

TIMES = _set(
    """
    today tomorrow yesterday tonight morning noon afternoon evening night midnight am pm now then
    day days week weeks month months year years hour hours minute minutes second seconds weekday
    weekend early late earlier later before after until since
    """
)

ANSWERS = _set("yes yeah yep no nope yet okay right wrong true false maybe")

DIRECTIONS = _set(
    """
    left right up down in out on off over under above below north south east west inside outside
    from to with more less most least all any some many few open closed accept except include
    exclude increase decrease arrive depart arrival departure buy sell enable disable
    """
)

AUXILIARIES = _set(
    """
    am is are was were be been do does did have has had can could will would shall should may
    might must need ought
    """
)
"""With "not" behind them they say the opposite, so neither is held by the other."""

PRONOUNS = _set(
    """
    i you he she it we they me him her us them my your his its our their mine yours hers ours
    theirs this that these those who whom whose which what where when why how here there
    """
)

CLOSED = (
    NEGATIONS
    | NUMBERS
    | DAYS
    | frozenset(MONTHS)
    | TIMES
    | ANSWERS
    | DIRECTIONS
    | AUXILIARIES
    | PRONOUNS
)

FUNCTION_WORDS = _set(
    """
    a an the to for by in be or but are we i you your our do would which been so too at of and not
    with
    """
)
"""Mostly unstressed. Where one of them is heard, the content word that sounds like its stressed
form was said only if it stands where these cannot: "a table for to." is "two", "for two" is not
"four"."""

LAST_WORDS = _set("too by i you we")
"""Function words that stand at the end of a clause as themselves: "you too."."""

PREPOSITIONS = _set("to for at by of in on from")

NEVER_HOMOPHONES = frozenset({frozenset({"no", "know"}), frozenset({"not", "knot"})})
"""The sentence tells them apart, and a recogniser knows sentences."""
