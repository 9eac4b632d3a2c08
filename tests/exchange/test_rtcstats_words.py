"""Numbers of rtcstats: a few that are known from its dumps, and none given twice."""

from __future__ import annotations

from harness.exchange.rtcstats_words import MEMBERS, METHODS, TYPES


def test_known_numbers() -> None:
    assert METHODS[20] == "onicecandidate"
    assert METHODS[65] == "navigator.mediaDevices.getUserMediaOnFailure"
    assert TYPES[14] == "codec"
    known = {
        "4": "payloadType", "14": "packetsReceived", "41": "bytesReceived", "57": "audioLevel",
        "73": "corruptionMeasurements", "100": "active", "121": "iceRole", "134": "address",
        "145": "networkType", "148": "localCandidateId", "152": "currentRoundTripTime",
        "160": "packetsDiscardedOnSend", "166": "issuerCertificateId",
        "176": "ccfbMessagesReceived",
    }  # fmt: skip
    assert {number: MEMBERS[number] for number in known} == known


def test_no_word_has_two_numbers() -> None:
    assert len(set(MEMBERS.values())) == len(MEMBERS)
