// Forms and buttons are typed commands; keys are shortcuts where nobody types.
import assert from "node:assert/strict";
import { test } from "node:test";
import { listenToPerson } from "../../inspect/acts.js";
import { fire } from "../support/dom.js";
import { openInspection } from "./support.js";

function open({ isOpen = true } = {}) {
  const page = openInspection();
  const sent = [];
  const told = [];
  listenToPerson((line) => isOpen && sent.push(line) > 0, (text) => told.push(text));
  const submit = (form, values) => {
    for (const [id, value] of Object.entries(values)) page.find(`#${id}`).value = value;
    fire(page.find(`#${form}-form`), "submit");
  };
  return { ...page, sent, told, submit };
}

test("each form is a command; words go, selectors stay for the next time", () => {
  const { sent, submit, find } = open();
  submit("say", { "say-text": "Hello there." });
  submit("say-file", { "say-path": "a b.wav" });
  submit("click", { "click-selector": "text=Call" });
  submit("fill", { "fill-selector": "#name", "fill-text": "Kim" });
  submit("press", { "press-key": "Enter" });
  submit("command", { "command-line": " wait answer " });
  assert.deepEqual(sent, [
    'say "Hello there."', "say a\\ b.wav", 'click "text=Call"', 'fill "#name" "Kim"', 'press "Enter"', "wait answer",
  ]);
  assert.equal(find("#say-text").value, "");
  assert.equal(find("#click-selector").value, "text=Call");
  assert.equal(find("#fill-text").value, "");
});

test("an empty field is not sent: it gets the focus", () => {
  const { sent, submit, document, find } = open();
  submit("fill", { "fill-selector": "#name", "fill-text": " " });
  assert.deepEqual(sent, []);
  assert.equal(document.activeElement, find("#fill-text"));
});

test("what nobody gets is said, and stays in its field", () => {
  const { told, submit, find } = open({ isOpen: false });
  submit("say", { "say-text": "Hello" });
  assert.deepEqual(told, ["Not connected: nothing was done."]);
  assert.equal(find("#say-text").value, "Hello");
});

test("buttons", () => {
  const { sent, find } = open();
  for (const id of ["stop", "snapshot", "hang-up", "continue", "mute", "quit"]) find(`#${id}`).click();
  find("#mute").setAttribute("aria-pressed", "true");
  find("#mute").click();
  assert.deepEqual(sent, ["stop", "snapshot", "hangup", "continue", "mute", "quit", "unmute"]);
});

test("keys are shortcuts, but not while somebody types or holds another key", () => {
  const { sent, press, document, find } = open();
  press("m");
  press("m", { ctrlKey: true });
  press("x");
  press("/");
  assert.equal(document.activeElement, find("#say-text"));
  press("m");
  assert.deepEqual(sent, ["mute"]);
});
