/** Icons by the names that `@openai/chatkit` declares: drawn by Lucide, which is vendored in part. */
import { GLYPHS } from "./vendor/lucide/glyphs.js";

const SVG = "http://www.w3.org/2000/svg";

/** @type {Record<string, string>} Lucide's names, where they are others. */
const LUCIDE = {
  agent: "bot", analytics: "chart-line", batch: "layers", bolt: "zap", "book-closed": "book",
  "book-clock": "book-marked", chart: "chart-column", "check-circle": "circle-check",
  "check-circle-filled": "circle-check", "circle-question": "circle-question-mark", confetti: "party-popper",
  cube: "box", desktop: "monitor", document: "file-text", "dots-horizontal": "ellipsis",
  "dots-vertical": "ellipsis-vertical", "empty-circle": "circle", keys: "key", lab: "flask-conical",
  lifesaver: "life-buoy", maps: "map", mobile: "smartphone", name: "signature",
  "notebook-pencil": "notebook-pen", "page-blank": "file", profile: "circle-user", "profile-card": "id-card",
  reload: "refresh-cw", "star-filled": "star", "sparkle-double": "sparkles", "square-image": "image",
  "square-text": "square-menu", suitcase: "briefcase", "settings-slider": "sliders-horizontal",
  wreath: "award", write: "pencil", "write-alt": "pen-line", "write-alt2": "square-pen",
  "sidebar-left": "panel-left", "sidebar-right": "panel-right", "sidebar-open-left": "panel-left-open",
  "sidebar-open-right": "panel-right-open", "sidebar-open-left-alt": "panel-left-open",
  "sidebar-open-right-alt": "panel-right-open", "sidebar-floating-left": "panel-left-dashed",
  "sidebar-floating-right": "panel-right-dashed", "sidebar-floating-open-left": "panel-left-dashed",
  "sidebar-floating-open-right": "panel-right-dashed", "sidebar-collapse-left": "panel-left-close",
  "sidebar-collapse-right": "panel-right-close", "collapse-left": "arrow-left-to-line",
  "collapse-right": "arrow-right-to-line", "open-left": "arrow-left-from-line",
  "open-right": "arrow-right-from-line", "double-chevron-left": "chevrons-left",
  "double-chevron-right": "chevrons-right", home: "house", "home-alt": "house", "back-small": "arrow-left",
  "back-large": "arrow-left", "expand-large": "maximize", "collapse-large": "minimize",
  "expand-small": "maximize-2", "collapse-small": "minimize-2", "chat-temporary": "message-circle-dashed",
  "settings-cog": "settings", grid: "layout-grid", "dots-horizontal-circle": "circle-ellipsis",
  "dots-vertical-circle": "circle-ellipsis", "menu-inverted": "text-align-end", hamburger: "menu",
  compose: "square-pen", "light-mode": "sun", "dark-mode": "moon", close: "x",
};

/**
 * @param {string} name As a page or its backend says it: "bolt", "lucide:map-pin".
 * @returns {SVGElement} A ring for one that is not here; its name is its `data-icon`.
 */
export function icon(name) {
  const drawn = LUCIDE[name] ?? name.replace(/^lucide:/, "");
  const svg = document.createElementNS(SVG, "svg");
  const filled = /-filled$/.test(name) ? "currentColor" : "none";
  const given = {
    class: "icon", "data-icon": name, "aria-hidden": "true", viewBox: "0 0 24 24", fill: filled,
    stroke: "currentColor", "stroke-width": "2", "stroke-linecap": "round", "stroke-linejoin": "round",
  };
  const parts = Object.hasOwn(GLYPHS, drawn) ? GLYPHS[drawn] : GLYPHS.circle;
  put(svg, given);
  svg.append(...parts.map(([tag, attributes]) => put(document.createElementNS(SVG, tag), attributes)));
  return svg;
}

/**
 * @param {unknown} name
 * @returns {SVGElement[]} None where none is named.
 */
export function iconsOf(name) {
  return typeof name === "string" && name ? [icon(name)] : [];
}

/**
 * @template {Element} T
 * @param {T} made
 * @param {Record<string, string>} attributes
 */
function put(made, attributes) {
  for (const [name, value] of Object.entries(attributes)) made.setAttribute(name, value);
  return made;
}
