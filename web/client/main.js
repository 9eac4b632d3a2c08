/** The page put together: client, sound, transcript, controls, and window.RT. */
import { AudioGraph } from "./audio-graph.js";
import { RealtimeClient } from "./client.js";
import { Controls, finder } from "./controls.js";
import { ConversationView } from "./conversation-view.js";
import { Conversation } from "./conversation.js";
import { CallError, asCallError } from "./errors.js";
import { BAR_MS, LevelStrip } from "./level-strip.js";
import { tellOfPerson } from "./person.js";
import { makeSurface } from "./rt-surface.js";
import { listenForShortcuts } from "./shortcuts.js";
import { Toasts } from "./toasts.js";

/** Errors of the server that are races of an honest client, not worth a message. */
const HARMLESS = new Set(["response_cancel_not_active"]);
const VOLUME_STEP = 0.1;

const find = finder(document);
const toasts = new Toasts(find("toasts", HTMLElement));
const sound = new AudioGraph(window, find("remote-audio", HTMLAudioElement));
const view = new ConversationView({
  list: find("transcript", HTMLElement),
  scroller: find("transcript-scroller", HTMLElement),
  empty: find("transcript-empty", HTMLElement),
});
let conversation = new Conversation();
/** @type {CallError | null} */
let lastError = null;
/** @type {import("./rt-surface.js").HostOptions["onEvent"]} */
let onHostEvent;

const client = new RealtimeClient(window, {
  onStatus(status, error) {
    if (status === "connecting") begin();
    if (status === "ended") end(error);
    render();
    tick();
  },
  onEvent(event, direction) {
    if (direction === "received") receive(event);
    onHostEvent?.(event, direction);
  },
  onRemoteStream(stream) {
    sound.playRemote(stream);
    askForSound();
  },
  onMicrophone(stream) {
    if (stream) sound.watchMicrophone(stream);
  },
  onProblem: (error) => toasts.error(error),
});

const controls = new Controls(document, {
  start: () => start(),
  hangUp,
  toggleMute,
  interrupt: () => void interrupt(),
  sendTurn: () => void attempt(async () => {
    await RT.commit();
    await RT.respond();
  }),
  setVolume,
});

const strip = new LevelStrip(find("levels", HTMLCanvasElement), {
  levels_dbfs: () => sound.levels_dbfs(),
  colours: () => ({
    user: colourOf("legend-user"),
    assistant: colourOf("legend-assistant"),
    line: colourOf("levels"),
  }),
  prefersStill: () => stillness.matches,
});
const stillness = matchMedia("(prefers-reduced-motion: reduce)");

const RT = makeSurface({
  client,
  conversation: () => conversation,
  setMuted,
  setVolume,
  setOnEvent: (listener) => { onHostEvent = listener; },
  state,
});

/** @returns {import("./rt-surface.js").State} */
function state() {
  const { code, message, hint } = lastError ?? {};
  return structuredClone({
    status: client.status,
    callId: client.callId,
    muted: client.isMuted,
    volume: sound.volume,
    activity: conversation.activity,
    session: conversation.session,
    turns: [...conversation.turns],
    error: lastError ? { code: code ?? "", message: message ?? "", hint: hint ?? "" } : null,
  });
}

function render() {
  view.render(conversation.turns);
  controls.render({
    status: client.status,
    isMuted: client.isMuted,
    isManual: conversation.isManual,
    activity: conversation.activity,
    volume: sound.volume,
  });
}

function begin() {
  lastError = null;
  conversation = new Conversation();
  toasts.clear();
  sound.start();
}

/** @param {CallError | null} error */
function end(error) {
  lastError = error;
  conversation.end();
  sound.stop();
  strip.clear();
  if (error) toasts.error(error);
}

/** @param {import("./pending-answers.js").WireEvent} event */
function receive(event) {
  conversation.receive(event, performance.now());
  if (event.type === "error" && !HARMLESS.has(event.error?.code)) {
    toasts.error({ message: String(event.error?.message ?? "The server reported an error.") });
  }
  const failure = event.type === "response.done" && event.response?.status_details?.error;
  if (failure) toasts.error({ message: String(failure.message ?? "The answer failed.") });
  render();
}

