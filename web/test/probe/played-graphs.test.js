import assert from "node:assert/strict";
import { test } from "node:test";
import { PlayedGraphs } from "../../probe/played-graphs.js";
import { audioWindow } from "../support/audio-window.js";

/** @param {any} target */
function makeContext(target) {
  const context = new target.AudioContext();
  context.now = "running";
  return context;
}

function make() {
  const { target, state } = audioWindow();
  /** @type {any} */
  const elements = {
    originalOf: (/** @type {any} */ t) => t,
    muteOf: (/** @type {any} */ t) => (t.isOn ? null : "the track is disabled"),
    tracksOf: (/** @type {any} */ element) => element.tracks,
    rerouted: new Set(),
    reroute: (/** @type {any} */ element) => elements.rerouted.add(element),
    changes: 0,
    changed: () => (elements.changes += 1),
  };
  /** @type {any[]} */
  const outs = [];
  /** @type {any} */
  const remote = new target.MediaStreamTrack("remote");
  const known = new Set([remote]);
  const graphs = new PlayedGraphs(target, elements, (t) => known.has(t), (t) => outs.push(t));
  const undo = graphs.install();
  const context = makeContext(target);
  const source = context.createMediaStreamSource(new target.MediaStream([remote]));
  return { target, state, graphs, elements, context, source, remote, known, outs, undo };
}

test("gains and meters on the way say how loud a track is", () => {
  const { target, graphs, context, source, remote } = make();
  const gain = new target.GainNode(context);
  gain.level.v = 0.5;
  source.connect(new target.AnalyserNode(context)).connect(gain).connect(context.destination);
  graphs.refresh();
  assert.equal(graphs.gainOf(remote), 0.5);
  gain.level.v = 0;
  assert.equal(graphs.gainOf(remote), 0);
  gain.level.v = 2;
  gain.disconnect();
  assert.equal(graphs.gainOf(remote), 0);
  assert.equal(graphs.silenceOf(remote), "the audio graph is not connected to its destination");
});

test("a suspended context plays nothing", () => {
  const { graphs, context, source, remote } = make();
  source.connect(context.destination);
  graphs.refresh();
  assert.equal(graphs.gainOf(remote), 1);
  context.now = "suspended";
  assert.equal(graphs.gainOf(remote), 0);
  assert.equal(graphs.silenceOf(remote), "the AudioContext is suspended");
});

test("anything else on the way is listened to where it comes out", () => {
  const { target, graphs, context, source, remote, outs } = make();
  const effect = new target.AudioNode(context);
  source.connect(effect).connect(context.destination);
  graphs.refresh();
  const [carrying] = graphs.carrying.values();
  assert.equal(carrying.isSimple, false);
  assert.equal(graphs.gainOf(remote), 0);
  assert.equal(graphs.silenceOf(remote), "");
  assert.ok(effect.to.has(carrying.out), "what is connected to the destination is connected to ours");
  assert.equal(outs.length, 1);
  effect.disconnect(context.destination);
  assert.ok(!effect.to.has(carrying.out));
});

test("a signal that changes a gain makes a graph no simple one", () => {
  const { target, graphs, context, source } = make();
  const gain = new target.GainNode(context);
  source.connect(gain).connect(context.destination);
  new target.AudioNode(context).connect(gain.gain);
  graphs.refresh();
  assert.equal([...graphs.carrying.values()][0].isSimple, false);
});

test("a receiver's track may go into a graph before it is known as remote", () => {
  const { target, graphs, known } = make();
  const context = makeContext(target);
  const track = new target.MediaStreamTrack("early");
  new target.MediaStreamAudioSourceNode(context, { mediaStream: new target.MediaStream([track]) })
    .connect(context.destination);
  graphs.refresh();
  assert.equal(graphs.gainOf(track), 0);
  known.add(track);
  graphs.expect(track);
  graphs.refresh();
  assert.equal(graphs.gainOf(track), 1);
});

