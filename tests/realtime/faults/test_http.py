"""Faults of requests: which, and how often."""

from __future__ import annotations

from harness.realtime.faults.http import MESSAGES, HttpFaults, faults_of_request
from harness.realtime.faults.parse import faults_of_header


def source(header: str) -> HttpFaults:
    return HttpFaults(faults_of_header(header))


def test_a_fault_concerns_its_route_so_many_times() -> None:
    faults = source("http_error; status=429; on=calls; times=2")
    assert faults.error("client_secrets") is None
    found = [faults.error("calls") for _ in range(3)]
    assert [one and one.status for one in found] == [429, 429, None]


def test_the_first_source_wins_and_the_other_is_not_counted() -> None:
    header, server = source("http_error; status=403"), source("http_error; times=1")
    faults = faults_of_request([header, server], "calls")
    assert faults.error is not None
    assert faults.error.status == 403
    assert faults_of_request([server], "calls").error is not None


def test_slow_and_expired_go_together() -> None:
    faults = faults_of_request([source("http_slow; delay_s=2, expired_secret")], "calls")
    assert faults.slow is not None
    assert faults.slow.delay_s == 2
    assert faults.expired is not None
    assert faults.error is None


def test_no_faults_no_harm() -> None:
    faults = faults_of_request([HttpFaults(), source("event_late")], "calls")
    assert (faults.slow, faults.error, faults.expired) == (None, None, None)


def test_the_statuses_of_the_contract_have_words_of_their_own() -> None:
    assert {400, 401, 403, 404, 429, 500, 503} == set(MESSAGES)
