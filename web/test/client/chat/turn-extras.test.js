// What a turn has beside its words.
import assert from "node:assert/strict";
import { test } from "node:test";
import { extrasOf } from "../../../client/chat/turn-extras.js";
import { WidgetView } from "../../../client/chat/widget-view.js";
import { openPage } from "../../support/dom.js";

openPage("<html><body></body></html>");
const widgets = new WidgetView(() => {}, "http://page.test/chat");

test("a widget is drawn, files are named, and pictures of the own server shown", () => {
  assert.deepEqual(extrasOf({}, widgets), []);
  const [drawn] = extrasOf({ widget: { type: "Card", children: [{ type: "Text", value: "Soup" }] } }, widgets);
  assert.equal(drawn.textContent, "Soup");
  const [list] = extrasOf({ files: [
    { name: "a.pdf", type: "file" },
    { name: "b.png", type: "image", preview_url: "http://page.test/chatkit/attachments/b?token=t" },
    { type: "file" },
  ] }, widgets);
  assert.deepEqual(list.children.map(({ textContent }) => textContent), ["a.pdf", "b.png", ""]);
  assert.equal(list.querySelector("img").getAttribute("alt"), "b.png");
});
