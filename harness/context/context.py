"""A context as it stands, and its life cycle: a value, and functions from one to the next.

Time is an argument, in seconds since 1970. What is kept of it is a thread of the ChatKit protocol
(`Row`), with what that protocol does not know in the thread's ``metadata``.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from typing import Any, Literal

from pydantic import ValidationError

from harness.context.definition import KEPT, ContextDefinition
from harness.context.errors import (
    ContextDamaged,
    ContextEnded,
    ContextExpired,
    ContextLocked,
)
from harness.errors import UsageError

Row = dict[str, Any]
"""A thread of the ChatKit protocol, as JSON."""

Status = Literal["active", "locked", "closed"]

APPLICATION = "@application"
"""Whose an application's own contexts are: no user of a chat can have this name by accident."""

KEY = "context"
"""Of a thread's metadata: what makes it a context."""

DAY_S = 86_400.0
ID_CHARS = 24


@dataclass(frozen=True, slots=True)
class Context:
    """A thread with what a call is given beside its items."""

    id: str
    definition: ContextDefinition
    user: str
    """Whose it is; `APPLICATION` for the application's own."""

    created_unix_s: float
    updated_unix_s: float
    state: Mapping[str, Any] = field(default_factory=dict)
    status: Status = "active"
    reason: str | None = None
    """Why it is locked or closed."""

    calls: int = 0
    """How many calls it has had."""

    @property
    def name(self) -> str:
        """As its definition calls it."""
        return self.definition.name

    @property
    def expires_unix_s(self) -> float | None:
        """When it is over; None: never."""
        days = self.definition.expires_after_days
        return None if days is None else self.updated_unix_s + days * DAY_S

    def is_expired(self, unix_s: float) -> bool:
        """Whether its time is over."""
        return self.expires_unix_s is not None and unix_s >= self.expires_unix_s


def owner_of(definition: ContextDefinition, user: str | None) -> str:
    """Whose a context of that definition is.

    Raises:
        UsageError: it is a user's, and none is named.
    """
    if definition.owner == "application":
        return APPLICATION
    if not user or user == APPLICATION:
        raise UsageError(
            f"The context “{definition.name}” belongs to a user, and none is named.",
            expected="the user's name",
            found=repr(user),
            hint='open it for one: user="kim"',
        )
    return user


def context_id(name: str, user: str) -> str:
    """The id of a user's context of that name: the same in every process."""
    digest = hashlib.sha256(f"{user}\0{name}".encode()).hexdigest()
    return f"thr_{digest[:ID_CHARS]}"


def created(definition: ContextDefinition, user: str | None, unix_s: float) -> Context:
    """A new context.

    Raises:
        UsageError: it is a user's, and none is named; or its state is no JSON.
    """
    owner = owner_of(definition, user)
    _refuse_no_json(definition.state)
    return Context(
        id=context_id(definition.name, owner),
        definition=definition,
        user=owner,
        created_unix_s=unix_s,
        updated_unix_s=unix_s,
        state=dict(definition.state),
    )


def redefined(context: Context, definition: ContextDefinition, unix_s: float) -> Context:
    """The context with another definition; its state stays."""
    if definition == context.definition:
        return context
    return replace(refuse_ended(context, unix_s), definition=definition, updated_unix_s=unix_s)


def with_state(context: Context, state: Mapping[str, Any], unix_s: float) -> Context:
    """The context with these values among its state; None takes one out.

    Raises:
        UsageError: a value is no JSON.
        ContextLocked, ContextEnded, ContextExpired: nothing may change in it.
    """
    refuse_locked(context, unix_s)
    _refuse_no_json(state)
    merged = {k: v for k, v in {**context.state, **state}.items() if v is not None}
    return replace(context, state=merged, updated_unix_s=unix_s)


def _refuse_no_json(state: Mapping[str, Any]) -> None:
    """It is kept as JSON, and the model is told it as JSON, which knows no NaN."""
    for name, value in state.items():
        try:
            json.dumps(value, allow_nan=False)
        except (TypeError, ValueError, RecursionError) as error:
            raise UsageError(
                f"“{name}” cannot be kept in a context's state.",
                expected="what JSON knows: texts, finite numbers, true, false, lists, mappings",
                found=f"{error}",
                hint="keep it as a text, such as `str(value)`",
            ) from error


