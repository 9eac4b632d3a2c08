/**
 * Tell whoever watches this page what the person at it did, by an event on the window:
 *
 *     addEventListener("voicecall", ({ detail }) => console.log(detail.type));
 *
 * @typedef {{type: "microphone.clicked", is_on: boolean}
 *   | {type: "close.clicked"}
 *   | {type: "volume.changed", volume: number}} PersonEvent
 *
 * @param {Pick<Window, "dispatchEvent">} target
 * @param {PersonEvent} detail
 */
export function tellOfPerson(target, detail) {
  target.dispatchEvent(new CustomEvent("voicecall", { detail }));
}
