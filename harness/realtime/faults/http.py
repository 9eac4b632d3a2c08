"""Faults of HTTP requests: which concern one, and what they make of it. Never waits."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from harness.realtime.faults.models_call import ExpiredSecret, HttpError, HttpSlow

MESSAGES = {
    400: ("Bad request.", "invalid_request_error", "invalid_value"),
    401: ("Incorrect API key provided.", "invalid_request_error", "invalid_api_key"),
    403: ("You have no access to this model.", "invalid_request_error", "access_denied"),
    404: ("The model does not exist.", "invalid_request_error", "model_not_found"),
    429: ("Rate limit reached. Try again later.", "rate_limit_error", "rate_limit_exceeded"),
    500: ("The server had an error while processing your request.", "server_error", None),
    503: ("The server is overloaded. Try again later.", "server_error", "service_unavailable"),
}


@dataclass(frozen=True, slots=True)
class RequestFaults:
    """What is to be done about one request."""

    slow: HttpSlow | None = None
    error: HttpError | None = None
    expired: ExpiredSecret | None = None


@dataclass(slots=True)
class _Counted:
    fault: Any
    used: int = 0

    def take(self) -> bool:
        if self.fault.times is not None and self.used >= self.fault.times:
            return False
        self.used += 1
        return True


class HttpFaults:
    """The faults of one source (a header, a secret, the server), with their counts.

    Args:
        faults: all of the source's; those that concern calls are given on by `faults`.
    """

    def __init__(self, faults: Iterable[Any] = ()) -> None:
        self.faults = tuple(faults)
        kinds = (HttpSlow, HttpError, ExpiredSecret)
        self._counted = [_Counted(fault) for fault in self.faults if isinstance(fault, kinds)]

    def slow(self, route: str) -> HttpSlow | None:
        """The delay of a request for "client_secrets", "calls" or "websocket"; counts it."""
        found: HttpSlow | None = self._take(HttpSlow, route)
        return found

    def error(self, route: str) -> HttpError | None:
        """The refusal of such a request; counts it."""
        found: HttpError | None = self._take(HttpError, route)
        return found

    def expired(self, route: str) -> ExpiredSecret | None:
        """Whether the secret of such a request has expired; counts it."""
        found: ExpiredSecret | None = self._take(ExpiredSecret, route)
        return found

    def _take(self, kind: type[Any], route: str) -> Any:
        for counted in self._counted:
            fault = counted.fault
            if isinstance(fault, kind) and fault.on in (route, "any") and counted.take():
                return fault
        return None


def faults_of_request(sources: Iterable[HttpFaults], route: str) -> RequestFaults:
    """The first fault of each kind among the sources."""
    slow, error, expired = None, None, None
    for source in sources:
        slow = slow or source.slow(route)
        error = error or source.error(route)
        expired = expired or source.expired(route)
    return RequestFaults(slow, error, expired)
