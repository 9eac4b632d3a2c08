import { quietly } from "./natives.js";

/**
 * Report tasks that keep the main thread busy for long.
 *
 * Source: W3C longtasks-1.
 */

/** What is shorter is felt by nobody, and there are many. */
const LEAST_MS = 200;

/** @param {any} target The window. @param {import("./sink.js").Sink} sink */
export function watchLongTasks(target, sink) {
  quietly(() => {
    const observer = new target.PerformanceObserver((/** @type {any} */ list) =>
      quietly(() => {
        for (const { duration } of list.getEntries()) {
          if (duration >= LEAST_MS) sink.emit("page.long_task", { duration_ms: duration });
        }
      }),
    );
    observer.observe({ type: "longtask" });
  });
}
