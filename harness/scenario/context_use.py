"""The context of a scenario: which file defines it, and for which user."""

from __future__ import annotations

from harness.context.approval import approve_named
from harness.context.context import owner_of
from harness.context.load import check_files, load_context
from harness.context.threads.choice import ContextChoice
from harness.errors import ScenarioError, UsageError
from harness.scenario.context_wish import ContextUse
from harness.scenario.load import LoadedScenario


def context_of(loaded: LoadedScenario) -> ContextChoice | None:
    """The context that a scenario names, read; None where it names none.

    Raises:
        ScenarioError: its file is missing or wrong, documents that it names are not there, or it is
            a user's and none is named.
    """
    wanted = loaded.scenario.context
    if wanted is None:
        return None
    use = wanted if isinstance(wanted, ContextUse) else ContextUse(file=wanted)
    context = load_context(loaded.folder / use.file)
    check_files(context)
    try:
        owner_of(context.definition, use.user)
    except UsageError as error:
        raise ScenarioError(
            f"{loaded.place('context')}: {error.message}",
            expected="the user, too",
            found=use.file,
            hint=f"context: {{file: {use.file}, user: kim}}",
        ) from error
    return ContextChoice(context, user=use.user, approve=approve_named(use.approve))
