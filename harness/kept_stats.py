"""Reports of getStats as a trace keeps them: now and then whole, between them what changed. Pure.

A page tells some 10 KB a second, and little of it is new. Of the reports of one connection the
first and every `WHOLE_EVERY`-th are written as they came. Each line between them names the event
that it follows, in ``since``, and its data is a difference::

    {"connection": "connection-0", "timestamp": 1764504684123.4,
     "changed": {"IT01": {"packetsReceived": 250}}, "gone": {"CPa": true, "CPb": ["nominated"]}}

``timestamp`` is that of every entry that has one, but for those whose own is in ``changed``.
``gone`` are whole entries (true), or fields of one; an entry that is in both was replaced.
``order`` lists all ids where new ones do not stand behind the others. All else is as it was.

What a difference cannot tell exactly is written whole, and so is what would not become shorter.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

TYPE = "stats"
"""Of the events that are kept so."""

SINCE = "since"
"""Beside ``data`` in a line: the number of the event that its difference follows."""

WHOLE_EVERY = 30
"""A trace that is cut or damaged anywhere loses fewer reports than these."""

MOST_CHAINS = 64
"""Connections that are followed at a time; beyond them the next report of one is whole again."""

LOST = "lost_since"
"""In the data of a report that cannot be told: the event that it follows, which is not there."""

_STAMP = "timestamp"
_OWN = frozenset({_STAMP, "changed", "gone", "order", LOST})
"""Keys of a difference; data that has one of its own is always written whole."""

Last = TypeVar("Last")


class Chains(Generic[Last]):
    """The last report of each connection; the writer and its readers have the same ones."""

    def __init__(self) -> None:
        self._last: dict[str, tuple[int, Last]] = {}

    def take(self, line: Mapping[str, Any]) -> tuple[int, Last] | None:
        """Number and report of the event that this line comes behind, if there is one."""
        key = _connection(line)
        return None if key is None else self._last.pop(key, None)

    def take_since(self, line: Mapping[str, Any]) -> Last | None:
        """The report that this line's difference is about, if it is there."""
        found = self.take(line)
        return found[1] if found is not None and found[0] == line.get(SINCE) else None

    def put(self, line: Mapping[str, Any], last: Last) -> None:
        """This line is the last of its connection now."""
        key = _connection(line)
        if key is not None:
            self._last[key] = (line["seq"], last)
        if len(self._last) > MOST_CHAINS:
            del self._last[next(iter(self._last))]


@dataclass(frozen=True, slots=True)
class _Written:
    data: Mapping[str, Any]
    behind: int
    """How many lines behind the last that is whole."""


class StatsKeeper:
    """Makes of whole reports what a trace keeps of them."""

    def __init__(self) -> None:
        self._chains: Chains[_Written] = Chains()

    def kept(self, line: dict[str, Any]) -> dict[str, Any]:
        """The next line as it is written.

        Args:
            line: of a report, whole, masked, and as JSON reads it: all that readers will get.

        Returns:
            The line itself, or one with a difference.
        """
        before, short = self._chains.take(line), None
        if before is not None and before[1].behind + 1 < WHOLE_EVERY:
            short = _shortened(before[0], before[1].data, line)
        behind = 0 if before is None or short is None else before[1].behind + 1
        self._chains.put(line, _Written(line["data"], behind))
        return line if short is None else short


class WholeReports:
    """Makes of the lines that a trace keeps whole reports again, one line after another."""

    def __init__(self) -> None:
        self._chains: Chains[dict[str, Any]] = Chains()

    def data_of(self, line: Mapping[str, Any]) -> dict[str, Any]:
        """The data of the next line, whole; of other types, as it is."""
        data: dict[str, Any] = line["data"]
        if line["type"] == TYPE:
            before = self._chains.take_since(line)
            data = whole(before, line) if is_difference(line) else data
            self._chains.put(line, data)
        return data


def is_difference(line: Mapping[str, Any]) -> bool:
    """Whether a line's data is what changed, not what there was."""
    return line["type"] == TYPE and SINCE in line


def whole(before: Mapping[str, Any] | None, line: Mapping[str, Any]) -> dict[str, Any]:
    """The data of a line that has a difference.

    Entries in which nothing changed are those of the report before, not copies.

    Args:
        before: the data of the event that it follows; None where that is not there.
        line: the line.

    Returns:
        What was told; with `LOST`, and an empty report, where it cannot be known any more.
    """
    data = line["data"] if isinstance(line["data"], dict) else {}
    rest = {name: value for name, value in data.items() if name not in _OWN}
    try:
        if before is not None and LOST not in before:
            return {**rest, "report": _changed(before["report"], data)}
    except (AttributeError, KeyError, TypeError, ValueError):  # somebody edited the file
        pass
    return {**rest, "report": [], LOST: line[SINCE]}


