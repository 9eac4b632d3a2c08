import { getterOf, replaceConstructor } from "./natives.js";
import { pageLine } from "./page-line.js";

/**
 * Report the page's AudioContexts: where each was made, and its states. What the page gets is the
 * browser's own object, untouched; a context that renders into a buffer is none of these.
 *
 * Source: W3C webaudio, AudioContext.
 *
 * @param {any} target The window.
 * @param {import("./sink.js").Sink} sink
 * @returns {() => void} Puts the original back.
 */
export function watchAudioContexts(target, sink) {
  const addEventListener = target.EventTarget?.prototype.addEventListener;
  const state = getterOf(target.BaseAudioContext?.prototype, "state");
  if (!addEventListener || !state) return () => {};
  let count = 0;
  return replaceConstructor(target, ["AudioContext", "webkitAudioContext"], (made) => {
    const context = `audio-context-${count++}`;
    sink.emit("audio_context.created", { context, line: pageLine() });
    Reflect.apply(addEventListener, made, [
      "statechange",
      () => sink.emit("audio_context.state", { context, state: Reflect.apply(state, made, []) }),
    ]);
  });
}
