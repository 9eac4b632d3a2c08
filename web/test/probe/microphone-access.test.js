import assert from "node:assert/strict";
import { test } from "node:test";
import { MicrophoneAccess } from "../../probe/microphone-access.js";
import { MicrophoneDevice } from "../../probe/microphone-device.js";
import { Target, listeningSink } from "../support/fakes.js";

/** @typedef {import("../../probe/microphone-access.js").Access} Access */

class Receiver extends Target {
  dispatchEvent(/** @type {Event} */ event) { this.fire(event.type, event); }
}

/** @param {Access} access @param {string} [native] What the browser itself says. */
function make(access, native = "granted") {
  class PermissionStatus extends Receiver {
    get state() { return native; }
  }
  class Permissions {
    async query(/** @type {any} */ _descriptor) { return new PermissionStatus(); }
  }
  const mediaDevices = new Receiver();
  const target = { DOMException, Event, EventTarget: Receiver, Permissions, PermissionStatus, navigator: { mediaDevices } };
  const sink = listeningSink();
  class Track extends Receiver {
    readyState = "live";
    stop() { this.readyState = "ended"; }
  }
  const track = new Track();
  const microphone = { tracks: new Set([track]), isGone: false };
  const microphones = { open: new Map([["microphone-0", microphone]]) };
  const device = new MicrophoneDevice("0".repeat(64));
  const given = new MicrophoneAccess(/** @type {any} */ ({ access, sink, device, microphones, target }));
  const undo = given.install();
  /** @type {string[]} */
  const told = [];
  mediaDevices.addEventListener("devicechange", () => told.push("devicechange"));
  track.addEventListener("ended", () => told.push("ended"));
  const query = (/** @type {string} */ name) => new Permissions().query({ name });
  return { given, sink, track, microphone, told, query, undo, device };
}

test("a page that waits for its user's yes is told so, once, and by a later question too", async () => {
  const { given, query } = make("allow", "prompt");
  const [microphone, camera] = [await query("microphone"), await query("camera")];
  /** @type {string[]} */
  const changes = [];
  microphone.addEventListener("change", () => changes.push(microphone.state));
  assert.equal(microphone.state, "prompt");
  given.grant();
  given.grant();
  assert.deepEqual(changes, ["granted"]);
  assert.deepEqual([(await query("microphone")).state, camera.state], ["granted", "prompt"]);
  given.set("deny");
  given.set("allow");
  assert.deepEqual(changes, ["granted", "denied", "granted"]);
});

test("where the browser has the permission already, nothing changes with the first stream", async () => {
  const { given, query } = make("allow");
  const microphone = await query("microphone");
  microphone.addEventListener("change", () => assert.fail("it was granted before"));
  given.grant();
  assert.equal(microphone.state, "granted");
});

for (const [access, name, message] of /** @type {[Access, string, string][]} */ ([
  ["deny", "NotAllowedError", "Permission denied"],
  ["dismiss", "NotAllowedError", "Permission dismissed"],
  ["none", "NotFoundError", "Requested device not found"],
])) {
  test(`${access}: a page sees what a browser would throw`, () => {
    const refusal = make(access).given.refusal();
    assert.ok(refusal instanceof DOMException);
    assert.deepEqual([refusal.name, refusal.message], [name, message]);
  });
}

test("who may have it is refused nothing, and sees it by its name", () => {
  const { given, device } = make("allow");
  assert.equal(given.refusal(), null);
  assert.deepEqual(given.entries(), device.entries());
});

test("without a permission it is listed without a name, and without one not at all", () => {
  assert.deepEqual(make("deny").given.entries(), [{ kind: "audioinput", deviceId: "", groupId: "", label: "" }]);
  assert.deepEqual(make("none").given.entries(), []);
});

test("a permission is what the user said, of the microphone alone", async () => {
  const { given, query, undo } = make("deny");
  const [microphone, camera] = [await query("microphone"), await query("camera")];
  assert.deepEqual([microphone.state, camera.state], ["denied", "granted"]);
  /** @type {string[]} */
  const changes = [];
  microphone.addEventListener("change", () => changes.push(microphone.state));
  given.set("dismiss");
  given.set("none"); // a machine without a microphone has given its permission all the same
  assert.deepEqual(changes, ["prompt", "granted"]);
  undo();
  given.set("deny");
  assert.equal((await query("microphone")).state, "granted");
});

test("pulled out: its tracks end, the page is told, and told again when it is back", () => {
  const { given, sink, track, microphone, told } = make("allow");
  given.set("none");
  assert.deepEqual([track.readyState, told], ["ended", ["ended", "devicechange"]]);
  assert.ok(microphone.isGone, "it ends by itself");
  given.set("none");
  given.set("allow");
  assert.deepEqual(told, ["ended", "devicechange", "devicechange"]);
  assert.deepEqual(sink.of("microphone.access"), [{ access: "none" }, { access: "allow" }]);
});

test("taken away: what is open ends, and no device has changed", () => {
  const { given, told } = make("allow");
  given.set("dismiss");
  assert.deepEqual(told, [], "what is open stays open until somebody asks again");
  given.set("deny");
  assert.deepEqual(told, ["ended"]);
  given.set("allow");
  given.set("deny");
  assert.deepEqual(told, ["ended"], "a track ends once");
});

test("what happened before a document was there holds in it, and is told no second time", () => {
  const { given, sink, told } = make("allow");
  given.set("none", false);
  assert.equal(given.refusal()?.name, "NotFoundError");
  assert.deepEqual(told, ["ended", "devicechange"], "a page that was quicker loses what it had");
  assert.deepEqual(sink.of("microphone.access"), []);
});
