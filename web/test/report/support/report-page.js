/** A report of two calls, small: the markup that the viewer's modules look for, and what is below it. */
import { fire, openPage } from "../../support/dom.js";

const EVENTS = [
  { seq: 0, t: null, group: "harness", type: "header", text: "greeting", data: {} },
  { seq: 1, t: 0.5, group: "wire", type: "session.created", text: "", data: { session: '{"model": "m"}' } },
  { seq: 2, t: 2, group: "harness", type: "step", text: "says Hello", data: { n: 2 } },
  { seq: 3, t: 4, group: "wire", type: "error", text: "no such voice", data: { code: "bad" }, bad: true },
  { seq: 4, t: 6, group: "wire", type: "response.done", text: "", data: { id: "resp_7" } },
];

/** Received alone; and received by two tracks of which one has a gap, and sent. */
const CURVES = [
  { key: "jitter", unit: "ms", digits: 1, lines: [{ name: "received", side: "received", t: [1, 2, 3], v: [4, 8, 4] }] },
  { key: "bit_rate", unit: "kbit/s", digits: 0, lines: [
    { name: "received, track 1", side: "received", t: [1, 2, 6, 9], v: [30, 34, null, 31] },
    { name: "received, track 2", side: "received", t: [1.5, 2.5], v: [12, 13] },
    { name: "sent", side: "sent", t: [1, 2], v: [40, 41] },
  ] },
];

const word = (from, to, text) => (
  `<a class="word" href="#s1@${from}" style="left:${from * 10}%;width:${(to - from) * 10}%" data-from="${from}" data-to="${to}" data-room="${to - from}"><span>${text}</span></a>`
);

const CONNECTIONS = `
  <section data-connections="s1">
    <details class="connection" data-connection="connection-0" open>
      <button data-seq="3">event 3</button><button data-seq="99">event 99</button>
      <button data-compare="1-offer 2-offer"><span>compare</span></button>
      <details class="sdp" data-sdp="0"><summary>SDP</summary>
        <select data-side="left" value="1-offer"></select><select data-side="right" value="1-answer"></select>
        <input type="checkbox" data-only-changes><input type="checkbox" data-words>
        <output class="tally"></output><div class="lines"></div>
      </details>
    </details>
    <details class="connection" data-connection="connection-1"><summary>connection-1</summary></details>
  </section>`;

const DESCRIPTIONS = {
  "1-offer": { label: "Round 1: offer", left_out: 0, lines: [["v=0", ""], ["m=audio 9 x 1", "Audio."], ["a=sendrecv", "Both."]] },
  "1-answer": { label: "Round 1: answer", left_out: 0, lines: [["v=0", ""], ["m=audio 9 x 1", "Audio."], ["a=recvonly", "One."], ["a=rtcp-mux", ""]] },
  "2-offer": { label: "Round 2: offer", left_out: 4, lines: [["v=0", ""]] },
};

