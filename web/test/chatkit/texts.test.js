// The stand-in's words in the page's language.
import assert from "node:assert/strict";
import { test } from "node:test";
import { Texts } from "../../chatkit/texts.js";

test("words are in the language of the page, or English", () => {
  const said = (locale) => new Texts(locale).say("Send");
  assert.deepEqual(["en", "de-DE", "fr-CA", "es-419", "zh-Hant", "tlh", "no locale!", undefined].map(said), [
    "Send", "Senden", "Envoyer", "Enviar", "发送", "Send", "Send", "Send",
  ]);
  assert.equal(new Texts("ja-JP").say("Tool"), "ツール");
});

test("a locale says how it is written", () => {
  const found = (locale) => [new Texts(locale).locale, new Texts(locale).direction];
  assert.deepEqual(found("de-de"), ["de-DE", "ltr"]);
  assert.deepEqual(found("ur"), ["ur", "rtl"]);
});

test("days are as they are written there", () => {
  assert.equal(new Texts("de-DE").day("2026-11-28T12:00:00Z"), "28.11.2026");
  assert.deepEqual([new Texts("de").day(undefined), new Texts("de").day("soon")], ["", ""]);
});
