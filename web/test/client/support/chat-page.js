/** The chat page whole, with its own markup, in a hand-made window with a hand-made server. */
import { readFileSync } from "node:fs";
import { setImmediate as nextTask } from "node:timers/promises";
import { ChatPage } from "../../../client/chat/page.js";
import { fire, openPage } from "../../support/dom.js";
import { FakeAudioContext } from "./fake-audio.js";
import { FakeStream, FakeWindow, json } from "./fake-window.js";

const HTML = readFileSync(new URL("../../../client/chat.html", import.meta.url), "utf8");

export async function settle() {
  for (let i = 0; i < 12; i++) await nextTask();
}

/** An answer whose body is sent piece by piece. */
export class FakeEvents {
  constructor() {
    this.body = new ReadableStream({ start: (controller) => { this.controller = controller; } });
    this.response = new Response(this.body, { headers: { "Content-Type": "text/event-stream" } });
  }
  send(...events) {
    const text = events.map((event) => `data: ${JSON.stringify(event)}\n\n`).join("");
    this.controller.enqueue(new TextEncoder().encode(text));
  }
  end() {
    this.controller.close();
  }
  breakOff() {
    this.controller.error(new TypeError("network error"));
  }
}

/** A ChatKit server that a test scripts: `answers` by the request's type. */
export class FakeChat extends FakeWindow {
  asked = [];
  keys = 0;
  turn = new FakeEvents();
  said = new FakeEvents();
  answers = {
    "threads.list": () => json(200, { data: [], has_more: false }),
    "threads.create": () => this.turn.response,
    "threads.add_user_message": () => this.turn.response,
  };
  /** What was put to an attachment's address. */
  uploaded = [];
  uploads = { most_bytes: 2048, most_files: 2 };
  session = () => json(200, { client_secret: `ek_${++this.keys}`, expires_at: 1, uploads: this.uploads });
  upload = () => new Response(null, { status: 200 });
  answer = () => new Response("v=0 answer", {
    status: 201, headers: { Location: "/harness/chatkit/calls/rtc_1" },
  });

  constructor() {
    super();
    this.fetch = async (address, request) => {
      const { pathname, search } = new URL(address);
      const key = request.headers?.Authorization ?? "";
      request.signal?.addEventListener("abort", () => this.turn.breakOff());
      if (pathname === "/harness/chatkit/session") return this.session();
      if (pathname.endsWith("/events")) return this.said.response;
      if (pathname.startsWith("/chatkit/attachments/")) {
        this.uploaded.push([pathname, request.method, request.body.name]);
        return this.upload();
      }
      if (pathname === "/harness/chatkit/calls") {
        this.asked.push({ type: `call${search}`, key });
        return this.answer();
      }
      const { type, params } = JSON.parse(request.body);
      this.asked.push({ type, params, key });
      return this.answers[type](params);
    };
  }
}

/** The world the page's scripts find, before any of them ran. */
export function makeChatWorld() {
  FakeAudioContext.reset("running");
  const server = new FakeChat();
  const page = openPage(HTML, {
    AudioContext: FakeAudioContext,
    RTCPeerConnection: server.RTCPeerConnection,
    navigator: server.navigator,
    fetch: server.fetch,
    setTimeout: (call, after_ms) => server.setTimeout(call, after_ms),
    clearTimeout: (id) => server.clearTimeout(id),
  });
  globalThis.MediaStream = FakeStream;
  return { ...page, server, settle };
}

/**
 * The page as it is when its scripts ran and, unless asked otherwise, it has loaded.
 *
 * @param {(server: FakeChat) => void} [prepare]
 */
export async function openChat(prepare, { isLoaded = true, ...more } = {}) {
  const world = makeChatWorld();
  const { find, server } = world;
  Object.assign(world.window, more);
  prepare?.(server);
  const page = new ChatPage();
  const loading = page.load();
  await (isLoaded ? loading : settle());
  const message = find("#message");
  const type = (text) => {
    message.value = text;
    fire(message, "input");
  };
  return {
    ...world,
    type,
    write: async (text, fields = {}) => {
      type(text);
      fire(message, "keydown", { key: "Enter", ...fields });
      await settle();
    },
    click: async (id) => {
      find(`#${id}`).click();
      await settle();
    },
    text: (id) => find(`#${id}`).textContent,
    message,
    toasts: () => find("#toasts").querySelectorAll(".toast-message").map(({ textContent }) => textContent),
    turns: () => find("#thread").children.map((item) => item.children.map(({ textContent }) => textContent)),
  };
}

export const THREAD = { id: "thr_1", title: "Tables", status: { type: "active" } };
export const user = (id, text) => ({ id, type: "user_message", content: [{ type: "input_text", text }], attachments: [] });
export const assistant = (id, text) => ({ id, type: "assistant_message", content: [{ type: "output_text", text }] });