function section(id, hasAudio) {
  return `
    <section class="scenario" id="${id}">
      <a class="jump" href="#${id}@7.250"><span>Show at 7.25</span></a>
      <a class="see" href="#${id}@2.000" data-show-lane="bit_rate">see the curve</a>
      <a class="see" href="#${id}" data-show-connection="connection-1">see connection-1</a>
      <button class="stretch" data-stretch="${id}" data-from="3" data-to="4.5"><span>play</span></button>
      <section class="timeline" data-timeline="${id}">
        <button class="play" data-do="play" aria-label="Play">▶</button>
        <output class="now">0:00.00</output><a class="here" href="#${id}@0.000">Link</a>
        <input type="range" class="seek" value="0">
        <select data-do="listen" value="stereo"></select>
        <select data-do="speed" value="1"></select>
        <button data-do="zoom-out">−</button><button data-do="zoom-fit">Fit</button><button data-do="zoom-in">+</button>
        <details class="lane-menu"><summary>Lanes</summary><ol></ol><button data-do="lanes-reset">As they were</button></details>
        ${hasAudio ? "<audio></audio>" : ""}
        <div class="scroll"><div class="lanes"><div class="pane">
          <div class="lane axis"><div class="label">Time</div><div class="body"></div></div>
          <div class="lane sent" data-lane="Sent"><div class="label"><b>Sent</b></div><div class="canvas" data-side="sent"></div>${word(1, 2.5, "Hello.")}</div>
          <div class="lane heard" data-lane="Heard"><div class="canvas" data-side="heard"></div>${word(3, 4.5, "Good day.")}${word(6, 8, "Bye.")}</div>
          <div class="lane"><a class="bar" style="left:25%;width:5%" data-room="0.5"><span>voice-to-voice</span></a></div>
          <div class="lane curve" data-lane="Jitter" data-curve="jitter"><div class="label">Jitter
            <span class="values"><span class="value"></span></span></div><div class="body"><div class="plot"></div></div></div>
          <div class="lane curve" data-lane="Bit rate" data-curve="bit_rate"><div class="label">Bit rate
            <span class="values"><span class="value"></span><span class="value"></span><span class="value"></span></span></div><div class="body"><div class="plot"></div></div></div>
          <div class="lane" data-lane="Wire"><div data-marks="wire"></div></div>
          </div><div class="cursor"></div><div class="selection" hidden><span></span></div><div class="pointer" hidden><span></span></div>
        </div></div>
        <div class="measure"><span class="hint">Drag</span><output></output><span class="some" hidden>
          <button data-do="selection-copy">Copy</button><button data-do="selection-zoom">Zoom</button><button data-do="selection-clear">Clear</button></span></div>
      </section>
      ${id === "s1" ? CONNECTIONS : ""}
      <section data-events="${id}">
        <output class="count"></output>
        <input type="search">
        <button class="chip" data-group="harness" aria-pressed="true">Harness</button>
        <button class="chip" data-group="wire" aria-pressed="true">Wire</button>
        <div class="list"></div><div class="details"></div>
      </section>
      <script id="${id}-data">${JSON.stringify({
        end_s: 10,
        audio_s: hasAudio ? 9 : null,
        peaks: hasAudio ? { sent: { values: "fwA=" }, heard: { values: "QMA=" } } : {},
        events: EVENTS,
        connections: { connections: [DESCRIPTIONS], causes: { 3: 1, 4: 1, 2: 77 } },
        curves: CURVES,
      })}</script>
    </section>`;
}

const PAGE = `<html><body>
  <button data-do="help">Keys</button>
  <table><tr data-scenario-row="s1"><th><a href="#s1">one</a></th><td><button data-beside="s1">Beside</button></td></tr>
    <tr data-scenario-row="s2"><th><a href="#s2">two</a></th><td><button data-beside="s2">Beside</button></td></tr></table>
  <main>${section("s1", true)}${section("s2", false)}</main>
  <dialog class="help"><p>Keys</p></dialog>
</body></html>`;

/** Lanes of 1000 pixels in 10 seconds behind labels of 100 pixels, in a window of 600. */
function layOut(section) {
  const lanes = section.querySelector(".lanes");
  const scroll = section.querySelector(".scroll");
  const body = section.querySelector(".axis .body");
  const width = () => 1000 * Number(lanes.style.getPropertyValue("--zoom") || 1);
  Object.assign(scroll, { clientWidth: 600, box: { left: 0, width: 600 } });
  body.offsetLeft = 100;
  Object.defineProperty(lanes, "clientWidth", { get: () => 100 + width(), configurable: true });
}