test("the harness's own contexts, and those that render into a buffer, are left alone", () => {
  const { target, graphs, remote } = make();
  const [own, buffer] = [new target.AudioContext(), new target.BaseAudioContext()];
  graphs.leaveOut(own);
  own.createMediaStreamSource(new target.MediaStream([remote])).connect(own.destination);
  const beep = new target.AudioNode(buffer);
  beep.connect(buffer.destination);
  assert.deepEqual([...beep.to], [buffer.destination]);
  assert.equal(graphs.carrying.has(own), false);
});

test("sound of the page's own is listened to where it comes out, once its context runs", () => {
  const { target, graphs, outs } = make();
  const context = new target.AudioContext();
  const voice = new target.AudioNode(context);
  voice.connect(new target.GainNode(context)).connect(context.destination);
  const { out, isSimple } = graphs.carrying.get(context) ?? assert.fail();
  assert.equal(isSimple, false);
  const before = outs.length;
  context.now = "running";
  context.fire("statechange");
  context.fire("statechange");
  assert.equal(outs.length, before + 1);
  const second = new target.AudioNode(context);
  second.connect(context.destination);
  assert.ok(second.to.has(out), "what comes later is heard, too");
  graphs.refresh();
  assert.equal(graphs.carrying.get(context)?.isSimple, false);
});

test("a graph that carries a remote track and sound of its own is no simple one", () => {
  const { target, graphs, context, source } = make();
  source.connect(context.destination);
  const beep = new target.AudioNode(context);
  const meter = new target.AudioNode(context);
  meter.connect(new target.GainNode(context));
  graphs.refresh();
  const [carrying] = graphs.carrying.values();
  assert.equal(carrying.isSimple, true, "a meter that leads nowhere is not heard");
  beep.connect(new target.GainNode(context)).connect(context.destination);
  graphs.refresh();
  assert.equal(carrying.isSimple, false);
  beep.disconnect();
  graphs.refresh();
  assert.equal(carrying.isSimple, true);
});

test("a page's own nodes, errors and classes are the browser's", () => {
  const { target, state, context } = make();
  const stream = new target.MediaStream([]);
  const node = new target.MediaStreamAudioSourceNode(context, { mediaStream: stream });
  assert.ok(node instanceof target.MediaStreamAudioSourceNode);
  assert.equal(node.constructor, target.MediaStreamAudioSourceNode);
  const gain = new target.GainNode(context);
  assert.equal(node.connect(gain), gain, "connections are chained");
  assert.equal(gain.disconnect(), undefined);
  assert.equal(target.AudioNode.prototype.connect.name, "connect");
  assert.equal(state.contexts.length, 1);
});

test("a connection that the browser refuses is none", () => {
  const { target, graphs, context, source, remote, undo } = make();
  undo();
  target.AudioNode.prototype.connect = () => {
    throw new DOMException("cannot connect", "InvalidAccessError");
  };
  graphs.install();
  assert.throws(() => source.connect(context.destination), { name: "InvalidAccessError" });
  graphs.refresh();
  assert.equal(graphs.gainOf(remote), 0);
});

test("values that only a page would pass reach the browser, and nothing else", () => {
  const { context, source, graphs } = make();
  for (const odd of [undefined, null, 7, "text", {}]) {
    assert.doesNotThrow(() => source.connect(odd));
    assert.doesNotThrow(() => source.disconnect(odd));
    assert.doesNotThrow(() => context.createMediaStreamSource(odd));
    assert.doesNotThrow(() => context.createMediaElementSource(odd));
  }
  assert.doesNotThrow(() => graphs.refresh());
});

test("an element whose sound goes into a graph is heard there alone", () => {
  const { target, graphs, elements, remote } = make();
  const context = makeContext(target);
  const element = { tracks: [remote] };
  context.createMediaElementSource(element).connect(context.destination);
  assert.ok(elements.rerouted.has(element));
  graphs.refresh();
  const carrying = graphs.carrying.get(context);
  assert.equal(carrying?.isSimple, false, "its own volume counts, too");
  const built = new target.MediaElementAudioSourceNode(makeContext(target), { mediaElement: element });
  assert.ok(graphs.carrying.has(built.context));
});

