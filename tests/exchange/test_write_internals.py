"""The JSON of webrtc-internals, with the keys that its readers look at."""

from __future__ import annotations

import json

from harness.exchange.to_dump import dump_events
from harness.exchange.write_internals import internals_text
from tests.support.healthy_call import HEALTHY, events_of, ticking


def test_the_keys_are_chromiums() -> None:
    events = dump_events(events_of([*HEALTHY, *ticking(3.0)]), 1_700_000_000_000.0)
    data = json.loads(internals_text(events, "harness"))
    assert {"getUserMedia", "PeerConnections", "UserAgent", "UserAgentData"} < set(data)
    (record,) = data["PeerConnections"].values()
    assert set(record) == {
        "pid", "url", "rtcConfiguration", "constraints", "stats", "updateLog",
    }  # fmt: skip
    assert record["url"] == "http://a/"
    assert json.loads(record["rtcConfiguration"]) == {}
    states = [
        one["value"] for one in record["updateLog"] if one["type"] == "onconnectionstatechange"
    ]
    assert states == ['"connected"']
    series = record["stats"]["in-packetsReceived"]
    assert json.loads(series["values"]) == [0, 50, 100]
    assert series["statsType"] == "inbound-rtp"
    assert len(json.loads(record["stats"]["in-timestamp"]["values"])) == 3
