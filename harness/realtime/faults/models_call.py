"""Faults of requests, of the connection, of answers and of the session, as data."""

from __future__ import annotations

from typing import Annotated, Literal, TypeAlias

from pydantic import Field

from harness.realtime.faults.base import (
    BaseFault,
    Glob,
    HttpFault,
    OneAnswersFault,
    Seconds,
    TimedFault,
)

# The HTTP side


class HttpError(HttpFault):
    """The request is refused with this status."""

    fault: Literal["http_error"] = "http_error"
    status: Annotated[int, Field(ge=400, le=599)] = 500
    retry_after_s: Annotated[int, Field(ge=0, le=3600)] | None = Field(
        default=None, description="adds a Retry-After header"
    )


class HttpSlow(HttpFault):
    """The answer to the request comes late."""

    fault: Literal["http_slow"] = "http_slow"
    delay_s: Seconds = 5.0


class ExpiredSecret(HttpFault):
    """The client secret has expired when it is used."""

    fault: Literal["expired_secret"] = "expired_secret"


# The negotiation and the connection


class SdpMalformed(BaseFault):
    """The SDP answer is no SDP."""

    in_memory = False
    fault: Literal["sdp_malformed"] = "sdp_malformed"
    how: Literal["cut", "garbage", "empty"] = "cut"


class SdpWrong(BaseFault):
    """The SDP answer is SDP, and wrong."""

    in_memory = False
    fault: Literal["sdp_wrong"] = "sdp_wrong"
    what: Literal["no_data", "no_audio", "fingerprint", "ice_password"] = "no_data"


class NoIce(BaseFault):
    """The SDP answer names no address that can be reached."""

    in_memory = False
    fault: Literal["no_ice"] = "no_ice"
    how: Literal["no_candidates", "unreachable"] = "no_candidates"


class IceFails(TimedFault):
    """From then on no packet of the call passes, in either direction."""

    in_memory = False
    fault: Literal["ice_fails"] = "ice_fails"


class ChannelNeverOpens(BaseFault):
    """The connection comes up and audio flows; the data channel never opens."""

    in_memory = False
    fault: Literal["channel_never_opens"] = "channel_never_opens"


class ChannelWrongId(BaseFault):
    """The channel of `?dcid=N` is opened under another number, so that no event arrives."""

    in_memory = False
    fault: Literal["channel_wrong_id"] = "channel_wrong_id"


class ChannelCloses(TimedFault):
    """The server closes the data channel (or the WebSocket), by default in mid-answer."""

    per_answer = True
    fault: Literal["channel_closes"] = "channel_closes"
    on: Glob | None = "response.output_audio_transcript.delta"
    after_s: Seconds = 0.3


class ServerCrash(TimedFault):
    """The server's process ends at once, without a word."""

    in_memory = False
    per_answer = True
    fault: Literal["server_crash"] = "server_crash"


# Answers and the session


class AnswerNeverEnds(OneAnswersFault):
    """The answer is said again and again until it is cancelled or interrupted."""

    fault: Literal["answer_never_ends"] = "answer_never_ends"


class AnswerFailed(OneAnswersFault):
    """`response.done` with the status `failed`."""

    fault: Literal["answer_failed"] = "answer_failed"
    after_words: Annotated[int, Field(ge=0, le=10_000)] = Field(
        default=0, description="so many words come first; 0: nothing at all"
    )
    code: Annotated[str, Field(min_length=1, max_length=100)] = "server_error"


class AnswerIncomplete(OneAnswersFault):
    """`response.done` with the status `incomplete`."""

    fault: Literal["answer_incomplete"] = "answer_incomplete"
    after_words: Annotated[int, Field(ge=0, le=10_000)] = 3
    reason: Literal["max_output_tokens", "content_filter"] = "content_filter"


class SessionLimit(BaseFault):
    """The session expires so many seconds after it opened."""

    fault: Literal["session_limit"] = "session_limit"
    after_s: Annotated[float, Field(gt=0, le=3600)] = 10.0


AnswerFault: TypeAlias = AnswerNeverEnds | AnswerFailed | AnswerIncomplete
