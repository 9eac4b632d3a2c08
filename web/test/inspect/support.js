import { readFileSync } from "node:fs";
import { openPage } from "../support/dom.js";

const HTML = readFileSync(new URL("../../inspect/index.html", import.meta.url), "utf8");

/** The page of an inspection, with nothing in it yet. */
export const openInspection = () => openPage(HTML);

export const BOARD = {
  now_s: 3.25, page: "http://shop.test/voice", state: ["microphone open", "connection-0 connected"],
  levels_dbfs: { you: -20, page: -75 }, is_muted: false, paused_at: "",
};

export const FINDING = {
  name: "element_muted", severity: "error", cause: "The <b>element</b> is muted.", to_do: "Take muted off.",
  at_s: 5.2, evidence: [{ seq: 7, type: "playback.changed" }], page_line: "http://shop.test/call.js:12:5",
};

/** A socket that a test opens, fills and closes. */
export class FakeSocket extends EventTarget {
  static OPEN = 1;
  /** @type {FakeSocket[]} */
  static made = [];
  readyState = 0;
  sent = [];

  constructor(address) {
    super();
    this.address = address;
    FakeSocket.made.push(this);
  }
  send(text) {
    this.sent.push(text);
  }
  open() {
    this.readyState = 1;
    this.dispatchEvent(new Event("open"));
  }
  tell(message) {
    this.dispatchEvent(Object.assign(new Event("message"), { data: JSON.stringify(message) }));
  }
  close() {
    this.readyState = 3;
    this.dispatchEvent(new Event("close"));
  }
}
