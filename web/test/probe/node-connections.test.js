import assert from "node:assert/strict";
import { test } from "node:test";
import { NodeConnections } from "../../probe/node-connections.js";
import { audioWindow } from "../support/audio-window.js";
import { collectGarbage } from "../support/collect.js";

function make() {
  const { target } = audioWindow();
  const connections = new NodeConnections(target);
  const context = new target.AudioContext();
  const source = new target.MediaStreamAudioSourceNode(context, {});
  /** @param {number} level */
  const gain = (level) => {
    const node = new target.GainNode(context);
    node.gain.value = level;
    return node;
  };
  const through = () => connections.through(context, source);
  return { target, connections, context, source, gain, through };
}

test("what is connected to nothing comes out nowhere", () => {
  assert.equal(make().through(), 0);
});

test("gains in a row multiply, an inverted one is as loud", () => {
  const { connections, context, source, gain, through } = make();
  const [first, second] = [gain(0.5), gain(-0.5)];
  connections.add(source, first);
  connections.add(first, second);
  connections.add(second, context.destination);
  assert.equal(through(), 0.25);
});

test("ways side by side add up, and one that ends adds nothing", () => {
  const { connections, context, source, gain, through } = make();
  for (const level of [0.5, 0.25]) {
    const node = gain(level);
    connections.add(source, node);
    connections.add(node, context.destination);
  }
  connections.add(source, gain(1));
  assert.equal(through(), 0.75);
});

test("anything but gains and meters on one of the ways makes it unknown", () => {
  const { target, connections, context, source, gain, through } = make();
  const effect = new target.AudioNode(context);
  connections.add(source, context.destination);
  connections.add(source, effect);
  assert.equal(through(), 1, "an effect that leads nowhere is not heard");
  connections.add(effect, context.destination);
  assert.equal(through(), null);
  connections.remove(source, effect);
  connections.add(source, gain(1));
  assert.equal(through(), 1);
});

test("a loop of the page's is unknown, and ends", () => {
  const { connections, context, source, gain, through } = make();
  const [first, second] = [gain(1), gain(1)];
  connections.add(source, first);
  connections.add(first, second);
  connections.add(second, first);
  connections.add(second, context.destination);
  assert.equal(through(), null);
});

test("the last nodes are those at the destination, each once", () => {
  const { connections, context, source, gain } = make();
  const other = gain(1);
  assert.equal(connections.add(source, other), undefined);
  assert.equal(connections.add(other, context.destination), context);
  assert.equal(connections.add(other, context.destination), context);
  assert.deepEqual(connections.lastNodes(context), [other]);
  assert.equal(connections.remove(other, context.destination), context);
  assert.deepEqual(connections.lastNodes(context), []);
});

test("to be disconnected from everything includes the destination", () => {
  const { connections, context, source, through } = make();
  connections.add(source, context.destination);
  assert.equal(connections.remove(source, undefined), context);
  assert.deepEqual(connections.lastNodes(context), []);
  assert.equal(through(), 0);
});

test("what never led out of its context is no news", () => {
  const { target, connections, source, gain } = make();
  assert.equal(connections.remove(source, undefined), undefined);
  connections.add(source, gain(1));
  assert.equal(connections.remove(source, gain(1)), undefined);
  assert.deepEqual(connections.lastNodes(new target.AudioContext()), []);
});

test("the destination of another context is none of this one's", () => {
  const { target, connections, context, source } = make();
  assert.equal(connections.add(source, new target.AudioContext().destination), undefined);
  assert.deepEqual(connections.lastNodes(context), []);
});

test("a signal that goes into a parameter marks its context", () => {
  const { connections, context, source, gain, through } = make();
  const node = gain(0.5);
  connections.add(source, node.gain);
  assert.ok(connections.modulated.has(context));
  assert.equal(through(), 0, "and is no way out");
});

test("the harness's own contexts are not followed", () => {
  const { connections, context, source } = make();
  connections.leaveOut(context);
  assert.equal(connections.add(source, context.destination), undefined);
  assert.deepEqual(connections.lastNodes(context), []);
});

test("getters that a page replaces are not asked", () => {
  const { target, connections, context, source, gain, through } = make();
  const node = gain(0.5);
  connections.add(source, node);
  connections.add(node, context.destination);
  const fail = { get() { throw new Error("the page's own"); } };
  Object.defineProperty(target.AudioParam.prototype, "value", fail);
  Object.defineProperty(target.GainNode.prototype, "gain", fail);
  Object.defineProperty(target.AudioNode.prototype, "context", fail);
  assert.equal(through(), 0.5);
});

test("thousands of short sounds leave nothing behind", async () => {
  const { connections, context, gain } = make();
  for (let i = 0; i < 2_000; i++) connections.add(gain(1), context.destination);
  await collectGarbage();
  const kept = gain(1);
  connections.add(kept, context.destination);
  assert.deepEqual(connections.lastNodes(context), [kept]);
});

test("a browser without audio graphs is no error", () => {
  assert.doesNotThrow(() => new NodeConnections({}));
});
