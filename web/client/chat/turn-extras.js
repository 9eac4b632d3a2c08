/** What a turn of the chat page has beside its words: a widget, work, and the files of a message. */
import { element } from "../toasts.js";
import { workView } from "./work-view.js";

/**
 * @param {import("../turns.js").Turn} turn
 * @param {import("./widget-view.js").WidgetView} widgets
 * @param {Parameters<typeof workView>[1]} [how] How work is drawn.
 * @returns {HTMLElement[]}
 */
export function extrasOf(turn, widgets, how) {
  const files = turn.files?.length ? [filesOf(turn.files, widgets)] : [];
  if (turn.work) return [workView(turn.work, how)];
  return turn.widget ? [widgets.draw(turn.widget), ...files] : files;
}

/**
 * @param {Record<string, any>[]} files
 * @param {import("./widget-view.js").WidgetView} widgets
 */
function filesOf(files, widgets) {
  const list = element("ul", "chips");
  for (const { name, type, preview_url: src } of files) {
    const item = element("li", "chip");
    if (type === "image") item.append(widgets.picture(src, String(name ?? "")));
    item.append(element("span", "chip-name", String(name ?? "")));
    list.append(item);
  }
  return list;
}
