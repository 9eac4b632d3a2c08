/** Our page whole, with its own markup, in a hand-made window with a hand-made server. */
import { readFileSync } from "node:fs";
import { setImmediate as nextTask } from "node:timers/promises";
import { Page } from "../../../client/page.js";
import { fire, openPage } from "../../support/dom.js";
import { FakeAudioContext } from "./fake-audio.js";
import { FakeStream, FakeWindow } from "./fake-window.js";

const HTML = readFileSync(new URL("../../../client/index.html", import.meta.url), "utf8");

export const SESSION = {
  audio: { input: { transcription: { model: "m" }, turn_detection: { type: "server_vad" } } },
};

async function settle() {
  for (let i = 0; i < 5; i++) await nextTask();
}

/**
 * The world the page's scripts find, before any of them ran.
 *
 * @param {{search?: string, sound?: string, session?: object}} options `search` is the address's,
 *   `sound` what the browser allows at first, `session` what the server begins with.
 */
export function makeTalkWorld({ search = "", sound = "running", session = SESSION } = {}) {
  FakeAudioContext.reset(sound);
  const server = new FakeWindow();
  server.onAnswered = (connection) => server.receive({ type: "session.created", session }, connection);
  const intervals = new Map();
  const page = openPage(HTML, {
    AudioContext: FakeAudioContext,
    RTCPeerConnection: server.RTCPeerConnection,
    navigator: server.navigator,
    fetch: server.fetch,
    setTimeout: (call, after_ms) => server.setTimeout(call, after_ms),
    clearTimeout: (id) => server.clearTimeout(id),
    setInterval: (call) => intervals.set(intervals.size + 1, call) && intervals.size,
  });
  page.window.location.search = search;
  globalThis.clearInterval = (id) => intervals.delete(id);
  globalThis.MediaStream = FakeStream;
  return { ...page, server, intervals, settle };
}

/** The page as it is when its scripts ran. @param {Parameters<typeof makeTalkWorld>[0]} [options] */
export function openTalk(options) {
  const world = makeTalkWorld(options);
  const { window, find, server, intervals } = world;
  const told = [];
  window.addEventListener("voicecall", ({ detail }) => told.push(detail));
  const page = new Page();
  const act = (what) => async (...values) => {
    what(...values);
    await settle();
  };
  return {
    ...world, told,
    RT: page.RT,
    click: act((id) => find(`#${id}`).click()),
    key: act(world.press),
    /** The server sends these events. */
    receive: act((...events) => events.forEach((event) => server.receive(event))),
    /** Time passes: what the page does at intervals is done, and the browser draws. */
    pass: (now_ms) => {
      for (const call of intervals.values()) call();
      world.draw(now_ms);
    },
    slide: act((volume) => {
      find("#volume").value = volume;
      fire(find("#volume"), "input");
    }),
    text: (id) => find(`#${id}`).textContent,
    toasts: () => find("#toasts").querySelectorAll(".toast-message").map(({ textContent }) => textContent),
    hints: () => find("#toasts").querySelectorAll(".toast-hint").map(({ textContent }) => textContent),
    turns: () => find("#transcript").children.map((item) => item.children.map(({ textContent }) => textContent)),
    sent: () => server.sent.map(({ type }) => type),
  };
}