test("two remote tracks in one context come out of it together", () => {
  const { target, graphs, context, source, remote, known, outs } = make();
  const second = new target.MediaStreamTrack("second");
  known.add(second);
  const gain = new target.GainNode(context);
  gain.gain.value = 0.5;
  context.createMediaStreamSource(new target.MediaStream([second])).connect(gain).connect(context.destination);
  source.connect(context.destination);
  graphs.refresh();
  assert.deepEqual([graphs.gainOf(remote), graphs.gainOf(second)], [1, 0.5]);
  assert.equal(outs.length, 1, "one way out of one context");
});

test("a track that is disabled is silent in a graph", () => {
  const { graphs, context, source, remote } = make();
  source.connect(context.destination);
  graphs.refresh();
  remote.enabled = false;
  assert.equal(graphs.gainOf(remote), 0);
});

test("a closed context carries nothing any more", async () => {
  const { graphs, elements, context, source, remote } = make();
  source.connect(context.destination);
  graphs.refresh();
  await context.close();
  assert.equal(graphs.gainOf(remote), 0);
  assert.equal(graphs.silenceOf(remote), null);
  assert.ok(elements.changes > 0, "what is heard has changed");
});

test("what a context makes of a remote track is known as made of it", () => {
  const { target, graphs, context, source } = make();
  const made = context.createMediaStreamDestination();
  source.connect(made);
  const [track] = made.stream.getAudioTracks();
  assert.equal(graphs.carries(track), true);
  assert.equal(graphs.carries(new target.MediaStreamTrack("other")), false);
  const elsewhere = new target.MediaStreamAudioDestinationNode(makeContext(target));
  assert.equal(graphs.carries(elsewhere.stream.getAudioTracks()[0]), false, "nothing remote goes in there");
});

test("a second context that takes what the first one made carries it on", () => {
  const { target, graphs, context, source } = make();
  const made = context.createMediaStreamDestination();
  source.connect(made);
  const second = makeContext(target);
  second.createMediaStreamSource(made.stream).connect(second.destination);
  assert.ok(graphs.carrying.has(second));
  graphs.refresh();
  assert.equal(graphs.carrying.get(second)?.isSimple, false, "what comes out of it is no received track");
});

test("nodes that were connected before a remote track came are heard as well", () => {
  const { target, graphs, remote } = make();
  const context = makeContext(target);
  const beep = new target.AudioNode(context);
  beep.connect(context.destination);
  context.createMediaStreamSource(new target.MediaStream([remote]));
  const carrying = graphs.carrying.get(context);
  assert.ok(beep.to.has(carrying?.out));
});

test("one output of a node may leave the destination while another stays", () => {
  const { target, graphs, context } = make();
  const [carrying] = graphs.carrying.values();
  const splitter = new target.AudioNode(context);
  /** @type {any[]} */
  const calls = [];
  graphs.natives.disconnect = (/** @type {any[]} */ ...args) => calls.push(args);
  splitter.connect(context.destination, 0);
  splitter.connect(context.destination, 1);
  splitter.disconnect(context.destination, 1);
  assert.deepEqual(calls, [[carrying.out, 1]]);
  graphs.natives.disconnect = () => {
    throw new DOMException("not connected", "InvalidAccessError");
  };
  assert.doesNotThrow(() => splitter.disconnect(context.destination, 0));
});

test("a stream without audio, and one of the harness, wait for nothing", () => {
  const { target, graphs, context } = make();
  assert.doesNotThrow(() => context.createMediaStreamSource(new target.MediaStream([])));
  const stranger = new target.MediaStreamTrack("stranger");
  graphs.expect(stranger);
  assert.equal(graphs.silenceOf(stranger), null);
});

test("a window without audio graphs is left alone", () => {
  const { target } = audioWindow();
  delete target.AudioNode;
  const { connect } = audioWindow().target.AudioNode.prototype;
  const graphs = new PlayedGraphs(target, /** @type {any} */ ({}), () => true, () => {});
  assert.doesNotThrow(graphs.install());
  assert.equal(connect.name, "connect");
});

test("afterwards everything is the browser's again", () => {
  const { target, undo, graphs, remote } = make();
  undo();
  const context = makeContext(target);
  context.createMediaStreamSource(new target.MediaStream([remote])).connect(context.destination);
  assert.equal(graphs.carrying.has(context), false);
});
