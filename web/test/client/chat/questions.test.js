// Questions in a form: a widget of our own, and what a person has answered.
import assert from "node:assert/strict";
import { test } from "node:test";
import { ANSWER, SKIP, answersOf, answersText, formOf } from "../../../client/chat/questions.js";

const DISHES = [{ value: "Soup" }, { value: "Fish" }];
const ASKS = { id: "s", type: "structured_input", status: "pending", inputs: [
  { type: "freeform", id: "a", question: "When?", description: "As 19:30" },
  { type: "multiple_choice", id: "b", question: "Where?", options: [{ value: "Inside" }, { value: "Outside" }] },
  { type: "multiple_choice", id: "c", question: "What?", options: DISHES, multiple: true },
] };
const given = (payload) => answersOf(ASKS, { type: ANSWER, payload }).answers;

test("each question has its words and a field", () => {
  const { children, confirm, cancel } = formOf(ASKS);
  assert.deepEqual(children.map(({ type }) => type), [
    "Text", "Caption", "Textarea", "Text", "RadioGroup", "Input", "Text", "Checkbox", "Checkbox", "Input",
  ]);
  assert.equal(new Set(children.map(({ name }) => name).filter(Boolean)).size, 6);
  assert.deepEqual([confirm.action.type, cancel.action.type], [ANSWER, SKIP]);
  assert.deepEqual(formOf({}).children, []);
});

test("what is chosen and what is written are the answers, and the rest is skipped", () => {
  assert.deepEqual(given({ "own a": " At eight. ", "choice b": "Outside", "choice 1 c": true, "choice 0 c": false, "own c": "Bread" }), {
    a: { values: ["At eight."], skipped: false },
    b: { values: ["Outside"], skipped: false },
    c: { values: ["Fish", "Bread"], skipped: false },
  });
  assert.deepEqual(given({ "choice b": "Outside", "own b": "On the roof" }).b.values, ["On the roof"]);
  assert.deepEqual(given(undefined).a, { values: [], skipped: true });
  assert.deepEqual(answersOf(ASKS, { type: SKIP }), { status: "skipped", answers: {} });
});

test("what was answered can be read", () => {
  const [when, where, what] = ASKS.inputs;
  const inputs = [{ ...when, answer: { values: ["At eight."] } }, { ...where, answer: { values: [], skipped: true } }, what];
  assert.equal(answersText({ inputs }), "When? At eight.\nWhere? (skipped)\nWhat? (skipped)");
});
