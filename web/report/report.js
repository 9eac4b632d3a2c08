"use strict";
/* global CallTimeline, EventList */

/** @typedef {{section: HTMLElement, timeline: CallTimeline, events: EventList}} OpenCall */

/** @type {Map<string, OpenCall>} */
const openCalls = new Map();
const sections = /** @type {HTMLElement[]} */ ([...document.querySelectorAll(".scenario")]);
const help = /** @type {HTMLDialogElement} */ (document.querySelector("dialog.help"));
let currentId = "";

/** Draw a call when it is first looked at: a report may hold many. @param {HTMLElement} section */
function openCall(section) {
  const known = openCalls.get(section.id);
  if (known) return known;
  const text = document.getElementById(`${section.id}-data`)?.textContent ?? "{}";
  const data = JSON.parse(text);
  const timeline = new CallTimeline(
    /** @type {HTMLElement} */ (section.querySelector("[data-timeline]")),
    data,
  );
  const events = new EventList(
    /** @type {HTMLElement} */ (section.querySelector("[data-events]")),
    data.events,
    timeline,
  );
  const call = { section, timeline, events };
  openCalls.set(section.id, call);
  return call;
}

/** Show one call of the report, and a moment of it. @param {string} id @param {number} [atS] */
function showCall(id, atS) {
  const section = sections.find((one) => one.id === id) ?? sections[0];
  if (section.id !== currentId) {
    if (currentId) openCalls.get(currentId)?.timeline.pause();
    currentId = section.id;
    for (const one of sections) one.hidden = one !== section;
    for (const row of document.querySelectorAll("[data-scenario-row]")) {
      row.classList.toggle("current", row.getAttribute("data-scenario-row") === section.id);
    }
  }
  const call = openCall(section);
  if (atS !== undefined) {
    call.timeline.moveTo(atS);
    const box = call.timeline.root.getBoundingClientRect();
    if (box.bottom < 60 || box.top > innerHeight - 60) {
      call.timeline.root.scrollIntoView({ block: "nearest", behavior: "smooth" });
    }
  }
}

/** "#s2@12.345" is the second call at 12.345 s. */
function followHash() {
  const [id, at] = decodeURIComponent(location.hash.slice(1)).split("@");
  const atS = Number(at);
  showCall(id, at !== undefined && Number.isFinite(atS) ? atS : undefined);
}

/** @param {KeyboardEvent} event */
function pressKey(event) {
  const target = /** @type {HTMLElement} */ (event.target);
  const typing = target.closest("input[type=search]");
  if (event.key === "Escape" && typing) return target.blur();
  if (typing || event.ctrlKey || event.metaKey || event.altKey || help.open) return;
  if (target.closest("select")) return;
  const onControl = target.closest("button, a, summary");
  if (onControl && (event.key === " " || event.key === "Enter")) return;
  if (target.closest("input[type=range]") && event.key.startsWith("Arrow")) return;
  const call = openCalls.get(currentId);
  const act = call && keys(call, event)[event.key];
  if (!act) return;
  event.preventDefault();
  act();
}

/**
 * @param {OpenCall} call
 * @param {KeyboardEvent} event
 * @returns {Record<string, () => void>}
 */
function keys({ timeline, events }, event) {
  const stepS = event.shiftKey ? 0.1 : 1;
  return {
    " ": () => timeline.togglePlay(),
    ArrowLeft: () => timeline.moveTo(timeline.nowS - stepS),
    ArrowRight: () => timeline.moveTo(timeline.nowS + stepS),
    Home: () => timeline.moveTo(0),
    End: () => timeline.moveTo(timeline.endS),
    j: () => events.step(1),
    k: () => events.step(-1),
    n: () => timeline.jumpWord(1),
    p: () => timeline.jumpWord(-1),
    "+": () => timeline.zoomTo(timeline.zoom * 1.6),
    "=": () => timeline.zoomTo(timeline.zoom * 1.6),
    "-": () => timeline.zoomTo(timeline.zoom / 1.6),
    0: () => timeline.zoomTo(1),
    "/": () => events.search.focus(),
    "?": () => help.showModal(),
    "[": () => neighbour(-1),
    "]": () => neighbour(1),
  };
}

/** @param {number} direction */
function neighbour(direction) {
  const at = sections.findIndex((section) => section.id === currentId) + direction;
  if (sections[at]) location.hash = sections[at].id;
}

document.documentElement.classList.add("scripted");
document.querySelector('[data-do="help"]')?.addEventListener("click", () => help.showModal());
document.addEventListener("keydown", pressKey);
document.addEventListener("click", (event) => {
  const target = /** @type {HTMLElement} */ (event.target);
  const row = target.closest("[data-scenario-row]");
  if (row) {
    event.preventDefault();
    location.hash = String(row.getAttribute("data-scenario-row"));
    return;
  }
  const stretch = /** @type {HTMLElement | null} */ (target.closest("[data-stretch]"));
  if (stretch) {
    showCall(String(stretch.dataset.stretch));
    const { from, to } = stretch.dataset;
    return openCalls.get(currentId)?.timeline.playStretch(Number(from), Number(to));
  }
  const link = target.closest('a[href^="#"]');
  if (!link) return;
  event.preventDefault(); // a second click on the same moment must jump again
  history.replaceState(null, "", link.getAttribute("href"));
  followHash();
});
addEventListener("hashchange", followHash);
addEventListener("beforeprint", () => {
  for (const section of sections) {
    section.hidden = false; // drawn in its place, not in a box without a width
    openCall(section).timeline.zoomTo(1);
  }
});
addEventListener("afterprint", () => {
  for (const section of sections) section.hidden = section.id !== currentId;
});
followHash();
