/** What a person does on the page of an inspection, as typed commands. */
import { click, fill, press, say, sayFile } from "./commands.js";
import { byId } from "./view.js";

/** Of each form: its fields, and the command that they make. @type {Record<string, {fields: string[], command: (...values: string[]) => string}>} */
const FORMS = {
  "say": { fields: ["say-text"], command: say },
  "say-file": { fields: ["say-path"], command: sayFile },
  "click": { fields: ["click-selector"], command: click },
  "fill": { fields: ["fill-selector", "fill-text"], command: fill },
  "press": { fields: ["press-key"], command: press },
  "command": { fields: ["command-line"], command: (line) => line.trim() },
};
const STAYS = new Set(["click-selector", "fill-selector", "press-key"]);
const BUTTONS = { "stop": "stop", "snapshot": "snapshot", "hang-up": "hangup", "quit": "quit", "continue": "continue" };

/**
 * @param {(line: string) => boolean} send Gives whether somebody got it.
 * @param {(text: string) => void} tell Says what is amiss.
 */
export function listenToPerson(send, tell) {
  /** @param {string} line */
  const act = (line) => {
    const isSent = send(line);
    if (!isSent) tell("Not connected: nothing was done.");
    return isSent;
  };
  for (const [form, { fields, command }] of Object.entries(FORMS)) {
    byId(`${form}-form`).addEventListener("submit", (event) => {
      event.preventDefault();
      const inputs = fields.map(input);
      const empty = inputs.find(({ value }) => value.trim() === "");
      if (empty) return empty.focus();
      if (!act(command(...inputs.map(({ value }) => value)))) return;
      for (const one of inputs) if (!STAYS.has(one.id)) one.value = "";
    });
  }
  for (const [id, line] of Object.entries(BUTTONS)) byId(id).addEventListener("click", () => act(line));
  const toggle = () => act(byId("mute").getAttribute("aria-pressed") === "true" ? "unmute" : "mute");
  byId("mute").addEventListener("click", toggle);
  document.addEventListener("keydown", (event) => {
    const isTyping = event.target instanceof HTMLInputElement;
    if (isTyping || event.ctrlKey || event.altKey || event.metaKey || event.repeat) return;
    if (event.key === "m") toggle();
    if (event.key !== "/") return;
    event.preventDefault();
    byId("say-text").focus();
  });
}

/** @param {string} id */
const input = (id) => /** @type {HTMLInputElement} */ (byId(id));
