/**
 * What a person does on a page that tells of it: events "voicecall" on its window, as our own
 * page sends them. Other pages may, too; what is of no known type or shape is none of ours.
 *
 * @typedef {Record<string, unknown>} Facts
 * @typedef {"microphone.clicked" | "close.clicked" | "volume.changed"} PersonEvent
 */

export const PERSON_EVENT = "voicecall";

/** @param {any} target The window. @param {import("./sink.js").Sink} sink */
export function watchPerson(target, sink) {
  target.addEventListener(PERSON_EVENT, (/** @type {CustomEvent} */ event) => {
    try {
      tell(sink, event.detail ?? {});
    } catch {
      // details with getters that throw: a page's joke, and none of its business with us
    }
  });
}

/** @param {import("./sink.js").Sink} sink @param {Facts} facts */
function tell(sink, { type, is_on, volume }) {
  if (type === "microphone.clicked" && typeof is_on === "boolean") sink.emit(type, { is_on });
  if (type === "close.clicked") sink.emit(type, {});
  if (type === "volume.changed" && typeof volume === "number" && Number.isFinite(volume)) {
    sink.emit(type, { volume });
  }
}
