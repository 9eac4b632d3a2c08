// Fonts of a page's theme, loaded into its document.
import assert from "node:assert/strict";
import { test } from "node:test";
import { Fonts } from "../../chatkit/fonts.js";
import { settle } from "../client/support/chat-page.js";

class Face {
  constructor(family, source, descriptors) {
    if (descriptors.style === "sideways") throw new SyntaxError("no such style");
    Object.assign(this, { family, source, descriptors });
  }
  load = async () => { if (this.source.includes("missing")) throw new Error("404"); };
}

function open() {
  const fonts = new Set();
  const told = [];
  const page = { document: { fonts, baseURI: "http://page.test/talk/" }, FontFace: Face };
  return { fonts, told, page, made: new Fonts(page, (...one) => told.push(one)) };
}

const LORA = { family: "Lora", src: "lora.woff2", weight: 600, style: "italic", unicodeRange: "U+0000-00FF" };

test("a font is loaded as its source says, and its end is told", async () => {
  const { made, fonts, told } = open();
  made.use([LORA, { family: "Gone", src: "/missing.woff2" }, { family: "Bad", src: "a.woff2", style: "sideways" }]);
  await settle();
  assert.deepEqual([...fonts].map(({ source }) => source), ['url("http://page.test/talk/lora.woff2")', 'url("http://page.test/missing.woff2")']);
  assert.deepEqual([...fonts][0].descriptors, { weight: "600", style: "italic", display: "auto", unicodeRange: "U+0000-00FF" });
  assert.deepEqual(told, [["Bad", "error"], ["Lora", "loaded"], ["Gone", "error"]]);
});

test("the same are loaded once, and those that are not named again are gone", async () => {
  const { made, fonts } = open();
  made.use([LORA]);
  const [first] = fonts;
  made.use([{ ...LORA }]);
  assert.deepEqual([...fonts], [first]);
  made.use(undefined);
  assert.equal(fonts.size, 0);
});

test("where a browser loads no fonts, none are", () => {
  const { page, told } = open();
  new Fonts({ ...page, FontFace: undefined }, (...one) => told.push(one)).use([LORA]);
  assert.deepEqual(told, []);
});
