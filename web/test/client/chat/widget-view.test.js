// Widgets as a person meets them: words as text, buttons that tell what they set off, no pictures from elsewhere.
import assert from "node:assert/strict";
import { test } from "node:test";
import { WidgetView } from "../../../client/chat/widget-view.js";
import { fire, openPage } from "../../support/dom.js";

function make() {
  openPage("<html><body></body></html>");
  const told = [];
  const view = new WidgetView((action) => told.push(action), "http://page.test/chat");
  return { told, draw: (widget) => view.draw(widget), view };
}

const order = { type: "order", payload: { dish: "soup" } };
const card = (...children) => ({ type: "Card", children });
const labels = (drawn) => drawn.querySelectorAll("button").map(({ textContent }) => textContent);

test("the common components are drawn, each with its words", () => {
  const { draw } = make();
  const drawn = draw({
    ...card(
      { type: "Title", value: "Menu" },
      { type: "Caption", value: "Until three" },
      { type: "Text", value: "Soup of the day", weight: "bold", color: "secondary" },
      { type: "Markdown", value: "**Fresh** <b>bread</b>" },
      { type: "Divider" },
      { type: "Row", justify: "between", children: [{ type: "Badge", label: "New", color: "success" }, { type: "Spacer" }] },
      { type: "Col", children: { type: "Text", value: 7 } },
      { type: "Tomorrow", label: "A new kind", children: [{ type: "Text", value: "inside" }] },
      null,
    ),
    status: { text: "Today" },
  });
  const words = drawn.querySelectorAll("p").map(({ textContent }) => textContent);
  assert.deepEqual(words, [
    "Today", "Menu", "Until three", "Soup of the day", "**Fresh** <b>bread</b>", "7", "A new kind", "inside",
  ]);
  assert.equal(drawn.querySelectorAll("b").length, 0);
  assert.equal(drawn.querySelector(".widget-badge").textContent, "New");
  assert.equal(drawn.querySelectorAll("hr").length, 1);
});

test("a button tells its action; what cannot be pressed is told apart", () => {
  const { draw, told } = make();
  const drawn = draw({
    ...card(
      { type: "Button", label: "Order", color: "danger", onClickAction: order },
      { type: "Button", label: "Later", disabled: true, onClickAction: order },
      { type: "Button", label: "Print", onClickAction: { type: "print", handler: "client" } },
      { type: "Button", key: "plain" },
    ),
    confirm: { label: "Yes", action: { type: "yes" } },
    cancel: { label: "No", action: { type: "no" } },
  });
  assert.deepEqual(labels(drawn), ["Order", "Later", "Print", "plain", "No", "Yes"]);
  const buttons = drawn.querySelectorAll("button");
  assert.deepEqual(buttons.map(({ disabled }) => disabled), [false, true, true, true, false, false]);
  for (const button of buttons) button.click();
  assert.deepEqual(told, [order, { type: "no" }, { type: "yes" }]);
});

test("a form sends what stands in its fields", () => {
  const { draw, told } = make();
  const drawn = draw(card({
    type: "Form",
    direction: "row",
    onSubmitAction: { type: "book", payload: { table: 3 } },
    children: [
      { type: "Input", name: "name", defaultValue: "Kim", inputType: "email", required: true },
      { type: "Textarea", name: "wish", placeholder: "Anything?" },
      { type: "DatePicker", name: "day", disabled: true },
      { type: "Select", name: "time", options: [{ value: "19", label: "Seven" }, { value: "20" }] },
      { type: "Select", name: "room", defaultValue: "b", options: [{ value: "a" }, { value: "b" }] },
      { type: "Checkbox", name: "window", label: "By the window", defaultChecked: true },
      { type: "RadioGroup", name: "menu", defaultValue: "b", options: [{ value: "a" }, { value: "b" }] },
      { type: "Button", label: "Book", submit: true },
    ],
  }));
  const field = (name) => drawn.querySelector(`[data-field="${name}"]`);
  field("wish").value = "Quiet";
  field("time").value = "20";
  field("room").value = "b";
  field("day").value = "";
  assert.equal(field("name").getAttribute("type"), "email");
  assert.equal(drawn.querySelector("button").getAttribute("type"), "submit");
  fire(drawn.querySelector("form"), "submit");
  assert.deepEqual(told, [{ type: "book", payload: {
    table: 3, name: "Kim", wish: "Quiet", day: "", time: "20", room: "b", window: true, menu: "b",
  } }]);
});

test("a card that is a form sends its fields with its confirmation, and not what is no object", () => {
  const { draw, told } = make();
  const drawn = draw({
    ...card({ type: "Input", name: "name", defaultValue: "Kim" }),
    asForm: true,
    confirm: { label: "Yes", action: { type: "yes" } },
    cancel: { label: "No", action: { type: "no", payload: [1] } },
  });
  for (const button of drawn.querySelectorAll("button")) button.click();
  fire(drawn.querySelector("form"), "submit");
  const yes = { type: "yes", payload: { name: "Kim" } };
  assert.deepEqual(told, [{ type: "no", payload: [1] }, yes, yes]);
  const none = draw({ type: "Basic", children: [{ type: "Form", children: [] }] });
  fire(none.querySelector("form"), "submit");
  assert.equal(told.length, 3);
});

test("a list shows so many, the rest on demand; its items can be pressed", () => {
  const { draw, told } = make();
  const item = (value) => ({ type: "ListViewItem", onClickAction: { type: "choose", payload: { value } }, children: [{ type: "Text", value }] });
  const drawn = draw({ type: "ListView", limit: 1, status: { text: "Wines" }, children: [item("red"), item("white"), { type: "ListViewItem", children: [] }] });
  const items = drawn.querySelectorAll(".widget-item");
  assert.deepEqual(items.map(({ hidden }) => hidden), [false, true, true]);
  drawn.querySelectorAll("button").at(-1).click();
  assert.deepEqual(items.map(({ hidden }) => hidden), [false, false, false]);
  drawn.querySelectorAll("button")[1].click();
  assert.deepEqual(told, [{ type: "choose", payload: { value: "white" } }]);
});

test("only pictures that are here are shown", () => {
  const { draw } = make();
  const image = (src) => draw(card({ type: "Image", src, alt: "A soup" }));
  const data = "data:image/png;base64,AAAA";
  assert.equal(image(data).querySelector("img").getAttribute("src"), data);
  const own = image("/chatkit/attachments/atc_1?token=x").querySelector("img");
  assert.equal(own.getAttribute("src"), "http://page.test/chatkit/attachments/atc_1?token=x");
  assert.equal(own.getAttribute("alt"), "A soup");
  for (const src of [
    "https://evil.test/track.png", "//evil.test/chatkit/attachments/a", "data:image/svg+xml;base64,AAAA",
    "javascript:alert(1)", "/other.png", "http://[", 7, undefined,
  ]) {
    const drawn = image(src);
    assert.equal(drawn.querySelectorAll("img").length, 0);
    assert.equal(drawn.querySelector(".widget-no-image").textContent, "A soup");
  }
  assert.equal(draw(card({ type: "Image" })).textContent, "Picture");
});

test("one that is too deep ends somewhere", () => {
  const { draw } = make();
  let deep = { type: "Text", value: "deep" };
  for (let i = 0; i < 200; i++) deep = { type: "Box", children: [deep] };
  assert.equal(draw(deep).textContent, "");
});
