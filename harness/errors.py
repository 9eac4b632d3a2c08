"""Every error the harness raises, and what a caller can do about it.

HarnessError                     exit code 3 unless said otherwise
├── UsageError (2)               the command, a file or a value given by the user is wrong
│   ├── KeyMissing (2)           no API key was given, called for or found
│   ├── ScenarioError (2)        a scenario file: names file, line and step
│   ├── FixtureError (2)         an audio file is missing, or not audio
│   ├── SettingsError (2)        session settings that cannot be, or their file
│   └── ToolSignatureError (2)   a Python callable that cannot be offered as a tool
├── BrowserError
│   ├── ChromiumMissing          no Chromium was found and none could be installed
│   ├── LaunchError              Chromium is there, and did not start
│   ├── PageClosed               the page, its context or the browser went or navigated away
│   ├── PageCrashed              the renderer process died
│   ├── PageHung                 the page's own script never lets anything else run
│   ├── NoMicrophoneRequest      the page never asked for the microphone
│   ├── ClockError               page time and the harness's own clock do not fit
│   ├── ProbeBroken              the page replaced what the harness's part of it needs
│   ├── EnvelopeError            the page sent something the schema refuses
│   └── BridgeGap                envelopes are missing between page and Python
├── PeerError
│   ├── NegotiationFailed        offer, answer or ICE did not finish
│   ├── PeerLost                 the connection failed after it had been connected
│   ├── NetworkFailed            the relay that makes a network bad did not start, or ended
│   └── ReconnectFailed          every attempt to connect again failed; its cause is the last one
├── ClientError                  the client was asked for what its state does not allow
│   ├── AlreadyConnected         connect on an open call
│   ├── ConnectInProgress        connect while another connect is under way
│   ├── ClosedWhileConnecting    closed by our own side before the call was open
│   └── NotConnected             a command that needs an open call
├── ServerError
│   ├── ServerStartError         the local server's process did not come up
│   ├── BackendFailed            a page's own program, started for a run, ended or never answered
│   ├── ServerUnreachable        nobody answers at that address
│   └── ServerRefused            it answered, and said no (key, quota, nonsense)
├── ProtocolError                a Realtime event out of order, or malformed
│   ├── MalformedEvent           cannot be read, or lacks what its type must have
│   ├── EventOutOfOrder          it speaks of something that is not there, or is over
│   ├── RequestRefused           the server answered a request with its error event
│   ├── RequestUnanswered        the server did not answer a request in time
│   ├── AnswerLost               an answer began and never ended
│   ├── SessionStateError        the session cannot do that now
│   │   └── SessionClosed        it was used after it had been closed
│   ├── SessionLost              the connection went while something was under way
│   ├── HistoryError             a session log that cannot be read
│   └── ToolError
│       ├── ToolRefused          a call of an unknown tool, or with arguments it cannot take
│       ├── ToolFailed           the tool raised
│       └── ToolTimeout          the tool took longer than it may
├── AssistantError               the assistant behind the local server cannot answer
├── SpeechError                  detection, recognition or synthesis cannot run
├── ContextError                 kept threads cannot be opened, read or written
├── MissingExtra                 an optional dependency is needed; the message names the extra
├── ArtifactError                a trace or report could not be written or read
├── StreamError
│   ├── StreamOverflow           more events than the stream may keep
│   └── StreamClosed             used after our own side closed it
└── ExpectationFailed (1)        the conversation ran, and what was expected did not happen
    └── NothingLikeIt            nothing of the kind came; see streams/waiting.py
"""

from __future__ import annotations

from typing import ClassVar


class HarnessError(Exception):
    """The root: a plain message built from facts that stay available as attributes.

    Args:
        message: what went wrong, one sentence.
        expected: what should have been there.
        found: what was there instead.
        hint: what to do about it.
    """

    exit_code: ClassVar[int] = 3

    def __init__(
        self,
        message: str,
        *,
        expected: str | None = None,
        found: str | None = None,
        hint: str | None = None,
    ) -> None:
        self.message = message
        self.expected = expected
        self.found = found
        self.hint = hint
        super().__init__(self._sentence())

    def _sentence(self) -> str:
        lines = [self.message]
        if self.expected is not None:
            lines.append(f"  expected: {self.expected}")
        if self.found is not None:
            lines.append(f"  found:    {self.found}")
        if self.hint is not None:
            lines.append(f"  to do:    {self.hint}")
        return "\n".join(lines)


class UsageError(HarnessError):
    """The command line, a file or a value given by the user is wrong."""

    exit_code = 2


class KeyMissing(UsageError):
    """No API key was given as an argument, by a callback or in the environment."""


class ScenarioError(UsageError):
    """A scenario file that cannot be run: says file, line, step and what was expected."""


class FixtureError(UsageError):
    """An audio file is missing, corrupt, or not what its manifest says."""


class SettingsError(UsageError):
    """Session settings that cannot be, or a settings file that is not one."""


class ToolSignatureError(UsageError):
    """A Python callable whose signature cannot be offered to the model as a tool."""


class BrowserError(HarnessError):
    """Something about Chromium or the page in it."""


class ChromiumMissing(BrowserError):
    """No Chromium was found and none could be installed."""


class LaunchError(BrowserError):
    """Chromium is there, and did not start."""


class PageClosed(BrowserError):
    """The page, its context or the browser went away, or the page navigated away."""


class PageCrashed(BrowserError):
    """The page's renderer process died."""


class PageHung(BrowserError):
    """The page's main thread was busy, or held, for longer than the harness waits."""


class NoMicrophoneRequest(BrowserError):
    """The page never asked for the microphone within the time given."""


