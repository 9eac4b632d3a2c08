import assert from "node:assert/strict";
import { test } from "node:test";
import { commandOf, listenForShortcuts } from "../../client/shortcuts.js";
import { openPage } from "../support/dom.js";

const key = (name, more = {}) => (
  commandOf({ key: name, ctrlKey: false, altKey: false, metaKey: false, repeat: false, ...more })
);

test("letters count in both cases, and a plus also without Shift", () => {
  assert.equal(key("M"), "mute");
  assert.equal(key("m"), "mute");
  assert.equal(key("="), "louder");
  assert.equal(key("Escape"), "dismiss");
  assert.equal(key("q"), null);
});

test("what the browser does with a held key stays its own", () => {
  for (const held of ["ctrlKey", "altKey", "metaKey"]) assert.equal(key("m", { [held]: true }), null);
});

test("a key held down goes on changing the volume, and does nothing else twice", () => {
  assert.equal(key("m", { repeat: true }), null);
  assert.equal(key("+", { repeat: true }), "louder");
  assert.equal(key("-", { repeat: true }), "quieter");
});

function listen() {
  const page = openPage(`<html><body><input id="text"><textarea id="long"></textarea>
    <input id="slider" type="range"><input id="box" type="checkbox"><p id="free" contenteditable></p></body></html>`);
  const commands = [];
  listenForShortcuts(page.window, (command) => commands.push(command));
  return { ...page, commands };
}

test("keys work wherever the focus is, but where one types", () => {
  const { press, find, commands } = listen();
  press("s");
  for (const id of ["slider", "box"]) {
    find(`#${id}`).focus();
    press("m");
  }
  for (const id of ["text", "long", "free"]) {
    find(`#${id}`).focus();
    press("h");
  }
  assert.deepEqual(commands, ["start", "mute", "mute"]);
});

test("a key that somebody used already does nothing more", () => {
  const { press, document, commands } = listen();
  document.addEventListener("keydown", (event) => event.preventDefault());
  press("m");
  assert.deepEqual(commands, []);
});