def with_call(context: Context, unix_s: float) -> Context:
    """The context as one more call begins.

    Raises:
        ContextLocked, ContextEnded, ContextExpired: no call may begin.
    """
    refuse_locked(context, unix_s)
    return replace(context, calls=context.calls + 1, updated_unix_s=unix_s)


def locked(context: Context, reason: str | None, unix_s: float) -> Context:
    """The context locked, until it is unlocked.

    Raises:
        ContextEnded, ContextExpired: it is over.
    """
    refuse_ended(context, unix_s)
    return replace(context, status="locked", reason=reason, updated_unix_s=unix_s)


def unlocked(context: Context, unix_s: float) -> Context:
    """The context active again.

    Raises:
        ContextEnded, ContextExpired: it is over.
    """
    refuse_ended(context, unix_s)
    return replace(context, status="active", reason=None, updated_unix_s=unix_s)


def closed(context: Context, reason: str | None, unix_s: float) -> Context:
    """The context closed, for good."""
    return replace(context, status="closed", reason=reason, updated_unix_s=unix_s)


def refuse_ended(context: Context, unix_s: float) -> Context:
    """The context, if it is neither closed nor expired.

    Raises:
        ContextEnded, ContextExpired: it is.
    """
    if context.status == "closed":
        raise ContextEnded(
            f"The context “{context.name}” is closed.",
            expected="an active context",
            found=context.reason or "closed, without a reason",
        )
    if context.is_expired(unix_s):
        raise ContextExpired(
            f"The context “{context.name}” has expired.",
            expected=f"use within {context.definition.expires_after_days:g} days",
            found=f"its last change was {_iso(context.updated_unix_s)}",
            hint="delete it, and begin a new one",
        )
    return context


def refuse_locked(context: Context, unix_s: float) -> Context:
    """The context, if something may be added to it.

    Raises:
        ContextLocked, ContextEnded, ContextExpired: nothing may.
    """
    refuse_ended(context, unix_s)
    if context.status == "locked":
        raise ContextLocked(
            f"The context “{context.name}” is locked.",
            expected="an active context",
            found=context.reason or "locked, without a reason",
        )
    return context


# --- as a thread ---------------------------------------------------------------------------------


def to_row(context: Context) -> Row:
    """The context as a thread."""
    status: Row = {"type": context.status}
    if context.reason is not None:
        status["reason"] = context.reason
    return {
        "id": context.id,
        "created_at": _iso(context.created_unix_s),
        "title": context.definition.description or context.name,
        "status": status,
        "metadata": {
            KEY: {
                "definition": context.definition.model_dump(mode="json", exclude_defaults=True),
                "user": context.user,
                "state": dict(context.state),
                "created_unix_s": context.created_unix_s,
                "updated_unix_s": context.updated_unix_s,
                "expires_unix_s": context.expires_unix_s,
                "calls": context.calls,
            }
        },
    }


def from_row(row: Row) -> Context:
    """The context that a thread is.

    A chat may have locked or closed the thread meanwhile: its status counts.

    Raises:
        ContextDamaged: it is none, or not whole.
    """
    try:
        kept, status = row["metadata"][KEY], row.get("status") or {"type": "active"}
        if status["type"] not in ("active", "locked", "closed"):
            raise ValueError(f"the status “{status['type']}”")
        return Context(
            id=row["id"],
            definition=ContextDefinition.model_validate(kept["definition"], context=KEPT),
            user=str(kept["user"]),
            created_unix_s=float(kept["created_unix_s"]),
            updated_unix_s=float(kept["updated_unix_s"]),
            state=dict(kept["state"]),
            status=status["type"],
            reason=status.get("reason"),
            calls=int(kept["calls"]),
        )
    except (KeyError, TypeError, ValueError, ValidationError) as error:
        raise ContextDamaged(
            f"The context {row.get('id')} cannot be read.",
            expected="a thread with a whole context in its metadata",
            found=f"{type(error).__name__}: {error}".splitlines()[0],
            hint="delete it, or put back a copy of the file",
        ) from error


def _iso(unix_s: float) -> str:
    return datetime.fromtimestamp(unix_s, UTC).isoformat()
