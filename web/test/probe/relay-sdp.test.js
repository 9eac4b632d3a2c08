import assert from "node:assert/strict";
import { test } from "node:test";
import { mapCandidates, movedCandidate, readCandidate, readFragments, withoutRelated } from "../../probe/relay-sdp.js";

const HOST = "candidate:1 1 udp 2122194687 192.0.2.7 40000 typ host generation 0";
const REFLEXIVE = "candidate:2 1 UDP 1685987071 203.0.113.9 50000 typ srflx raddr 192.0.2.7 rport 40000";
const TCP = "candidate:3 1 tcp 1518214911 192.0.2.7 9 typ host tcptype active";

test("a candidate is read, with and without its a=", () => {
  const wanted = { transport: "udp", address: "192.0.2.7", port: 40000 };
  assert.deepEqual(readCandidate(HOST), wanted);
  assert.deepEqual(readCandidate(`a=${HOST}`), wanted);
  assert.equal(readCandidate(REFLEXIVE)?.transport, "udp");
  assert.equal(readCandidate(TCP)?.transport, "tcp");
  assert.equal(readCandidate("candidate:1 1 udp 5 fd00::2 4 typ host")?.address, "fd00::2");
});

test("what is none is told", () => {
  for (const text of ["", "candidate:", "candidate:1 1 udp x 192.0.2.7 1 typ host", "end-of-candidates"]) {
    assert.equal(readCandidate(text), null);
  }
});

test("a candidate moves, and all else of it stays", () => {
  assert.equal(movedCandidate(HOST, "127.0.0.1", 7), HOST.replace("192.0.2.7 40000", "127.0.0.1 7"));
  assert.equal(withoutRelated(REFLEXIVE), REFLEXIVE.replace("192.0.2.7 rport 40000", "0.0.0.0 rport 0"));
});

const SDP = [
  "v=0", "a=ice-ufrag:whole",
  "m=audio 9 UDP/TLS/RTP/SAVPF 111", `a=${HOST}`, "a=mid:0", `a=${TCP}`, "a=ice-ufrag:audi",
  "m=application 9 UDP/DTLS/SCTP webrtc-datachannel", "a=mid:1", `a=${HOST}`, "a=end-of-candidates", "",
];

test("every candidate of a description is changed, or goes, and nothing else does", () => {
  for (const end of ["\r\n", "\n"]) {
    /** @type {string[]} */
    const fragments = [];
    const changed = mapCandidates(SDP.join(end), (text, fragment) => {
      fragments.push(fragment);
      return text === TCP ? null : "candidate:new";
    });
    const wanted = SDP.filter((line) => line !== `a=${TCP}`).map((line) => (line === `a=${HOST}` ? "a=candidate:new" : line));
    assert.equal(changed, wanted.join(end));
    assert.deepEqual(fragments, ["audi", "audi", "whole"]);
  }
  assert.equal(mapCandidates("nonsense", () => "x"), "nonsense");
});

test("a section without a fragment of its own has the session's", () => {
  assert.deepEqual(readFragments(SDP.join("\r\n")), [{ mid: "0", fragment: "audi" }, { mid: "1", fragment: "whole" }]);
  assert.deepEqual(readFragments("v=0"), []);
});
