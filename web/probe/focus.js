import { quietly } from "./natives.js";

/**
 * Report that the page's window loses the keyboard, and has it again.
 *
 * Source: WHATWG HTML, focus.
 *
 * @param {any} target The window; a frame that takes the keyboard takes it from its page.
 * @param {import("./sink.js").Sink} sink
 */
export function watchFocus(target, sink) {
  if (target.top !== target || !target.document) return;
  /** @type {"focused" | "blurred"} */
  let told = target.document.hasFocus?.() === false ? "blurred" : "focused";
  /** @param {"focused" | "blurred"} state */
  const tell = (state) => {
    if (state === told) return;
    told = state;
    quietly(() => sink.emit("page.focus", { state }));
  };
  target.addEventListener("focus", () => tell("focused"));
  target.addEventListener("blur", () => tell("blurred"));
}
