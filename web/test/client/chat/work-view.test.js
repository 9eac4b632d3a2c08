// Work on the page: tasks, what they have found, and a workflow that folds.
import assert from "node:assert/strict";
import { test } from "node:test";
import { workView } from "../../../client/chat/work-view.js";
import { openPage } from "../../support/dom.js";

openPage("<html><body></body></html>");
const SEARCH = {
  type: "web_search", title: "Searching", title_query: "tides", queries: ["tides", "quay"], status_indicator: "loading",
  sources: [
    { type: "url", title: "Tides", url: "https://a.example/t", attribution: "a.example", description: "Of Hamburg" },
    { type: "url", title: "A trap", url: "javascript:alert(1)" },
    { type: "file", filename: "tides.pdf" },
  ],
};
const work = (more) => ({ title: "", isFolded: false, tasks: [SEARCH], ...more });
const words = (view, selector) => view.querySelectorAll(selector).map(({ textContent }) => textContent);

test("a task says what it searches, and from where", () => {
  const view = workView(work());
  const [task] = view.children;
  assert.deepEqual([task.dataset.type, task.dataset.status, task.getAttribute("aria-busy")], ["web_search", "loading", "true"]);
  assert.equal(view.querySelector(".work-title").textContent, "Searching tides, quay…");
  assert.deepEqual(words(view, ".work-source"), ["Tides a.example", "A trap", "tides.pdf"]);
  assert.deepEqual(view.querySelectorAll("a").map((link) => [link.getAttribute("href"), link.getAttribute("rel")]), [
    ["https://a.example/t", "noopener noreferrer"],
  ]);
  assert.equal(view.querySelector(".work-source").getAttribute("title"), "Of Hamburg");
});

test("a workflow has a title or how long it took, and is folded or open", () => {
  const tasks = [{ type: "thought", content: "High water is at seven.", status_indicator: "complete" }, {}];
  const open = workView(work({ title: "Looked", duration: 4.2, tasks }), { locale: "en" });
  assert.deepEqual([open.tagName, open.getAttribute("open")], ["details", ""]);
  assert.equal(open.querySelector("summary").textContent, "Looked · 4 sec");
  assert.deepEqual(words(open, ".work-task"), ["thought✓High water is at seven.", ""]);
  const folded = workView(work({ duration: 4, isFolded: true }), { locale: "de" });
  assert.deepEqual([folded.getAttribute("open"), folded.querySelector("summary").textContent], [null, "4 Sek."]);
});

test("icons are drawn by whoever knows them", () => {
  const asked = [];
  const icons = (name) => { asked.push(name); return []; };
  workView(work({ title: "Looked", icon: "bolt", tasks: [SEARCH, { type: "custom", icon: "bug" }, { type: "image" }] }), { icons });
  assert.deepEqual(asked, ["globe", "bug", "square-image", "bolt"]);
});