def _connection(line: Mapping[str, Any]) -> str | None:
    """What tells one connection's reports from those of others; None where none follows another."""
    data = line["data"]
    if not isinstance(data, dict):
        return None
    if SINCE not in line and ("report" not in data or not _OWN.isdisjoint(data)):
        return None
    rest = {name: data[name] for name in sorted(data) if name != "report" and name not in _OWN}
    return json.dumps([line["source"], rest])


def _shortened(
    since: int, before: Mapping[str, Any], line: Mapping[str, Any]
) -> dict[str, Any] | None:
    """The line with a difference; None where that would be inexact or longer."""
    data = line["data"]
    told = _difference(before["report"], data["report"])
    if told is None:
        return None
    rest = {name: value for name, value in data.items() if name != "report"}
    others = {name: value for name, value in line.items() if name != "data"}
    short = {**others, SINCE: since, "data": {**rest, **told}}
    is_exact = _text(whole(before, short).get("report")) == _text(data["report"])
    return short if is_exact and len(_text(short)) < len(_text(line)) else None


def _difference(before: Any, now: Any) -> dict[str, Any] | None:
    """From one report to the next."""
    old_entries, entries = _entries(before), _entries(now)
    if old_entries is None or entries is None:
        return None
    stamp = _most_common_stamp(entries)
    changed: dict[str, Any] = {}
    gone: dict[str, Any] = {id: True for id in old_entries if id not in entries}
    for id, entry in entries.items():
        old = old_entries.get(id)
        if old is None:
            changed[id] = entry
            continue
        stamped = old if stamp is None else _with_changes(old, stamp, {}, ())
        fields = {name: value for name, value in entry.items()
                  if name not in stamped or not _is_same(stamped[name], value)}  # fmt: skip
        lost = [name for name in old if name not in entry]
        if list(_with_changes(old, None, fields, lost)) != list(entry):
            changed[id], gone[id] = entry, True  # its fields stand in another order
            continue
        changed |= {id: fields} if fields else {}
        gone |= {id: lost} if lost else {}
    natural = [*(id for id in old_entries if id in entries),
               *(id for id in entries if id not in old_entries)]  # fmt: skip
    told = {_STAMP: stamp, "changed": changed, "gone": gone or None,
            "order": None if natural == list(entries) else list(entries)}  # fmt: skip
    return {name: value for name, value in told.items() if value is not None}


def _changed(before: Any, told: Mapping[str, Any]) -> Any:
    """The next report by what is told of it; raises what Python does where that is nonsense."""
    old_entries = _entries(before)
    if old_entries is None:
        raise ValueError("no entries to change")
    changed, gone = told["changed"], told.get("gone", {})
    entries: dict[str, Any] = {}
    for id, old in old_entries.items():
        lost = gone.get(id, ())
        if lost is not True:
            entries[id] = _with_changes(old, told.get(_STAMP), changed.get(id, {}), lost)
        elif id in changed:
            entries[id] = changed[id]
    entries |= {id: entry for id, entry in changed.items() if id not in old_entries}
    if "order" in told:
        entries = {id: entries[id] for id in told["order"]}
    return list(entries.values()) if isinstance(before, list) else entries


def _with_changes(
    old: dict[str, Any], stamp: Any, fields: Mapping[str, Any], lost: Any
) -> dict[str, Any]:
    is_newer = stamp is not None and _STAMP in old and not _is_same(old[_STAMP], stamp)
    if not (is_newer or fields or lost):
        return old
    entry = {**old, **({_STAMP: stamp} if is_newer else {}), **fields}
    for name in lost:
        del entry[name]
    return entry


def _entries(report: Any) -> dict[str, dict[str, Any]] | None:
    """The objects of a report by their ids; None where they cannot be told apart by them."""
    if isinstance(report, list):
        named = [entry for entry in report if isinstance(entry, dict)]
        entries = {id: entry for entry in named if isinstance(id := entry.get("id"), str)}
        return entries if len(entries) == len(report) else None
    if isinstance(report, dict) and all(isinstance(entry, dict) for entry in report.values()):
        return report
    return None


def _most_common_stamp(entries: Mapping[str, Mapping[str, Any]]) -> int | float | None:
    stamps = (entry.get(_STAMP) for entry in entries.values())
    found = Counter(one for one in stamps if type(one) in (int, float)).most_common(1)
    return found[0][0] if found else None


def _is_same(one: Any, other: Any) -> bool:
    """Whether JSON writes both alike: 1, 1.0 and true are three values."""
    if type(one) is not type(other) or one != other:
        return False
    return not isinstance(one, float | list | dict) or _text(one) == _text(other)


def _text(value: Any) -> bytes:
    return json.dumps(value, ensure_ascii=False).encode("utf-8", errors="surrogatepass")