/** Routes of sound that a test can look at: who is connected to what, and how loud. */
export class FakeAudioContext {
  static all = [];
  gains = [];
  connections = [];
  resumed = 0;
  destination = { name: "ears" };
  constructor() {
    FakeAudioContext.all.push(this);
  }
  #node(name, more = {}) {
    const { connections } = this;
    return { name, ...more, connect(to, ...channel) {
      connections.push([name, to.name, ...channel]);
    } };
  }
  createMediaElementSource() {
    return this.#node("recording");
  }
  createChannelSplitter() {
    return this.#node("splitter");
  }
  createChannelMerger() {
    return this.#node("merger");
  }
  createGain() {
    const gain = this.#node(`gain${this.gains.length}`, { gain: { value: 1 } });
    this.gains.push(gain);
    return gain;
  }
  get loudness() {
    return this.gains.map(({ gain }) => gain.value);
  }
  async resume() {
    this.resumed += 1;
  }
}

/** What a browser keeps for a page, from one report to the next. */
export class FakeStorage {
  kept = new Map();
  isFull = false;
  getItem(name) {
    if (this.isFull) throw new Error("refused");
    return this.kept.get(name) ?? null;
  }
  setItem(name, text) {
    if (this.isFull) throw new Error("refused");
    this.kept.set(name, text);
  }
}

/** Charts that a test can look at. */
export class FakeChart {
  static all = [];
  static join(tables) {
    const times = [...new Set(tables.flatMap(([t]) => t))].toSorted((a, b) => a - b);
    return [times, ...tables.map(([t, v]) => times.map((at) => (t.includes(at) ? v[t.indexOf(at)] : undefined)))];
  }
  scales = [];
  redrawn = 0;
  constructor(options, data, target) {
    Object.assign(this, { options, data, target, width: options.width });
    FakeChart.all.push(this);
  }
  setSize({ width }) {
    this.width = width;
  }
  setScale(_name, { min, max }) {
    this.scales.push([min, max]);
  }
  redraw() {
    this.redrawn += 1;
  }
}

/** The report open in a window, with nothing drawn yet. @param {string} hash */
export function openReport(hash = "", storage = new FakeStorage()) {
  const copied = [];
  const replaced = [];
  const page = openPage(PAGE);
  const { document, window } = page;
  window.location.hash = hash;
  FakeAudioContext.all = [];
  FakeChart.all = [];
  const world = {
    uPlot: FakeChart,
    AudioContext: FakeAudioContext,
    getSelection: () => page.selected ?? "",
    history: {
      replaceState: (_state, _title, address) => {
        replaced.push(address);
        window.location.hash = address;
      },
    },
  };
  Object.assign(globalThis, world);
  Object.defineProperty(globalThis, "localStorage", { value: storage, configurable: true });
  /** What a person copies by keys, or a script by its command; false where nobody gave a text. */
  const copy = (from = document.activeElement) => fire(from, "copy", {
    clipboardData: { setData: (_type, text) => copied.push(text) },
  }).defaultPrevented;
  document.execCommand = (name) => name === "copy" && copy();
  const sections = document.querySelectorAll(".scenario");
  sections.forEach(layOut);
  for (const section of sections) {
    const style = section.querySelector("[data-timeline]").style;
    style.setProperty("--sent", " blue");
    style.setProperty("--heard", "green ");
    section.querySelector("[data-timeline]").box = { top: 100, bottom: 500 };
  }
  return Object.assign(page, {
    copied, copy, replaced, storage, charts: FakeChart.all,
    /** An element of one call. */
    of: (id, selector) => document.getElementById(id).querySelector(selector),
    audio: document.querySelector("audio"),
    data: (id) => JSON.parse(document.getElementById(`${id}-data`).textContent),
    /** Colours of what is drawn on the canvases of waveforms, and how often; from now on. */
    watchWaves: () => document.querySelectorAll(".canvas canvas").map((canvas) => {
      const seen = { canvas, colours: [], columns: [] };
      canvas.context = {
        set fillStyle(colour) {
          seen.colours.push(colour);
        },
        fillRect: (...box) => seen.columns.push(box),
      };
      return seen;
    }),
  });
}
