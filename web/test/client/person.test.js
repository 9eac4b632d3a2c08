import assert from "node:assert/strict";
import { test } from "node:test";
import { tellOfPerson } from "../../client/person.js";

globalThis.CustomEvent ??= class extends Event {
  constructor(type, { detail }) {
    super(type);
    this.detail = detail;
  }
};

test("whoever listens on the window is told what the person did", () => {
  const target = new EventTarget();
  const told = [];
  target.addEventListener("voicecall", ({ detail }) => told.push(detail));
  tellOfPerson(target, { type: "microphone.clicked", is_on: false });
  tellOfPerson(target, { type: "close.clicked" });
  assert.deepEqual(told, [{ type: "microphone.clicked", is_on: false }, { type: "close.clicked" }]);
});
