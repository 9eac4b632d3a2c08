import assert from "node:assert/strict";
import { test } from "node:test";
import { RelayRoutes } from "../../probe/relay-routes.js";

const RELAY = { host: "127.0.0.1", fronts: [7001, 7002], sink: 7099 };

/** @param {number} port @param {string} [address] @param {string} [transport] */
const candidate = (port, address = "192.0.2.7", transport = "udp") =>
  `candidate:${port} 1 ${transport} 99 ${address} ${port} typ host`;

/** @param {string[]} candidates @param {string} [fragment] */
const sdp = (candidates, fragment = "peer") =>
  ["v=0", "m=audio 9 RTP 111", "a=mid:0", `a=ice-ufrag:${fragment}`, ...candidates.map((one) => `a=${one}`), ""].join("\r\n");

function make() {
  /** @type {any[]} */
  const told = [];
  return { routes: new RelayRoutes(RELAY), told, tell: (/** @type {any} */ one) => void told.push(one) };
}

test("each address of a remote peer gets a front, and is told with the connection it is of", () => {
  const { routes, told, tell } = make();
  const routed = routes.route(sdp([candidate(1), candidate(2, "fd00::2")]), tell);
  assert.equal(routed, sdp([candidate(1).replace("192.0.2.7 1 ", "127.0.0.1 7001 "), candidate(2, "fd00::2").replace("fd00::2 2 ", "127.0.0.1 7002 ")]));
  assert.deepEqual(told.map(({ fragment, address, port, front, why }) => [fragment, address, port, front, why]), [
    ["peer", "192.0.2.7", 1, 0, null],
    ["peer", "fd00::2", 2, 1, null],
  ]);
  assert.equal(routes.unroute(routed), sdp([candidate(1), candidate(2, "fd00::2")]));
});

test("an address that comes again has the front that it had, and another connection begins anew", () => {
  const { routes, told, tell } = make();
  routes.route(sdp([candidate(1), candidate(2), candidate(1)]), tell);
  routes.route(sdp([candidate(2)], "other"), tell);
  assert.deepEqual(told.map(({ front }) => front), [0, 1, 0, 0]);
});

test("what the relay cannot stand for is kept from the page, and told with the reason", () => {
  const { routes, told, tell } = make();
  const away = [candidate(9, "192.0.2.7", "tcp"), candidate(3, "4f8c.local")];
  const routed = routes.route(sdp([...away, candidate(1), candidate(2), candidate(5)]), tell);
  assert.equal(routed.match(/^a=candidate/gm)?.length, 2);
  assert.deepEqual(told.map(({ why }) => why), ["tcp", "mdns", null, null, "too_many"]);
  assert.equal(told[0].front, null);
});

test("what is no candidate is left to the browser", () => {
  const { routes, told, tell } = make();
  assert.equal(routes.routeCandidate("candidate:nonsense", "peer", tell), "candidate:nonsense");
  assert.deepEqual(told, []);
});

test("the page's own candidates are handed out as ways that lead nowhere, and found again", () => {
  const { routes, told, tell } = make();
  const own = [candidate(1), `${candidate(2, "203.0.113.9")} raddr 192.0.2.7 rport 1`, candidate(9, "192.0.2.7", "tcp")];
  const handedOut = routes.hide(sdp(own));
  assert.doesNotMatch(handedOut, /192\.0\.2\.7|203\.0\.113\.9/);
  assert.equal(handedOut.match(/127\.0\.0\.1 7099 /g)?.length, 2);
  assert.equal(routes.hide(handedOut), handedOut);
  assert.equal(routes.unhide(handedOut), sdp(own));
  assert.equal(routes.route(handedOut, tell), sdp(own), "from one connection of the page to another");
  assert.deepEqual(told, []);
  assert.equal(routes.hideCandidate("nonsense"), "nonsense");
});

test("a trickled candidate finds its connection by what it names, else by its section", () => {
  const { routes } = make();
  const remote = `${sdp([], "first")}m=application 9 X\r\na=mid:1\r\na=ice-ufrag:second\r\n`;
  assert.equal(routes.fragmentOf({ candidate: "", usernameFragment: "named" }, remote), "named");
  assert.equal(routes.fragmentOf({ candidate: "candidate:1 ufrag said network-id 1" }, remote), "said");
  assert.equal(routes.fragmentOf({ candidate: "", sdpMid: "1" }, remote), "second");
  assert.equal(routes.fragmentOf({ candidate: "", sdpMLineIndex: 1 }, remote), "second");
  assert.equal(routes.fragmentOf({ candidate: "" }, remote), "first");
  assert.equal(routes.fragmentOf({ candidate: "" }, ""), "");
});
