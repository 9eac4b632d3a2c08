import assert from "node:assert/strict";
import { test } from "node:test";
import { AudioGraph } from "../../audio/audio-graph.js";
import { Playback, QUIET_MS } from "../../probe/playback.js";
import { audioWindow, settled } from "../support/audio-window.js";
import { listeningSink } from "../support/fakes.js";

/** A page that a remote track has come to, and all that the harness has for it. */
async function make() {
  const { target, state } = audioWindow();
  const sink = listeningSink();
  const graph = new AudioGraph(/** @type {any} */ (sink), target, "", { wallMs: () => 0 });
  /** @type {{ task: () => void, ms: number }[]} */
  const deferred = [];
  const playback = new Playback(/** @type {any} */ (sink), graph, target, (task, ms) => void deferred.push({ task, ms }));
  const undo = playback.install();
  const ours = /** @type {any} */ (await graph.open());
  const track = new target.MediaStreamTrack("remote");
  playback.expect(track, "connection-0");
  const source = ours.createMediaStreamSource(new target.MediaStream([track]));
  const takeOut = playback.add(ours, source, track, track.id);
  const element = new target.HTMLMediaElement();
  const last = () => sink.of("playback.changed").at(-1);
  const gain = () => ours.gains[0].gain.value;
  const page = () => {
    const context = new target.AudioContext();
    context.now = "running";
    return context;
  };
  return { target, state, sink, playback, undo, ours, track, takeOut, element, deferred, last, gain, page };
}

test("a track that nothing plays is told as that, once", async () => {
  const { playback, sink, gain } = await make();
  playback.refresh();
  assert.deepEqual(sink.of("playback.changed"), [
    { track: "remote", gain: 0, via: "nothing", reason: "no element plays the track" },
  ]);
  assert.equal(gain(), 0);
});

test("an element that gets the track is heard at once, and as loud as it is", async () => {
  const { target, element, track, last, gain } = await make();
  element.srcObject = new target.MediaStream([track]);
  assert.deepEqual(last(), { track: "remote", gain: 1, via: "element", reason: "" });
  assert.equal(gain(), 1);
  element.now.volume = 0.25;
  element.fire("volumechange");
  assert.deepEqual([last().gain, gain()], [0.25, 0.25]);
  element.now.muted = true;
  element.fire("volumechange");
  assert.deepEqual([last().via, last().reason, gain()], ["nothing", "the element is muted", 0]);
});

test("a track that is added to a stream that plays is heard", async () => {
  const { target, element, track, last } = await make();
  const stream = new target.MediaStream([]);
  element.srcObject = stream;
  assert.equal(last().via, "nothing");
  stream.addTrack(track);
  assert.equal(last().via, "element");
  stream.removeTrack(track);
  assert.equal(last().via, "nothing");
});

test("what no event tells is seen when the next samples are reported", async () => {
  const { target, element, track, last, ours, sink } = await make();
  element.srcObject = new target.MediaStream([track]);
  element.now.readyState = 0;
  assert.equal(last().via, "element");
  ours.worklets[0].hear(0, 128, Int16Array.of(16384, -16384));
  assert.equal(last().reason, "the element has nothing to play yet");
  const [samples] = sink.of("played.samples");
  assert.deepEqual([samples.frame, samples.frames, samples.rms_dbfs], [128, 2, -6.02]);
  assert.equal(samples.connection, "connection-0");
});

test("what is played of one connection goes through one tap, mixed; of another through another", async () => {
  const { target, playback, ours } = await make();
  const add = (/** @type {string} */ id, /** @type {string} */ connection) => {
    const track = new target.MediaStreamTrack(id);
    playback.expect(track, connection);
    playback.add(ours, ours.createMediaStreamSource(new target.MediaStream([track])), track, id);
  };
  add("second", "connection-0");
  add("third", "connection-1");
  const { bus } = playback;
  const [first, second, third] = ours.gains.filter((/** @type {any} */ node) => node !== bus);
  assert.deepEqual([first, second, third].map(inputOf), [0, 0, 1]);
  assert.ok([first, second, third].every(({ to }) => to.has(bus)));
});

test("a graph is its connection's, until it gets another one's tracks as well", async () => {
  const { target, track, playback, page, ours, sink } = await make();
  const other = new target.MediaStreamTrack("other");
  playback.expect(other, "connection-1");
  const context = page();
  const effect = new target.AudioNode(context);
  context.createMediaStreamSource(new target.MediaStream([track])).connect(effect).connect(context.destination);
  await settled();
  const out = ours.gains.at(-1);
  assert.deepEqual([inputOf(out), out.to.has(playback.bus)], [0, true]);
  context.createMediaStreamSource(new target.MediaStream([other])).connect(effect);
  playback.refresh();
  assert.deepEqual([inputOf(out), out.to.has(playback.bus)], [1, true]);
  ours.worklets[0].hear(1, 0, Int16Array.of(1));
  assert.equal(sink.of("played.samples").at(-1).connection, "");
});