/** A person's start: what goes wrong is told by a toast. */
function start() {
  if (!client.isBusy) void client.connect().catch(() => {});
}

function hangUp() {
  tellOfPerson(window, { type: "close.clicked" });
  void client.close();
}

function toggleMute() {
  setMuted(!client.isMuted);
  tellOfPerson(window, { type: "microphone.clicked", is_on: !client.isMuted });
}

/** Stop the assistant's answer, both its making and its sound. */
async function interrupt() {
  const { respondingId, playingId } = conversation;
  await attempt(async () => {
    await Promise.all([
      respondingId ? RT.cancel() : null,
      playingId ? RT.clearOutputAudio() : null,
    ]);
  });
}

/**
 * Do something for a person. The server's refusals are shown as they arrive; the rest here.
 *
 * @param {() => Promise<void>} action
 */
async function attempt(action) {
  try {
    await action();
  } catch (error) {
    const { code, message, hint } = asCallError(error);
    if (code === "timeout" || code === "not_connected") toasts.error({ message, hint });
  }
}

/** @param {boolean} isMuted */
function setMuted(isMuted) {
  client.setMuted(isMuted);
  render();
}

/** @param {number} volume 0 to 2. */
function setVolume(volume) {
  const before = sound.volume;
  sound.setVolume(Math.round(Math.min(2, Math.max(0, volume)) * 100) / 100);
  if (sound.volume !== before) {
    tellOfPerson(window, { type: "volume.changed", volume: sound.volume });
  }
  render();
}

/** Browsers keep a page silent until a person touched it; then one touch is asked for. */
async function askForSound() {
  if (await sound.unlock()) return;
  const takeAway = toasts.notice("Click or press a key to hear the assistant.", { stays: true });
  const touch = async () => {
    if (!(await sound.unlock())) return;
    takeAway();
    for (const type of ["pointerdown", "keydown"]) removeEventListener(type, touch);
  };
  for (const type of ["pointerdown", "keydown"]) addEventListener(type, touch);
}

/** @param {string} id Of an element whose text has the wanted colour in the present theme. */
function colourOf(id) {
  return getComputedStyle(find(id, HTMLElement)).color;
}

/** @type {Record<import("./shortcuts.js").Command, () => void>} */
const COMMANDS = {
  start,
  hang_up: () => { if (client.isBusy) hangUp(); },
  mute: toggleMute,
  interrupt: () => void interrupt(),
  send_turn: () => { if (conversation.isManual) find("send-turn", HTMLButtonElement).click(); },
  louder: () => setVolume(sound.volume + VOLUME_STEP),
  quieter: () => setVolume(sound.volume - VOLUME_STEP),
  help: () => find("help", HTMLElement).togglePopover(),
  dismiss: () => toasts.dismiss(),
};

listenForShortcuts(window, (command) => {
  const areOn = find("shortcuts-on", HTMLInputElement).checked;
  if (areOn || command === "dismiss") COMMANDS[command]();
});

/** @type {number | undefined} */
let ticking;
let isFrameAsked = false;

/** Draw once, at the next chance. A hidden page gets its chance when it is shown again. */
function askForFrame() {
  if (isFrameAsked) return;
  isFrameAsked = true;
  requestAnimationFrame((now_ms) => {
    isFrameAsked = false;
    controls.renderElapsed(now_ms);
    strip.frame(now_ms);
  });
}

/** Frames come only while there is a call; one more shows that it is over. */
function tick() {
  clearInterval(ticking);
  ticking = client.isBusy ? window.setInterval(askForFrame, BAR_MS) : undefined;
  askForFrame();
}

function redraw() {
  strip.invalidate();
  askForFrame();
}

for (const query of ["(prefers-color-scheme: dark)", "(prefers-reduced-motion: reduce)"]) {
  matchMedia(query).addEventListener("change", redraw);
}
new ResizeObserver(redraw).observe(find("levels", HTMLCanvasElement));
addEventListener("pagehide", () => void client.close());

/** @type {Window & {RT?: import("./rt-surface.js").RtSurface}} */ (window).RT = RT;
render();
if (new URLSearchParams(location.search).get("autostart") === "1") start();
