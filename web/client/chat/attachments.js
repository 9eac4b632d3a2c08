/** Files that a person attaches to the next message: chosen, sent to the server, shown as chips. */
import { CallError, asCallError } from "../errors.js";
import { element } from "../toasts.js";

/**
 * @typedef {{mostBytes: number, mostFiles: number}} Bounds What the server takes.
 * @typedef {{id: string, isThere: boolean, chip: HTMLElement}} Attached
 */

const MIB = 1024 * 1024;

export class Attachments {
  #list;
  #server;
  #onChange;
  #onProblem;
  /** @type {Attached[]} */
  #files = [];

  /**
   * @param {HTMLElement} list Where the chips are.
   * @param {import("./server.js").ChatServer} server
   * @param {{onChange: () => void, onProblem: (error: CallError) => void}} told
   */
  constructor(list, server, { onChange, onProblem }) {
    this.#list = list;
    this.#server = server;
    this.#onChange = onChange;
    this.#onProblem = onProblem;
  }

  /** Whether there is something, and all of it has come. */
  get isReady() {
    return this.#files.length > 0 && this.#files.every(({ isThere }) => isThere);
  }

  /** Whether something is still on its way. */
  get isComing() {
    return this.#files.some(({ isThere }) => !isThere);
  }

  /** Their ids, for a message; nothing is attached then. */
  take() {
    const ids = this.#files.map(({ id }) => id);
    this.clear();
    return ids;
  }

  /** Attach nothing. */
  clear() {
    this.#files = [];
    this.#list.replaceChildren();
    this.#changed();
  }

  /** @param {Iterable<File>} files */
  async add(files) {
    for (const file of files) await this.#add(file);
  }

  /** @param {File} file */
  async #add(file) {
    /** @type {Attached} */
    const attached = { id: "", isThere: false, chip: element("li", "chip") };
    try {
      const bounds = await this.#server.bounds();
      check(file, this.#files.length, bounds);
      this.#files.push(attached);
      this.#show(attached, file);
      attached.id = await this.#server.upload(file);
      attached.isThere = true;
      attached.chip.setAttribute("aria-busy", "false");
      this.#changed();
    } catch (error) {
      this.#remove(attached);
      this.#onProblem(asCallError(error));
    }
  }

  /**
   * @param {Attached} attached
   * @param {File} file
   */
  #show(attached, file) {
    const { chip } = attached;
    chip.setAttribute("aria-busy", "true");
    const remove = element("button", "chip-remove", "×");
    remove.setAttribute("type", "button");
    remove.setAttribute("aria-label", `Remove ${file.name}`);
    remove.addEventListener("click", () => {
      this.#remove(attached);
      if (attached.isThere) this.#server.ask("attachments.delete", { attachment_id: attached.id }).catch(() => {});
    });
    chip.append(element("span", "chip-name", file.name), element("span", "chip-size", sizeOf(file.size)), remove);
    this.#list.append(chip);
    this.#changed();
  }

  /** @param {Attached} attached */
  #remove(attached) {
    this.#files = this.#files.filter((one) => one !== attached);
    attached.chip.remove();
    this.#changed();
  }

  #changed() {
    this.#list.hidden = this.#files.length === 0;
    this.#onChange();
  }
}

/**
 * @param {File} file
 * @param {number} count How many there are already.
 * @param {Bounds} bounds
 */
function check(file, count, { mostBytes, mostFiles }) {
  if (count >= mostFiles) {
    throw new CallError("bad_argument", `A message may have ${mostFiles} files.`, { hint: "Send these first." });
  }
  if (file.size > mostBytes) {
    throw new CallError("bad_argument", `${file.name} has ${sizeOf(file.size)}.`, {
      hint: `A file may have ${sizeOf(mostBytes)}.`,
    });
  }
  if (file.size === 0) throw new CallError("bad_argument", `${file.name} is empty.`);
}

/** @param {number} bytes */
export function sizeOf(bytes) {
  if (bytes < 1024) return `${bytes} bytes`;
  return bytes < MIB ? `${Math.round(bytes / 1024)} KiB` : `${(bytes / MIB).toFixed(bytes < 10 * MIB ? 1 : 0)} MiB`;
}
