/**
 * Questions that an assistant asks in a form (`structured_input` of the ChatKit protocol), drawn as
 * a widget of our own, and what a person has answered. Pure.
 *
 * @typedef {Record<string, any>} Item An item of the protocol.
 * @typedef {Record<string, any>} Question
 */

export const ANSWER = "structured_input.answer";
export const SKIP = "structured_input.skip";

/**
 * @param {Item} item
 * @returns {Record<string, any>} A card with a field for each question.
 */
export function formOf({ inputs = [] }) {
  return {
    type: "Card",
    asForm: true,
    children: inputs.flatMap(fieldsOf),
    confirm: { label: "Answer", action: { type: ANSWER } },
    cancel: { label: "Skip", action: { type: SKIP } },
  };
}

/**
 * What `threads.add_structured_input` takes.
 *
 * @param {Item} item
 * @param {{type: string, payload?: any}} action Of its form.
 */
export function answersOf({ inputs = [] }, { type, payload }) {
  if (type === SKIP) return { status: "skipped", answers: {} };
  const answers = inputs.map((/** @type {Question} */ question) => {
    const values = valuesOf(question, payload ?? {});
    return [question.id, values.length ? { values, skipped: false } : { values, skipped: true }];
  });
  return { status: "answered", answers: Object.fromEntries(answers) };
}

/**
 * @param {Item} item One that is answered, or skipped.
 * @returns {string} A line for each question.
 */
export function answersText({ inputs = [] }) {
  return inputs.map((/** @type {Question} */ { question, answer }) => {
    const given = answer?.skipped ? "" : (answer?.values ?? []).join(", ");
    return `${question} ${given || "(skipped)"}`;
  }).join("\n");
}

/** @param {Question} question */
function fieldsOf(question) {
  const { type, question: asked, description, options = [], multiple } = question;
  const words = [{ type: "Text", value: asked, weight: "semibold" }];
  const caption = description ? [{ type: "Caption", value: description }] : [];
  if (type !== "multiple_choice") {
    return [...words, ...caption, { type: "Textarea", name: ownName(question), label: asked }];
  }
  const choices = multiple
    ? options.map((/** @type {{value: string}} */ { value }, /** @type {number} */ at) => (
      { type: "Checkbox", name: choiceName(question, at), label: value }))
    : [{ type: "RadioGroup", name: choiceName(question), options }];
  const own = { type: "Input", name: ownName(question), label: `${asked} Something else`, placeholder: "Something else" };
  return [...words, ...caption, ...choices, own];
}

/**
 * @param {Question} question
 * @param {Record<string, any>} given By the fields' names.
 * @returns {string[]}
 */
function valuesOf(question, given) {
  const { options = [], multiple } = question;
  const own = String(given[ownName(question)] ?? "").trim();
  const written = own ? [own] : [];
  if (multiple) {
    const ticked = options.filter((/** @type {unknown} */ _, /** @type {number} */ at) => given[choiceName(question, at)] === true);
    return [...ticked.map((/** @type {{value: string}} */ { value }) => value), ...written];
  }
  const chosen = given[choiceName(question)];
  return written.length || chosen === undefined ? written : [String(chosen)];
}

/** @param {Question} question */
function ownName({ id }) {
  return `own ${id}`;
}

/**
 * @param {Question} question
 * @param {number} [at] Of several that may be ticked.
 */
function choiceName({ id }, at) {
  return at === undefined ? `choice ${id}` : `choice ${at} ${id}`;
}
