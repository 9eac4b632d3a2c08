import { quietly } from "./natives.js";

/**
 * Report whether the page may use the microphone, at its start and when that changes, as the page
 * itself would be told.
 *
 * Source: W3C permissions.
 */

/** What changes has to be held by somebody. @type {Set<object>} */
const held = new Set();

/**
 * @param {any} target The window; what is true of a page is true of its frames, or of less.
 * @param {import("./sink.js").Sink} sink
 */
export async function watchPermission(target, sink) {
  const permissions = target.navigator?.permissions;
  if (target.top !== target || !permissions) return;
  try {
    const status = await permissions.query({ name: "microphone" });
    held.add(status);
    const tell = () =>
      quietly(() => sink.emit("page.permission", { name: "microphone", state: status.state }));
    status.addEventListener("change", tell);
    tell();
  } catch {
    // a browser that has no such permission, a document that is going away
  }
}
