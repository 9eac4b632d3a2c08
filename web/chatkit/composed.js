/**
 * What stands in the composer, as the protocol has it: words, and tags of entities. Pure.
 *
 * @typedef {{id: string, title: string, group?: string, data?: Record<string, unknown>, interactive?: boolean, icon?: string}} Entity
 * @typedef {{sign: "@" | "/", query: string, from: number, to: number}} Asked What is being looked for, and where it stands.
 */

/**
 * Parts of a message; each entity is a tag where its title stands, once.
 *
 * @param {string} text
 * @param {Entity[]} entities In the order in which they were put in.
 * @returns {Record<string, any>[]}
 */
export function contentOf(text, entities) {
  /** @type {Record<string, any>[]} */
  const parts = [];
  let from = 0;
  for (const entity of entities) {
    const at = text.indexOf(entity.title, from);
    if (at < 0 || !entity.title) continue; // its title was changed: it is words now
    if (at > from) parts.push({ type: "input_text", text: text.slice(from, at) });
    parts.push(tagOf(entity));
    from = at + entity.title.length;
  }
  const rest = text.slice(from);
  if (rest.trim() || (rest && !parts.length)) parts.push({ type: "input_text", text: rest });
  return parts;
}

/** @param {Entity} entity */
export function tagOf({ id, title, group, data, interactive }) {
  return { type: "input_tag", id, text: title, data: data ?? {}, interactive: interactive ?? false, ...(group ? { group } : {}) };
}

/**
 * @param {Record<string, any>} tag
 * @returns {Entity}
 */
export function entityOf({ id, text, group, data, interactive }) {
  return { id, title: text, ...(group ? { group } : {}), ...(data ? { data } : {}), interactive: interactive === true };
}

/**
 * What somebody looks for where the caret is: a word that begins with "@", or with "/".
 *
 * @param {string} text
 * @param {number} caret
 * @returns {Asked | null}
 */
export function askedAt(text, caret) {
  const found = /(?:^|\s)([@/])(\S*)$/.exec(text.slice(0, caret));
  if (!found) return null;
  const [, sign, query] = /** @type {[string, "@" | "/", string]} */ (/** @type {unknown} */ (found));
  return { sign, query, from: caret - query.length - 1, to: caret };
}

/**
 * @param {string} text
 * @param {Asked} asked
 * @param {string} by
 * @returns {string} The text with something in place of what was looked for.
 */
export function replaced(text, { from, to }, by) {
  return `${text.slice(0, from)}${by}${text.slice(to)}`;
}

/**
 * @param {Record<string, any> | undefined} options The composer's, for files.
 * @param {{name: string, size: number, type: string}} file
 * @param {number} count How many there are already.
 * @returns {string} Why it is not taken, or "".
 */
export function whyNotTaken(options, { name, size, type }, count) {
  const { maxSize, maxCount = 10, accept } = options ?? {};
  if (count >= maxCount) return `A message may have ${maxCount} files.`;
  const most = mostBytes(maxSize, type);
  if (size > most) return `${name} has ${size} bytes, and may have ${most}.`;
  const kinds = Object.entries(/** @type {Record<string, string[]>} */ (accept ?? {}));
  const isTaken = kinds.some(([kind, endings]) => (
    fits(kind, type) || endings.some((ending) => name.toLowerCase().endsWith(ending.toLowerCase()))
  ));
  return kinds.length && !isTaken ? `${name} is of a kind that is not taken here.` : "";
}

/**
 * @param {number | Record<string, number> | undefined} maxSize
 * @param {string} type
 * @returns {number}
 */
function mostBytes(maxSize, type) {
  const usual = 100 * 1024 * 1024;
  if (typeof maxSize === "number") return maxSize;
  const own = Object.entries(maxSize ?? {}).find(([kind]) => kind !== "*" && kind !== "" && fits(kind, type));
  return own?.[1] ?? maxSize?.["*"] ?? maxSize?.[""] ?? usual;
}

/**
 * @param {string} kind As `image/*`.
 * @param {string} type As `image/png`.
 */
function fits(kind, type) {
  return kind === type || kind === "*/*" || (kind.endsWith("/*") && type.startsWith(kind.slice(0, -1)));
}
