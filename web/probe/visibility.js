import { quietly } from "./natives.js";

/**
 * Report that the page is hidden, and shown again.
 *
 * What counts is what the page itself is told: a test hides its page by a `visibilityState` and an
 * event of its own, for the browser under a driver shows every page.
 *
 * Source: WHATWG HTML, page visibility.
 *
 * @param {any} target The window; frames in it are hidden with it.
 * @param {import("./sink.js").Sink} sink
 */
export function watchVisibility(target, sink) {
  if (target.top !== target || !target.document) return;
  let told = "visible";
  target.document.addEventListener("visibilitychange", () =>
    quietly(() => {
      const state = target.document.visibilityState === "hidden" ? "hidden" : "visible";
      if (state === told) return;
      told = state;
      sink.emit("page.visibility", { state });
    }),
  );
}
