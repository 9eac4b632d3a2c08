/**
 * What an assistant works through, on the page: tasks with what they search, think and find, in a
 * workflow that can be folded.
 *
 * @typedef {Record<string, any>} Task Of the ChatKit protocol.
 * @typedef {object} Work
 * @property {string} title Of the workflow, or "".
 * @property {number} [duration] Seconds.
 * @property {string} [icon]
 * @property {boolean} isFolded
 * @property {Task[]} tasks
 */
import { element } from "../toasts.js";

const WEB = /^https?:\/\//i;

/**
 * @param {Work} work
 * @param {object} [how]
 * @param {string} [how.locale] For how long it took.
 * @param {(name: unknown) => Element[]} [how.icons] Draws an icon by its name.
 * @returns {HTMLElement}
 */
export function workView({ title, duration, icon, isFolded, tasks }, { locale, icons = () => [] } = {}) {
  const list = element("ul", "work-tasks");
  list.append(...tasks.map((task) => taskView(task, icons)));
  const took = duration === undefined ? "" : inSeconds(duration, locale);
  const head = [title, took].filter(Boolean).join(" · ");
  if (!head) return list;
  const fold = element("details", "work");
  if (!isFolded) fold.setAttribute("open", "");
  const summary = element("summary", "work-summary");
  summary.append(...icons(icon), element("span", "", head));
  fold.append(summary, list);
  return fold;
}

/**
 * @param {Task} task
 * @param {(name: unknown) => Element[]} icons
 */
function taskView(task, icons) {
  const { type, title, title_query: query, queries = [], content, sources = [], status_indicator: status = "none", icon } = task;
  const item = element("li", "work-task");
  item.dataset.type = String(type ?? "");
  item.dataset.status = status;
  if (status === "loading") item.setAttribute("aria-busy", "true");
  const searched = [query, ...queries.filter((/** @type {string} */ one) => one !== query)].filter(Boolean).join(", ");
  const head = element("p", "work-title");
  head.append(...icons(icon ?? ICONS[type]), element("span", "", [title, searched].filter(Boolean).join(" ") || String(type ?? "")));
  if (status === "loading") head.append(element("span", "work-status", "…"));
  if (status === "complete") head.append(element("span", "work-status", "✓"));
  item.append(head);
  if (content) item.append(element("p", "work-content", String(content)));
  if (sources.length) {
    const list = element("ul", "work-sources");
    list.append(...sources.map(sourceView));
    item.append(list);
  }
  return item;
}

/** @type {Record<string, string>} Of tasks that name none. */
const ICONS = { web_search: "globe", thought: "lightbulb", file: "document", image: "square-image" };

/** @param {Record<string, any>} source */
function sourceView({ title, filename, url, attribution, description }) {
  const item = element("li", "work-source");
  const name = String(title ?? filename ?? url ?? "");
  if (typeof url === "string" && WEB.test(url)) {
    const link = element("a", "", name);
    link.setAttribute("href", url);
    link.setAttribute("target", "_blank");
    link.setAttribute("rel", "noopener noreferrer");
    item.append(link);
  } else {
    item.append(element("span", "", name));
  }
  if (attribution) item.append(element("span", "work-attribution", ` ${attribution}`));
  if (description) item.setAttribute("title", String(description));
  return item;
}

/**
 * @param {number} seconds
 * @param {string} [locale]
 */
function inSeconds(seconds, locale) {
  return new Intl.NumberFormat(locale, { style: "unit", unit: "second", maximumFractionDigits: 0 }).format(seconds);
}
