import assert from "node:assert/strict";
import { test } from "node:test";
import { PlayedGraphs } from "../../probe/played-graphs.js";

function make() {
  class AudioParam {
    /** @param {number} v */
    constructor(v) { this.v = v; }
    get value() { return this.v; }
  }
  class AudioNode {
    /** @type {Set<any>} */ to = new Set();
    /** @param {any} context */
    constructor(context) { this.own = context; }
    get context() { return this.own; }
    connect(/** @type {any} */ to) { this.to.add(to); return to; }
    disconnect(/** @type {any} */ to) { if (to) this.to.delete(to); else this.to.clear(); }
  }
  class GainNode extends AudioNode {
    level = new AudioParam(1);
    get gain() { return this.level; }
  }
  class AnalyserNode extends AudioNode {}
  class MediaStreamAudioSourceNode extends AudioNode {
    /** @param {any} context @param {any} options */
    constructor(context, options) { super(context); this.options = options; }
  }
  class MediaStreamAudioDestinationNode extends AudioNode {
    made = new MediaStream([{ made: true }]);
    get stream() { return this.made; }
  }
  class MediaStream {
    /** @param {any[]} tracks */
    constructor(tracks) { this.tracks = tracks; }
    getAudioTracks() { return this.tracks; }
  }
  class BaseAudioContext {
    out = new AudioNode(this);
    now = "running";
    get destination() { return this.out; }
    get state() { return this.now; }
  }
  class AudioContext extends BaseAudioContext {
    createMediaStreamSource(/** @type {any} */ mediaStream) {
      return new MediaStreamAudioSourceNode(this, { mediaStream });
    }
    async close() { this.now = "closed"; }
  }
  /** @type {any} */
  const target = {
    AudioParam, AudioNode, GainNode, AnalyserNode, MediaStreamAudioSourceNode,
    MediaStreamAudioDestinationNode, MediaStream, BaseAudioContext, AudioContext,
  };
  /** @type {any} */
  const elements = { originalOf: (/** @type {any} */ t) => t, isEnabled: () => true, changed: () => {} };
  /** @type {any[]} */
  const outs = [];
  /** @type {any} */
  const remote = { name: "remote" };
  const known = new Set([remote]);
  const graphs = new PlayedGraphs(target, elements, (t) => known.has(t), (t) => outs.push(t));
  graphs.install();
  const context = new target.AudioContext();
  const source = context.createMediaStreamSource(new MediaStream([remote]));
  return { target, graphs, context, source, remote, known, outs };
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
  const context = new target.AudioContext();
  const track = /** @type {any} */ ({ name: "early" });
  new target.MediaStreamAudioSourceNode(context, { mediaStream: new target.MediaStream([track]) })
    .connect(context.destination);
  graphs.refresh();
  assert.equal(graphs.gainOf(track), 0);
  known.add(track);
  graphs.expect(track);
  graphs.refresh();
  assert.equal(graphs.gainOf(track), 1);
});

test("contexts that carry nothing remote, and the harness's own, are left alone", () => {
  const { target, graphs, remote } = make();
  const [own, beeps] = [new target.AudioContext(), new target.AudioContext()];
  graphs.leaveOut(own);
  own.createMediaStreamSource(new target.MediaStream([remote])).connect(own.destination);
  const beep = new target.AudioNode(beeps);
  beep.connect(beeps.destination);
  assert.deepEqual([...beep.to], [beeps.destination]);
  assert.equal(graphs.carrying.has(own), false);
});