/** At which input what a gain lets through is heard. @param {any} gain */
function inputOf(gain) {
  const listening = [...gain.to].filter(({ name }) => name === "harness-listening");
  assert.equal(listening.length, 1);
  return gain.inputs.get(listening[0]);
}

/** Those that are closed, by node and input. @param {any} context */
function closedOf(context) {
  return context.worklets.flatMap((/** @type {any} */ { port }, /** @type {number} */ node) =>
    port.posted.filter(({ close }) => close !== undefined).map(({ close }) => `${node} ${close}`),
  );
}

test("a track that has ended is taken out", async () => {
  const { target, takeOut, ours, element, track, sink } = await make();
  takeOut();
  const told = sink.of("playback.changed").length;
  element.srcObject = new target.MediaStream([track]);
  assert.equal(sink.of("playback.changed").length, told);
  assert.equal(ours.gains[0].to.size, 0);
});

test("a connection of which nothing comes any more has no tap, once its silence was heard", async () => {
  const { target, playback, ours, takeOut, deferred } = await make();
  const add = (/** @type {string} */ id, /** @type {string} */ connection) => {
    const track = new target.MediaStreamTrack(id);
    playback.expect(track, connection);
    return playback.add(ours, ours.createMediaStreamSource(new target.MediaStream([track])), track, id);
  };
  const pass = () => deferred.splice(0).filter(({ ms }) => ms === QUIET_MS).forEach(({ task }) => task());
  const ended = () => closedOf(ours);
  takeOut();
  pass();
  assert.deepEqual(ended(), [], "of a page that plays nothing, silence is heard");
  const takeSecondOut = add("second", "connection-1");
  assert.deepEqual(ended(), []);
  pass();
  assert.deepEqual([ended(), [...playback.taps.keys()]], [["0 0"], ["connection-1"]]);
  for (let n = 2; n < 200; n++) {
    add(`track-${n}`, `connection-${n}`)();
    pass();
  }
  assert.equal(ended().length, 199, "all but the one that is in use");
  assert.equal(playback.taps.size, 1);
  takeSecondOut();
  const takeThirdOut = add("third", "connection-1");
  takeThirdOut();
  add("fourth", "connection-1");
  pass();
  assert.ok(playback.taps.has("connection-1"), "it was needed again in time");
});

test("the tap of sound that came on no connection stays", async () => {
  const { target, playback, ours, deferred } = await make();
  const track = new target.MediaStreamTrack("chime");
  playback.add(ours, ours.createMediaStreamSource(new target.MediaStream([track])), track, "chime")();
  deferred.forEach(({ task }) => task());
  assert.deepEqual([...playback.taps.keys()], ["connection-0", ""]);
});

test("a graph of gains is as loud as they are, and looked at while it may change", async () => {
  const { target, track, page, last, gain, deferred } = await make();
  const context = page();
  const volume = new target.GainNode(context);
  volume.gain.value = 0.5;
  context.createMediaStreamSource(new target.MediaStream([track])).connect(volume).connect(context.destination);
  await settled();
  assert.deepEqual([last().via, last().reason, gain()], ["graph", "", 0.5]);
  assert.equal(deferred.length, 1);
  assert.ok(deferred[0].ms <= 20, "no event tells that a gain has changed");
  volume.gain.value = 0.125;
  deferred[0].task();
  assert.equal(gain(), 0.125);
  assert.equal(deferred.length, 2, "it goes on looking");
});

test("any other graph is heard as it comes out of the page's context, not of the track", async () => {
  const { target, track, page, gain, ours, playback } = await make();
  const context = page();
  const effect = new target.AudioNode(context);
  context.createMediaStreamSource(new target.MediaStream([track])).connect(effect).connect(context.destination);
  await settled();
  const [, , out] = ours.gains; // the track, all that is heard, the graph
  assert.deepEqual([gain(), out.gain.value], [0, 1]);
  effect.disconnect(context.destination);
  context.createMediaStreamSource(new target.MediaStream([track])).connect(context.destination);
  playback.refresh();
  assert.deepEqual([gain(), out.gain.value], [1, 0], "once it is simple again, it is exact again");
});

test("two graphs are looked at by one beat", async () => {
  const { target, track, page, deferred } = await make();
  for (let i = 0; i < 2; i++) {
    const context = page();
    context.createMediaStreamSource(new target.MediaStream([track])).connect(context.destination);
  }
  await settled();
  assert.equal(deferred.length, 1);
});

test("a suspended context, and one whose graph ends nowhere, are why nothing is heard", async () => {
  const { target, track, page, playback, last } = await make();
  const context = page();
  context.createMediaStreamSource(new target.MediaStream([track]));
  await settled();
  assert.equal(last().reason, "the audio graph is not connected to its destination");
  context.now = "suspended";
  playback.refresh();
  assert.deepEqual([last().via, last().reason], ["nothing", "the AudioContext is suspended"]);
});

