import assert from "node:assert/strict";
import { test } from "node:test";
import { Viewer } from "../../report/viewer.js";
import { fire } from "../support/dom.js";
import { openReport } from "./support/report-page.js";

function open() {
  const report = openReport();
  new Viewer().start();
  const of = (selector) => report.of("s1", selector);
  const all = (selector) => report.document.getElementById("s1").querySelectorAll(selector);
  const box = of("[data-sdp]");
  return {
    ...report, of, all, box,
    unfold: () => {
      box.open = true;
      fire(box, "toggle");
    },
    lines: () => all(".pair").map((row) => row.className),
    chosen: () => of(".details h4")?.textContent,
  };
}

test("descriptions are compared when somebody unfolds them, not before", () => {
  const { unfold, lines, of, box } = open();
  fire(box, "toggle");
  assert.deepEqual(lines(), []);
  unfold();
  assert.deepEqual(lines(), ["pair same", "pair same section", "pair changed", "pair right"]);
  assert.equal(of(".sdp .tally").textContent, "2 lines differ, 2 the same");
});

test("what a line says is text, with its meaning below it and its sign beside it", () => {
  const { unfold, all } = open();
  unfold();
  assert.deepEqual(all(".pair.changed code").map(({ textContent, dataset }) => [dataset.sign, textContent]), [
    ["~", "a=sendrecv"], ["~", "a=recvonly"],
  ]);
  assert.deepEqual(all(".pair small").map(({ textContent }) => textContent), ["Audio.", "Both.", "One."]);
  assert.equal(all(".pair.right code")[0].textContent, "a=rtcp-mux");
  assert.equal(all(".pair.right .unseen")[0].textContent, "only right: ");
});

test("what differs alone, or no words, is one tick", () => {
  const { unfold, of, box } = open();
  unfold();
  const { classList } = of(".lines");
  assert.equal(classList.contains("only-changes"), false);
  of("[data-only-changes]").checked = true;
  of("[data-words]").checked = true;
  fire(box, "change");
  assert.equal(classList.contains("only-changes"), true);
  assert.equal(classList.contains("wordless"), false);
});

test("a round's button opens the comparison of two descriptions", () => {
  const { of, box } = open();
  fire(of("[data-compare]").querySelector("span"), "click");
  assert.equal(box.open, true);
  assert.equal(of('[data-side="right"]').value, "2-offer");
  assert.match(of(".sdp .tally").textContent, /; 4 lines are left out, and in the trace$/);
});

test("a step leads to its event; one that the list lacks does nothing", () => {
  const { of, chosen } = open();
  fire(of('[data-seq="99"]'), "click");
  assert.equal(chosen(), undefined);
  fire(of('[data-seq="3"]'), "click");
  assert.equal(chosen(), "error");
});

test("an event says what it followed from and what it led to, and leads there", () => {
  const { of, all, chosen } = open();
  const links = () => all(".links button").map(({ textContent }) => textContent);
  fire(of('[data-seq="3"]'), "click");
  assert.deepEqual(links(), ["session.created "]);
  fire(all(".links button")[0], "click");
  assert.equal(chosen(), "session.created");
  assert.deepEqual(links(), ["error no such voice", "response.done "]);
  fire(all(".row")[0], "click");
  assert.deepEqual(links(), [], "nothing is known of the first");
  fire(all(".row")[2], "click");
  assert.match(of(".links").textContent, /Followed from \(and 1 more\)/);
});
