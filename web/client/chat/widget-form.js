/** Boxes and form fields of widgets, and what a person has filled in. */
import { element } from "../toasts.js";

/** @typedef {Record<string, any>} Component */

/**
 * A component that holds others: a row, a column, a form.
 *
 * @param {Component} one
 * @returns {HTMLElement}
 */
export function boxOf(one) {
  const isForm = one.type === "Form";
  const isRow = one.type === "Row" || one.direction === "row";
  const drawn = element(isForm ? "form" : "div", isRow ? "widget-row" : "widget-col");
  if (one.type === "Spacer") drawn.classList.add("widget-spacer");
  if (isRow && one.justify === "between") drawn.classList.add("widget-between");
  return drawn;
}

/**
 * @param {Component} one
 * @returns {HTMLElement | null} Null for what is no field.
 */
export function fieldOf(one) {
  if (typeof one.name !== "string") return null;
  switch (one.type) {
    case "Input":
    case "DatePicker":
      return labelled(one, input(one, one.type === "DatePicker" ? "date" : kindOf(one.inputType)));
    case "Textarea": {
      const made = named("textarea", one);
      if (one.defaultValue) made.textContent = String(one.defaultValue);
      return labelled(one, made);
    }
    case "Select": {
      const made = named("select", one);
      const empty = one.defaultValue === undefined ? [{ value: "", label: one.placeholder ?? "" }] : [];
      for (const option of [...empty, ...optionsOf(one)]) made.append(choice(option, one.defaultValue));
      return labelled(one, made);
    }
    case "Checkbox":
      return ticked(one, one.label, input(one, "checkbox"), one.defaultChecked === true);
    case "RadioGroup": {
      const group = element("div", "widget-col");
      group.setAttribute("role", "radiogroup");
      for (const { value, label } of optionsOf(one)) {
        const made = input({ ...one, defaultValue: value }, "radio");
        group.append(ticked(one, label, made, value === one.defaultValue));
      }
      return group;
    }
    default:
      return null;
  }
}

/**
 * What stands in the fields of a form, by their names.
 *
 * @param {Element | null} form
 * @returns {Record<string, any>}
 */
export function valuesOf(form) {
  /** @type {Record<string, any>} */
  const values = {};
  for (const field of form?.querySelectorAll("[data-field]") ?? []) {
    const { name, value, checked } = read(/** @type {HTMLInputElement} */ (field));
    const kind = field.getAttribute("type");
    if (kind === "checkbox") values[name] = checked;
    else if (kind !== "radio" || checked) values[name] = value;
  }
  return values;
}

/** @param {HTMLInputElement} field */
function read(field) {
  return { name: field.dataset.field ?? "", value: field.value, checked: field.checked };
}

/**
 * @param {string} tag
 * @param {Component} one
 */
function named(tag, one) {
  const made = element(tag, "widget-field");
  made.dataset.field = one.name;
  if (one.required === true) made.setAttribute("required", "");
  if (one.disabled === true) made.setAttribute("disabled", "");
  if (typeof one.placeholder === "string") made.setAttribute("placeholder", one.placeholder);
  return made;
}

/**
 * @param {Component} one
 * @param {string} kind
 */
function input(one, kind) {
  const made = named("input", one);
  made.setAttribute("type", kind);
  if (one.defaultValue !== undefined) made.setAttribute("value", String(one.defaultValue));
  return made;
}

/** @param {unknown} kind */
function kindOf(kind) {
  return ["number", "email", "tel", "url", "password"].includes(/** @type {string} */ (kind)) ? String(kind) : "text";
}

/**
 * @param {Component} one
 * @param {HTMLElement} field
 */
function labelled(one, field) {
  field.setAttribute("aria-label", String(one.label ?? one.placeholder ?? one.name));
  return field;
}

/**
 * @param {Component} one
 * @param {unknown} label
 * @param {HTMLElement} field
 * @param {boolean} isOn
 */
function ticked(one, label, field, isOn) {
  if (isOn) field.setAttribute("checked", "");
  if (field.getAttribute("type") === "radio") field.setAttribute("name", one.name);
  field.classList.remove("widget-field");
  const drawn = element("label", "widget-tick");
  drawn.append(field, element("span", "", String(label ?? one.name)));
  return drawn;
}

/** @param {Component} one */
function optionsOf(one) {
  const options = Array.isArray(one.options) ? one.options : [];
  return options.map(({ value, label }) => ({ value: String(value ?? ""), label: String(label ?? value ?? "") }));
}

/**
 * @param {{value: string, label: string}} option
 * @param {unknown} chosen
 */
function choice({ value, label }, chosen) {
  const made = element("option", "", label);
  made.setAttribute("value", value);
  if (value === chosen) made.setAttribute("selected", "");
  return made;
}
