// What stands in the composer, as parts of a message.
import assert from "node:assert/strict";
import { test } from "node:test";
import { askedAt, contentOf, entityOf, replaced, tagOf, whyNotTaken } from "../../chatkit/composed.js";

const TABLE = { id: "t4", title: "Table 4", group: "Tables", interactive: true, data: { seats: "2" } };
const tag = (entity) => ({ type: "input_tag", interactive: false, data: {}, ...entity });

test("an entity is a tag where its title stands, and words stay words", () => {
  const anna = { id: "a", title: "Anna" };
  assert.deepEqual(contentOf("Put Anna at Table 4, Anna said.", [anna, TABLE]), [
    { type: "input_text", text: "Put " },
    tag({ id: "a", text: "Anna" }),
    { type: "input_text", text: " at " },
    tag({ id: "t4", text: "Table 4", group: "Tables", data: { seats: "2" }, interactive: true }),
    { type: "input_text", text: ", Anna said." },
  ]);
  assert.deepEqual(contentOf("Table four", [TABLE]), [{ type: "input_text", text: "Table four" }]);
  assert.deepEqual(contentOf("Anna ", [anna]), [tag({ id: "a", text: "Anna" })]);
  assert.deepEqual(contentOf("", []), []);
});

test("a tag and its entity are the same in two shapes", () => {
  assert.deepEqual(entityOf(tagOf(TABLE)), TABLE);
  assert.deepEqual(entityOf({ id: "a", text: "Anna" }), { id: "a", title: "Anna", interactive: false });
});

test("what is looked for begins with a sign, before the caret", () => {
  assert.deepEqual(askedAt("Put @An at", 7), { sign: "@", query: "An", from: 4, to: 7 });
  assert.deepEqual(askedAt("/", 1), { sign: "/", query: "", from: 0, to: 1 });
  assert.equal(askedAt("mail kim@host", 13), null);
  assert.equal(askedAt("Put @An at", 10), null);
  assert.equal(replaced("Put @An at", { sign: "@", query: "An", from: 4, to: 7 }, "Anna"), "Put Anna at");
});

test("a file is taken within the page's bounds", () => {
  const photo = { name: "a.PNG", size: 2000, type: "image/png" };
  assert.equal(whyNotTaken(undefined, photo, 9), "");
  assert.match(whyNotTaken(undefined, photo, 10), /10 files/);
  assert.match(whyNotTaken({ maxCount: 1 }, photo, 1), /1 files/);
  assert.match(whyNotTaken({ maxSize: 1000 }, photo, 0), /may have 1000/);
  assert.match(whyNotTaken({ maxSize: { "image/*": 1500, "*": 9000 } }, photo, 0), /may have 1500/);
  assert.equal(whyNotTaken({ maxSize: { "text/*": 1, "*": 9000 } }, photo, 0), "");
  assert.match(whyNotTaken({ maxSize: { "": 1 } }, photo, 0), /may have 1/);
  assert.equal(whyNotTaken({ accept: { "image/png": [".png"] } }, photo, 0), "");
  assert.equal(whyNotTaken({ accept: { "image/x": [".png"] } }, photo, 0), "");
  assert.match(whyNotTaken({ accept: { "application/pdf": [".pdf"] } }, photo, 0), /kind that is not taken/);
});