class ClockError(BrowserError):
    """Page time and the harness's own clock do not fit, so no moment of the call can be trusted."""


class ProbeBroken(BrowserError):
    """The page replaced a function of the language that the harness's part of it needs."""


class EnvelopeError(BrowserError):
    """The page sent something that the envelope schema refuses."""


class BridgeGap(BrowserError):
    """Envelopes are missing between page and Python: their numbers do not follow."""


class PeerError(HarnessError):
    """Something about a WebRTC connection."""


class NegotiationFailed(PeerError):
    """Offer, answer or ICE did not finish."""


class PeerLost(PeerError):
    """The connection failed after it had been connected."""


class NetworkFailed(PeerError):
    """The relay between a page and its remote peers did not start, or ended."""


class ReconnectFailed(PeerError):
    """A lost connection could not be replaced; the cause is the last attempt's error."""


class ClientError(HarnessError):
    """The client was asked for something that its present state does not allow."""


class AlreadyConnected(ClientError):
    """`connect` on a client whose call is open."""


class ConnectInProgress(ClientError):
    """`connect` while another `connect`, or a reconnection, is under way."""


class ClosedWhileConnecting(ClientError):
    """Our own side closed the client before the call was open."""


class NotConnected(ClientError):
    """A command that needs an open call, and there is none."""


class ServerError(HarnessError):
    """Something about a Realtime server, ours or another."""


class ServerStartError(ServerError):
    """The local server's process did not come up."""


class BackendFailed(ServerError):
    """A page's own program, started for a run, did not start, did not answer, or ended."""


class ServerUnreachable(ServerError):
    """Nobody answers at that address."""


class ServerRefused(ServerError):
    """The server answered and refused: key, quota, or a nonsense answer.

    ``status`` is the HTTP status and ``code`` the server's own word, where there are any.
    """

    def __init__(
        self,
        message: str,
        *,
        status: int | None = None,
        code: str | None = None,
        expected: str | None = None,
        found: str | None = None,
        hint: str | None = None,
    ) -> None:
        self.status = status
        self.code = code
        super().__init__(message, expected=expected, found=found, hint=hint)


class ProtocolError(HarnessError):
    """A Realtime event that is malformed or not allowed now.

    ``code`` and ``param`` are the protocol's own words, so that callers can branch on them.
    """

    def __init__(
        self,
        message: str,
        *,
        code: str | None = None,
        param: str | None = None,
        expected: str | None = None,
        found: str | None = None,
        hint: str | None = None,
    ) -> None:
        self.code = code
        self.param = param
        super().__init__(message, expected=expected, found=found, hint=hint)


class MalformedEvent(ProtocolError):
    """An event that cannot be read, or lacks what its type must have."""


class EventOutOfOrder(ProtocolError):
    """An event about something that is not there yet, or is over already."""


class RequestRefused(ProtocolError):
    """The server answered a request with its error event."""


class RequestUnanswered(ProtocolError):
    """The server did not answer a request in time."""


class AnswerLost(ProtocolError):
    """An answer began and never ended."""


class SessionStateError(ProtocolError):
    """The session cannot do that in the state it is in."""


class SessionClosed(SessionStateError):
    """The session was used after it had been closed."""


class SessionLost(ProtocolError):
    """The connection went while something was under way."""


class HistoryError(ProtocolError):
    """A session log that cannot be read: another version, or not a log."""


class ToolError(ProtocolError):
    """A tool call that came to nothing; the model is told."""


class ToolRefused(ToolError):
    """A call of an unknown tool, or with arguments it cannot take."""


class ToolFailed(ToolError):
    """The tool raised."""


class ToolTimeout(ToolError):
    """The tool took longer than it may."""


class AssistantError(HarnessError):
    """The assistant behind the local server cannot answer; code and message reach the client."""

    def __init__(
        self, message: str, code: str = "assistant_failed", *, hint: str | None = None
    ) -> None:
        self.code = code
        super().__init__(message, hint=hint)


class SpeechError(HarnessError):
    """Speech detection, recognition or synthesis cannot run."""


class ContextError(HarnessError):
    """The threads that are kept cannot be opened, read or written."""


class MissingExtra(HarnessError):
    """An optional dependency is needed; the message names the extra to install."""

    def __init__(self, extra: str, needed_for: str) -> None:
        self.extra = extra
        super().__init__(
            f"{needed_for} needs the optional part “{extra}”.",
            expected=f"the packages of realtime-harness[{extra}]",
            found="they are not installed",
            hint=f"pip install 'realtime-harness[{extra}]'",
        )


class ArtifactError(HarnessError):
    """A trace, recording or report could not be written or read."""


class StreamError(HarnessError):
    """Something about an event stream."""


class StreamOverflow(StreamError):
    """A stream got more events than it may keep; a gap would lie, so it ends here."""

    def __init__(self, name: str, capacity: int) -> None:
        self.name = name
        self.capacity = capacity
        super().__init__(
            f"The stream “{name}” is full.",
            expected=f"at most {capacity} events in one call",
            found="one more",
            hint="raise its capacity, or end the call earlier",
        )


class StreamClosed(StreamError):
    """The stream was used after our own side closed it."""


class ExpectationFailed(HarnessError):
    """The conversation ran, and what was expected did not happen."""

    exit_code = 1


def failed_itself(doing: str, error: Exception) -> HarnessError:
    """A mistake of the harness's own, as an error that ends what it was doing, and says so.

    Args:
        doing: what it was doing, after "while it".
        error: what went wrong; its text is kept, its traceback belongs into a log.
    """
    return HarnessError(
        f"The harness itself failed while it {doing}.",
        found=f"{type(error).__name__}: {error}",
        hint="please report it, with the trace",
    )
