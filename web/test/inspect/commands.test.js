// What is written into fields becomes one line, which is read as it was meant.
import assert from "node:assert/strict";
import { test } from "node:test";
import { click, fill, press, say, sayFile } from "../../inspect/commands.js";

test("what is spoken is one line, whatever was pasted", () => {
  assert.equal(say(" A table\nfor  two. "), 'say "A table for two."');
});

test("each sign of a path stands for itself", () => {
  assert.equal(sayFile(" clips/it's me.wav "), "say clips/it\\'s\\ me.wav");
  assert.equal(sayFile("Küche-2.flac"), "say Küche-2.flac");
});

test("a selector keeps its own quotes", () => {
  assert.equal(click('[name="a b"]'), 'click "[name="a b"]"');
  assert.equal(press("Enter"), 'press "Enter"');
});

test("a field is quoted by what is not in it", () => {
  assert.equal(fill("#name", 'Kim "Bo" Lee'), 'fill "#name" "Kim "Bo" Lee"');
  assert.equal(fill('[name="a b"]', "x\ny"), `fill '[name="a b"]' "x y"`);
  assert.equal(fill(`[a="b"][c='d']`, "x"), `fill “[a="b"][c='d']” "x"`);
  assert.equal(fill(`"'“`, "x"), `fill ""'“" "x"`);
});
