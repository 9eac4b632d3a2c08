/**
 * The global scope of an audio thread, made by hand, and the processors that register in it.
 *
 * @typedef {{ posted: any[], onmessage: any, postMessage: (message: any, transfer?: any[]) => void }} Port
 */
export function audioThread() {
  /** @type {Map<string, any>} */
  const processors = new Map();
  Object.assign(globalThis, {
    sampleRate: 48_000,
    currentFrame: 0,
    AudioWorkletProcessor: class {
      constructor() {
        /** @type {Port} */
        this.port = { posted: [], onmessage: null, postMessage: (message) => void this.port.posted.push(message) };
      }
    },
    registerProcessor: (/** @type {string} */ name, /** @type {any} */ processor) => processors.set(name, processor),
  });
  return {
    processors,
    /** @param {number} frame */
    at: (frame) => Object.assign(globalThis, { currentFrame: frame }),
  };
}
