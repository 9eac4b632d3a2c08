"""Tables of a scenario: one run a row. They stand in the file under ``each``, or in a CSV file."""

from __future__ import annotations

import csv
import difflib
import io
import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from harness.errors import ScenarioError
from harness.scenario.scope import SECRET_NAME, is_name
from harness.yaml_file import CHECK_THE_PATH, YamlFile, similar_file

NAME_COLUMN = "name"
"""The column that names its row; else it is the first one that is no secret."""

MAX_ROWS = 10_000
LONGEST_LABEL = 40
DELIMITERS = (",", ";", "\t")


@dataclass(frozen=True)
class Row:
    """One row of a table."""

    label: str
    """What its run is called, behind the scenario's name."""

    values: Mapping[str, Any] = field(repr=False)
    """As written, by column."""

    place: str
    """Where it is written, for people: "guests.csv:3"."""


def rows_of(file: YamlFile, secret: frozenset[str], public: frozenset[str]) -> list[Row]:
    """The rows of a scenario's table.

    Args:
        secret, public: names of columns that are secrets, and that are none, as the file says.

    Raises:
        ScenarioError: no table, or one with wrong columns; with file and line.
    """
    each = file.data["each"]
    if isinstance(each, str):
        rows = _from_csv(file.path.parent / each, file.place(("each",)))
    elif isinstance(each, list) and each:
        rows = _from_list(file, each)
    else:
        raise ScenarioError(
            f"{file.place(('each',))}: each: this is no table.",
            expected="a CSV file, or a list of rows: [{city: Rome}, {city: Oslo}]",
            found=repr(each)[:100],
        )
    hidden = {
        name
        for name in rows[0][0]
        if name not in public and (name in secret or SECRET_NAME.search(name))
    }
    return _labelled(rows, hidden)


def _from_list(file: YamlFile, each: list[Any]) -> list[tuple[dict[str, Any], str]]:
    rows = []
    columns: list[str] = []
    for index, row in enumerate(each):
        place = file.place(("each", index))
        if not isinstance(row, dict):
            raise ScenarioError(
                f"{place}: each: a row names its columns.",
                expected="{city: Rome, words: [rome]}",
                found=repr(row)[:100],
            )
        columns = columns or _names(list(row), place)
        if set(row) != set(columns):
            raise _other_columns(place, columns, list(row))
        rows.append((row, place))
    return rows


def _from_csv(path: Path, place: str) -> list[tuple[dict[str, Any], str]]:
    try:
        text = path.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        raise ScenarioError(
            f"{place}: each: cannot read the table {path}.",
            expected="a CSV file in UTF-8 with a line of column names",
            found=getattr(error, "strerror", None) or str(error),
            hint=None if path.is_file() else similar_file(path) or CHECK_THE_PATH,
        ) from error
    first = text.split("\n", 1)[0]
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=max(DELIMITERS, key=first.count))
    columns: list[str] = []
    rows: list[tuple[dict[str, Any], str]] = []
    try:
        for cells in reader:
            where = f"{path}:{reader.line_num}"
            values = [cell.strip() for cell in cells]
            if not any(values):
                continue
            if not columns:
                columns = _names(values, where)
                continue
            if len(values) != len(columns):
                raise ScenarioError(
                    f"{where}: this row has {len(values)} cells.",
                    expected=f"{len(columns)}, one a column: {', '.join(columns)}",
                    found=" | ".join(values)[:100],
                    hint="put quotes around a cell that holds the delimiter"
                    if len(values) > len(columns)
                    else "a cell without a value has its delimiter nevertheless",
                )
            rows.append((dict(zip(columns, values, strict=True)), where))
    except csv.Error as error:
        raise ScenarioError(
            f"{path}:{reader.line_num}: this is not CSV.",
            expected="rows of cells",
            found=str(error),
        ) from error
    if not rows or len(rows) > MAX_ROWS:
        raise ScenarioError(
            f"{path}: this table has {len(rows) or 'no'} rows.",
            expected=f"a line of column names, and 1 to {MAX_ROWS} rows below it",
            found=f"{len(rows)} rows" if columns else "an empty file",
        )
    return rows


def _names(columns: list[Any], place: str) -> list[str]:
    """The names of columns, which are those of variables."""
    for index, name in enumerate(columns):
        if not is_name(name):
            raise ScenarioError(
                f"{place}: column {index + 1} has no name that ${{…}} can hold.",
                expected="letters, digits and underscores, not beginning with a digit",
                found=repr(name),
            )
        if name in columns[:index]:
            raise ScenarioError(
                f"{place}: two columns are called “{name}”.",
                expected="each name once",
                found=", ".join(columns),
            )
    if not columns:
        raise ScenarioError(f"{place}: this row is empty.", expected="a column", found="none")
    return columns


def _other_columns(place: str, columns: list[str], found: list[Any]) -> ScenarioError:
    names = [str(name) for name in found]
    new = next((name for name in names if name not in columns), None)
    near = difflib.get_close_matches(new, columns, n=1) if new else []
    return ScenarioError(
        f"{place}: each: this row has other columns than the first one.",
        expected=", ".join(columns),
        found=", ".join(names) or "none",
        hint=f"“{new}”: did you mean “{near[0]}”?" if near else None,
    )


def _labelled(rows: list[tuple[dict[str, Any], str]], hidden: set[str]) -> list[Row]:
    columns = list(rows[0][0])
    shown = [name for name in columns if name not in hidden]
    column = NAME_COLUMN if NAME_COLUMN in shown else next(iter(shown), None)
    labelled: list[Row] = []
    taken: dict[str, str] = {}
    for number, (values, place) in enumerate(rows, start=1):
        text = str(values[column]) if column is not None else ""
        # What is behind a reference may be a secret, and no name can be one.
        label = "" if "${" in text else _label(text)
        label = label or f"row-{number}"
        if label.lower() in taken:
            raise ScenarioError(
                f"{place}: this row is called “{label}”, as another one is.",
                expected=f"a different {column or 'name'} in each row: runs are called after it",
                found=f"the other one at {taken[label.lower()]}",
                hint=f"add a column {NAME_COLUMN}" if column != NAME_COLUMN else None,
            )
        taken[label.lower()] = place
        labelled.append(Row(label, values, place))
    return labelled


def _label(text: str) -> str:
    """A text as a part of a folder's name."""
    plain = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode("ascii")
    return re.sub(r"[^A-Za-z0-9.]+", "-", plain)[:LONGEST_LABEL].strip("-.")
