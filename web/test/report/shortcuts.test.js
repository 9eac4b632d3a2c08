import assert from "node:assert/strict";
import { test } from "node:test";
import { commandOf } from "../../report/shortcuts.js";
import { FakeDocument } from "../support/dom.js";

const document = new FakeDocument(`<html><body>
  <button><span>Play</span></button><a href="#s1"><b>Show</b></a>
  <input type="search"><input type="range"><input type="checkbox"><summary>More</summary><select></select><p>Text</p>
</body></html>`);

/** What a key means where `at` has the focus. */
const key = (name, at = "p", held = {}) => (
  commandOf({ key: name, ctrlKey: false, metaKey: false, altKey: false, ...held }, document.querySelector(at))
);

test("keys of the list do what it says", () => {
  const said = {
    " ": "play", ArrowLeft: "back", ArrowRight: "on", Home: "start", End: "end", j: "next_event",
    k: "previous_event", n: "next_word", p: "previous_word", "+": "zoom_in", "=": "zoom_in", "-": "zoom_out",
    0: "zoom_fit", "/": "search", "?": "help", "[": "previous_call", "]": "next_call",
  };
  for (const [name, command] of Object.entries(said)) assert.equal(key(name), command, name);
});

test("other keys, and names that every object has, are none of ours", () => {
  for (const name of ["q", "Tab", "Escape", "toString", "constructor"]) assert.equal(key(name), null, name);
});

test("what the browser does with a held key stays its own", () => {
  for (const held of ["ctrlKey", "metaKey", "altKey"]) assert.equal(key("0", "p", { [held]: true }), null);
});

test("who types a search, or chooses from a list, types letters", () => {
  for (const at of ["input[type=search]", "select"]) {
    for (const name of ["j", "/", " ", "ArrowLeft", "?"]) assert.equal(key(name, at), null, `${name} in ${at}`);
  }
});

test("space presses the button or link that has the focus, and other keys still work there", () => {
  for (const at of ["button", "button span", "a b", "summary", "input[type=checkbox]"]) {
    assert.equal(key(" ", at), null);
    assert.equal(key("j", at), "next_event");
  }
});

test("arrows move the slider that has the focus, and other keys still work there", () => {
  assert.equal(key("ArrowLeft", "input[type=range]"), null);
  assert.equal(key(" ", "input[type=range]"), "play");
});
