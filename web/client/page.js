/** The page put together: client, sound, transcript, controls, and what a host may do with it. */
import { AudioGraph } from "./audio-graph.js";
import { RealtimeClient } from "./client.js";
import { Controls, finder } from "./controls.js";
import { ConversationView } from "./conversation-view.js";
import { Conversation } from "./conversation.js";
import { asCallError } from "./errors.js";
import { Frames } from "./frames.js";
import { BAR_MS, LevelStrip } from "./level-strip.js";
import { tellOfPerson } from "./person.js";
import { makeSurface } from "./rt-surface.js";
import { listenForShortcuts } from "./shortcuts.js";
import { Toasts } from "./toasts.js";

/** @typedef {import("./errors.js").CallError} CallError */

/** Errors of the server that are races of an honest client, not worth a message. */
const HARMLESS = new Set(["response_cancel_not_active"]);
const VOLUME_STEP = 0.1;
const DARK = "(prefers-color-scheme: dark)";
const STILL = "(prefers-reduced-motion: reduce)";
/** What browsers take for a person's touch. */
const TOUCHES = ["pointerdown", "keydown"];

export class Page {
  #find = finder(document);
  #toasts = new Toasts(this.#find("toasts", HTMLElement));
  #sound = new AudioGraph(window, this.#find("remote-audio", HTMLAudioElement));
  #view = new ConversationView({
    list: this.#find("transcript", HTMLElement),
    scroller: this.#find("transcript-scroller", HTMLElement),
    empty: this.#find("transcript-empty", HTMLElement),
  });
  #stillness = matchMedia(STILL);
  #conversation = new Conversation();
  /** @type {CallError | null} */
  #lastError = null;
  /** @type {import("./rt-surface.js").HostOptions["onEvent"]} */
  #onHostEvent;
  #client = new RealtimeClient(window, this.#clientListeners());
  #controls = new Controls(document, {
    start: () => this.start(),
    hangUp: () => this.#hangUp(),
    toggleMute: () => this.#toggleMute(),
    interrupt: () => void this.#interrupt(),
    sendTurn: () => void this.#sendTurn(),
    setVolume: (volume) => this.#setVolume(volume),
  });
  #strip = new LevelStrip(this.#find("levels", HTMLCanvasElement), {
    levels_dbfs: () => this.#sound.levels_dbfs(),
    colours: () => ({
      user: this.#colourOf("legend-user"),
      assistant: this.#colourOf("legend-assistant"),
      line: this.#colourOf("levels"),
    }),
    prefersStill: () => this.#stillness.matches,
  });
  #frames = new Frames((now_ms) => {
    this.#controls.renderElapsed(now_ms);
    this.#strip.frame(now_ms);
  }, BAR_MS);

  /** What a host may do with the page: window.RT. */
  RT = makeSurface({
    client: this.#client,
    conversation: () => this.#conversation,
    setMuted: (isMuted) => this.#setMuted(isMuted),
    setVolume: (volume) => this.#setVolume(volume),
    setOnEvent: (listener) => { this.#onHostEvent = listener; },
    state: () => this.#state(),
  });

  constructor() {
    const commands = this.#commands();
    listenForShortcuts(window, (command) => {
      const areOn = this.#find("shortcuts-on", HTMLInputElement).checked;
      if (areOn || command === "dismiss") commands[command]();
    });
    for (const preference of [matchMedia(DARK), this.#stillness]) {
      preference.addEventListener("change", () => this.#redraw());
    }
    new ResizeObserver(() => this.#redraw()).observe(this.#find("levels", HTMLCanvasElement));
    addEventListener("pagehide", () => void this.#client.close());
    this.#render();
  }

  /** A person's start: what goes wrong is told by a toast. */
  start() {
    if (!this.#client.isBusy) void this.#client.connect().catch(() => {});
  }

  /** @returns {import("./client.js").Listeners} */
  #clientListeners() {
    return {
      onStatus: (status, error) => {
        if (status === "connecting") this.#begin();
        if (status === "ended") this.#end(error);
        this.#render();
        this.#frames.keepDrawing(this.#client.isBusy);
      },
      onEvent: (event, direction) => {
        if (direction === "received") this.#receive(event);
        this.#onHostEvent?.(event, direction);
      },
      onRemoteStream: (stream) => {
        this.#sound.playRemote(stream);
        this.#askForSound();
      },
      onMicrophone: (stream) => {
        if (stream) this.#sound.watchMicrophone(stream);
      },
      onProblem: (error) => this.#toasts.error(error),
    };
  }

  /** @returns {Record<import("./shortcuts.js").Command, () => void>} */
  #commands() {
    return {
      start: () => this.start(),
      hang_up: () => { if (this.#client.isBusy) this.#hangUp(); },
      mute: () => this.#toggleMute(),
      interrupt: () => void this.#interrupt(),
      send_turn: () => {
        if (this.#conversation.isManual) this.#find("send-turn", HTMLButtonElement).click();
      },
      louder: () => this.#setVolume(this.#sound.volume + VOLUME_STEP),
      quieter: () => this.#setVolume(this.#sound.volume - VOLUME_STEP),
      help: () => this.#find("help", HTMLElement).togglePopover(),
      dismiss: () => this.#toasts.dismiss(),
    };
  }

  /** @returns {import("./rt-surface.js").State} */
  #state() {
    const { code, message, hint } = this.#lastError ?? {};
    return structuredClone({
      status: this.#client.status,
      callId: this.#client.callId,
      muted: this.#client.isMuted,
      volume: this.#sound.volume,
      activity: this.#conversation.activity,
      session: this.#conversation.session,
      turns: [...this.#conversation.turns],
      error: this.#lastError
        ? { code: code ?? "", message: message ?? "", hint: hint ?? "" }
        : null,
    });
  }

  #render() {
    this.#view.render(this.#conversation.turns);
    this.#controls.render({
      status: this.#client.status,
      isMuted: this.#client.isMuted,
      isManual: this.#conversation.isManual,
      activity: this.#conversation.activity,
      volume: this.#sound.volume,
    });
  }

  #begin() {
    this.#lastError = null;
    this.#conversation = new Conversation();
    this.#toasts.clear();
    this.#sound.start();
  }

  /** @param {CallError | null} error */
  #end(error) {
    this.#lastError = error;
    this.#conversation.end();
    this.#sound.stop();
    this.#strip.clear();
    if (error) this.#toasts.error(error);
  }

  /** @param {import("./pending-answers.js").WireEvent} event */
  #receive(event) {
    this.#conversation.receive(event, performance.now());
    if (event.type === "error" && !HARMLESS.has(event.error?.code)) {
      const message = String(event.error?.message ?? "The server reported an error.");
      this.#toasts.error({ message });
    }
    const failure = event.type === "response.done" && event.response?.status_details?.error;
    if (failure) this.#toasts.error({ message: String(failure.message ?? "The answer failed.") });
    this.#render();
  }

  #hangUp() {
    tellOfPerson(window, { type: "close.clicked" });
    void this.#client.close();
  }

  #toggleMute() {
    this.#setMuted(!this.#client.isMuted);
    tellOfPerson(window, { type: "microphone.clicked", is_on: !this.#client.isMuted });
  }

  /** Stop the assistant's answer, both its making and its sound. */
  async #interrupt() {
    const { respondingId, playingId } = this.#conversation;
    await this.#attempt(async () => {
      await Promise.all([
        respondingId ? this.RT.cancel() : null,
        playingId ? this.RT.clearOutputAudio() : null,
      ]);
    });
  }

  async #sendTurn() {
    await this.#attempt(async () => {
      await this.RT.commit();
      await this.RT.respond();
    });
  }

  /**
   * Do something for a person. The server's refusals are shown as they arrive; the rest here.
   *
   * @param {() => Promise<void>} action
   */
  async #attempt(action) {
    try {
      await action();
    } catch (error) {
      const { code, message, hint } = asCallError(error);
      if (code === "timeout" || code === "not_connected") this.#toasts.error({ message, hint });
    }
  }

  /** @param {boolean} isMuted */
  #setMuted(isMuted) {
    this.#client.setMuted(isMuted);
    this.#render();
  }

  /** @param {number} volume 0 to 2. */
  #setVolume(volume) {
    const before = this.#sound.volume;
    this.#sound.setVolume(Math.round(Math.min(2, Math.max(0, volume)) * 100) / 100);
    if (this.#sound.volume !== before) {
      tellOfPerson(window, { type: "volume.changed", volume: this.#sound.volume });
    }
    this.#render();
  }

  /** Browsers keep a page silent until a person touched it; then one touch is asked for. */
  async #askForSound() {
    if (await this.#sound.unlock()) return;
    const asking = "Click or press a key to hear the assistant.";
    const takeAway = this.#toasts.notice(asking, { stays: true });
    const touch = async () => {
      if (!(await this.#sound.unlock())) return;
      takeAway();
      for (const type of TOUCHES) removeEventListener(type, touch);
    };
    for (const type of TOUCHES) addEventListener(type, touch);
  }

  /** @param {string} id Of an element whose text has the wanted colour in the present theme. */
  #colourOf(id) {
    return getComputedStyle(this.#find(id, HTMLElement)).color;
  }

  #redraw() {
    this.#strip.invalidate();
    this.#frames.ask();
  }
}
