import { getterOf } from "./natives.js";

/**
 * How the nodes of a page's audio graphs are connected, and how loud what goes into one comes out.
 *
 * Nodes are held weakly: a page that drops its graph is rid of it.
 */

/** From so many nodes on, those that are gone are looked for. */
const MANY_NODES = 256;

export class NodeConnections {
  /** @param {any} target The window. */
  constructor(target) {
    const { AnalyserNode, AudioNode, AudioParam, BaseAudioContext, GainNode, MediaStreamAudioSourceNode } = target;
    this.natives = {
      AudioParam,
      GainNode,
      context: getterOf(AudioNode?.prototype, "context"),
      destination: getterOf(BaseAudioContext?.prototype, "destination"),
      gain: getterOf(GainNode?.prototype, "gain"),
      value: getterOf(AudioParam?.prototype, "value"),
      /** They change nothing but how loud it is. */
      plain: [GainNode, AnalyserNode, MediaStreamAudioSourceNode].filter(Boolean),
    };
    /** Contexts of the harness. @type {WeakSet<object>} */
    this.ours = new WeakSet();
    /** What is connected to a context's destination. @type {WeakMap<object, Set<WeakRef<AudioNode>>>} */
    this.last = new WeakMap();
    /** What a node is connected to. @type {WeakMap<object, Set<object>>} */
    this.edges = new WeakMap();
    /** Contexts with a parameter that a signal changes. @type {WeakSet<object>} */
    this.modulated = new WeakSet();
    /** Nodes that make or change sound, by their context. @type {WeakMap<object, Set<WeakRef<object>>>} */
    this.makers = new WeakMap();
  }

  /** A context of the harness: it is no part of the page. @param {object} context */
  leaveOut(context) {
    this.ours.add(context);
  }

  /** @param {any} node @returns {any} */
  contextOf(node) {
    return Reflect.apply(this.natives.context, node, []);
  }

  /**
   * A node has been connected to another one, or to a parameter.
   *
   * @param {any} node @param {any} to
   * @returns {object | undefined} The context whose destination that was.
   */
  add(node, to) {
    if (to instanceof this.natives.AudioParam) {
      this.modulated.add(this.contextOf(node));
      return undefined;
    }
    this.edges.set(node, (this.edges.get(node) ?? new Set()).add(to));
    if (!this.isPlain(node)) this.addMaker(node);
    const context = this.leadsOut(node, to);
    if (!context) return undefined;
    const nodes = this.last.get(context) ?? new Set();
    this.last.set(context, nodes);
    if (![...nodes].some((reference) => reference.deref() === node)) nodes.add(new WeakRef(node));
    if (nodes.size > MANY_NODES) this.lastNodes(context);
    return context;
  }

  /**
   * A node has been disconnected from another one, or from all.
   *
   * @param {any} node @param {object | undefined} to
   * @returns {object | undefined} The context whose destination it may have led to.
   */
  remove(node, to) {
    if (to === undefined) this.edges.delete(node);
    else this.edges.get(node)?.delete(to);
    if (to !== undefined && !this.leadsOut(node, to)) return undefined;
    const context = this.contextOf(node);
    const nodes = this.last.get(context);
    if (!nodes) return undefined;
    for (const reference of nodes) if (reference.deref() === node) nodes.delete(reference);
    return context;
  }

  /**
   * The context whose destination a node is connected to by this; undefined for other nodes.
   *
   * @param {any} node @param {any} to
   */
  leadsOut(node, to) {
    const context = this.contextOf(node);
    if (this.ours.has(context)) return undefined;
    return to === Reflect.apply(this.natives.destination, context, []) ? context : undefined;
  }

  /** The nodes that are connected to a context's destination. @param {object} context @returns {AudioNode[]} */
  lastNodes(context) {
    const nodes = this.last.get(context) ?? new Set();
    const found = [];
    for (const reference of nodes) {
      const node = reference.deref();
      if (node === undefined) nodes.delete(reference);
      else found.push(node);
    }
    return found;
  }

  /**
   * The product of the gains from a node to its destination, summed over the ways there; null where
   * something else is on the way.
   *
   * @param {any} context @param {object} node
   * @param {object[]} [way] The nodes before it.
   * @returns {number | null}
   */
  through(context, node, way = []) {
    if (node === Reflect.apply(this.natives.destination, context, [])) return 1;
    const edges = this.edges.get(node);
    if (!edges || edges.size === 0) return 0;
    if (way.includes(node) || !this.isPlain(node)) return null;
    let sum = 0;
    for (const next of edges) {
      const gain = this.through(context, next, [...way, node]);
      if (gain === null) return null;
      sum += gain;
    }
    return node instanceof this.natives.GainNode ? sum * this.factorOf(node) : sum;
  }

  /** Whether a node changes nothing but how loud it is. @param {object} node */
  isPlain(node) {
    return this.natives.plain.some((type) => node instanceof type);
  }

  /** @param {any} node */
  addMaker(node) {
    const context = this.contextOf(node);
    const makers = this.makers.get(context) ?? new Set();
    this.makers.set(context, makers);
    if (![...makers].some((reference) => reference.deref() === node)) makers.add(new WeakRef(node));
    if (makers.size > MANY_NODES) forgetGone(makers);
  }

  /** Whether what some node makes comes out of the context. @param {any} context */
  hasMaker(context) {
    for (const reference of this.makers.get(context) ?? []) {
      const node = reference.deref();
      if (node && this.leads(context, node)) return true;
    }
    return false;
  }

  /** Whether a node leads to its context's destination, whatever is on the way. @param {any} context @param {object} node */
  leads(context, node) {
    const destination = Reflect.apply(this.natives.destination, context, []);
    return this.after(node).has(destination);
  }

  /** Whether a node leads to one of these classes. @param {object} node @param {any[]} classes */
  reaches(node, classes) {
    for (const next of this.after(node)) if (classes.some((type) => next instanceof type)) return true;
    return false;
  }

  /**
   * A node and all that it leads to.
   *
   * @param {object} node @param {Set<object>} [seen]
   * @returns {Set<object>}
   */
  after(node, seen = new Set()) {
    if (seen.has(node)) return seen;
    seen.add(node);
    for (const next of this.edges.get(node) ?? []) this.after(next, seen);
    return seen;
  }

  /** @param {any} node A gain. @returns {number} */
  factorOf(node) {
    return Math.abs(Reflect.apply(this.natives.value, Reflect.apply(this.natives.gain, node, []), []));
  }
}

/** @param {Set<WeakRef<object>>} references */
function forgetGone(references) {
  for (const reference of references) if (reference.deref() === undefined) references.delete(reference);
}