test("where an element and a graph play the same track, the louder one counts", async () => {
  const { target, track, page, element, gain, last } = await make();
  const context = page();
  context.createMediaStreamSource(new target.MediaStream([track])).connect(context.destination);
  element.now.volume = 0.5;
  element.srcObject = new target.MediaStream([track]);
  await settled();
  assert.equal(gain(), 1);
  assert.deepEqual([last().via, last().gain], ["element", 0.5]);
});

test("what a graph makes of the track is heard where an element plays it, and is no remote track", async () => {
  const { target, state, playback, track, page, element, ours, sink } = await make();
  const context = page();
  const made = context.createMediaStreamDestination();
  context.createMediaStreamSource(new target.MediaStream([track])).connect(made);
  element.now.volume = 0.5;
  element.srcObject = made.stream;
  await settled();
  assert.equal(state.contexts.length, 2, "ours is not taken for the page's, and not listened to itself");
  assert.equal(playback.graphs.carrying.has(ours), false);
  const levels = ours.gains.map((/** @type {any} */ { gain }) => gain.value);
  assert.equal(levels.at(-1), 0.5);
  assert.ok(sink.of("playback.changed").every((/** @type {any} */ told) => told.track === "remote"));
  const before = ours.gains.length;
  element.fire("volumechange");
  await settled();
  assert.equal(ours.gains.length, before, "it is taken once");
});

test("sound that came in another way is heard: of a graph, of a track that a page made, of a file", async () => {
  const { target, page, ours, element, sink } = await make();
  const context = page();
  const voice = new target.AudioNode(context);
  voice.connect(context.destination);
  await settled();
  assert.equal(ours.gains.at(-1).gain.value, 1);
  const made = new target.MediaStreamTrack("made by a page");
  element.now.volume = 0.5;
  element.srcObject = new target.MediaStream([made]);
  await settled();
  assert.equal(ours.gains.at(-1).gain.value, 0.5);
  const file = new target.Audio();
  file.captured = new target.MediaStream([new target.MediaStreamTrack("file")]);
  file.now.volume = 0.25;
  file.src = "answer.mp3";
  await settled();
  assert.equal(ours.gains.at(-1).gain.value, 0.25);
  assert.ok(sink.of("playback.changed").every((/** @type {any} */ told) => told.track === "remote"));
  made.fire("ended");
  assert.equal(ours.gains.at(-2).to.size, 0, "a track that is over is taken out");
});

test("a context that the page closes is taken out", async () => {
  const { target, page, ours, playback } = await make();
  const context = page();
  new target.AudioNode(context).connect(context.destination);
  await settled();
  const out = ours.gains.at(-1);
  context.close();
  playback.refresh();
  assert.equal(out.to.size, 0);
  assert.equal(playback.outs.size, 0);
});

for (const isSettled of [true, false]) {
  test(`a receiver's track that plays before anything comes is heard once (${isSettled})`, async () => {
    const { target, element, ours, playback } = await make();
    const early = new target.MediaStreamTrack("early");
    element.srcObject = new target.MediaStream([early]);
    if (isSettled) await settled();
    playback.expect(early, "connection-0");
    playback.add(ours, ours.createMediaStreamSource(new target.MediaStream([early])), early, early.id);
    await settled();
    const tracks = ours.gains.filter((/** @type {any} */ node) => node !== playback.bus);
    const loud = tracks.filter((/** @type {any} */ { gain, to }) => gain.value > 0 && to.size > 0);
    assert.equal(loud.length, 1);
  });
}

test("elements of the harness are no part of the page", async () => {
  const { target, playback, track, sink } = await make();
  const pull = new target.Audio();
  playback.leaveOut(pull);
  const told = sink.of("playback.changed").length;
  pull.srcObject = new target.MediaStream([track]);
  assert.equal(sink.of("playback.changed").length, told);
});

test("a page that makes its classes fail later is heard all the same", async () => {
  const { target, track, page, ours } = await make();
  const context = page();
  const source = context.createMediaStreamSource(new target.MediaStream([track]));
  const fail = () => {
    throw new Error("the page's own");
  };
  const { MediaStream } = target;
  Object.assign(target, { MediaStream: fail, MediaStreamAudioDestinationNode: fail });
  source.connect(context.destination);
  await settled();
  assert.equal(ours.gains[0].gain.value, 1);
  assert.notEqual(target.MediaStream, MediaStream);
});

test("afterwards the page's elements and graphs are its own", async () => {
  const { target, undo, element, track, sink, page } = await make();
  undo();
  const told = sink.told.length;
  element.srcObject = new target.MediaStream([track]);
  const context = page();
  context.createMediaStreamSource(new target.MediaStream([track])).connect(context.destination);
  await settled();
  assert.equal(sink.told.length, told);
});
