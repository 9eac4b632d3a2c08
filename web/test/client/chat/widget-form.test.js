// Fields of widgets: drawn from what a server says, read as a person has filled them in.
import assert from "node:assert/strict";
import { test } from "node:test";
import { boxOf, fieldOf, valuesOf } from "../../../client/chat/widget-form.js";
import { openPage } from "../../support/dom.js";

openPage("<html><body></body></html>");

test("a box is a row, a column or a form", () => {
  for (const [one, tag, names] of [
    [{ type: "Row", justify: "between" }, "div", "widget-row widget-between"],
    [{ type: "Box", direction: "row" }, "div", "widget-row"],
    [{ type: "Box" }, "div", "widget-col"],
    [{ type: "Spacer" }, "div", "widget-col widget-spacer"],
    [{ type: "Form" }, "form", "widget-col"],
  ]) {
    const drawn = boxOf(one);
    assert.deepEqual([drawn.tagName, drawn.className], [tag, names]);
  }
});

test("what has no name, or is none, is no field", () => {
  assert.equal(fieldOf({ type: "Input" }), null);
  assert.equal(fieldOf({ type: "Text", name: "a" }), null);
});

test("a field says what it is for, and takes no kind that could do harm", () => {
  const field = fieldOf({ type: "Input", name: "a", inputType: "file", placeholder: "Your name" });
  assert.equal(field.getAttribute("type"), "text");
  assert.equal(field.getAttribute("aria-label"), "Your name");
  assert.equal(fieldOf({ type: "DatePicker", name: "day" }).getAttribute("type"), "date");
  assert.equal(fieldOf({ type: "Textarea", name: "a", defaultValue: "Hi." }).textContent, "Hi.");
  const select = fieldOf({ type: "Select", name: "a", defaultValue: "b", options: [{ value: "b" }] });
  assert.equal(select.querySelector("option").getAttribute("selected"), "");
  assert.deepEqual(fieldOf({ type: "Select", name: "a", placeholder: "Choose" }).children.map(({ textContent }) => textContent), ["Choose"]);
});

test("without a form there are no values; of radio buttons the one that is on counts", () => {
  assert.deepEqual(valuesOf(null), {});
  const form = boxOf({ type: "Form" });
  form.append(fieldOf({ type: "RadioGroup", name: "menu", options: [{ value: "a", label: "A" }, { value: "b" }] }));
  form.append(fieldOf({ type: "Checkbox", name: "window" }));
  assert.deepEqual(valuesOf(form), { window: false });
  form.querySelectorAll("input")[1].checked = true;
  assert.deepEqual(valuesOf(form), { menu: "b", window: false });
});
