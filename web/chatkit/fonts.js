/** Fonts that a page's theme names with their files: loaded into the page's document. */

/**
 * @typedef {object} FontObject As `theme.typography.fontSources` has them.
 * @property {string} family
 * @property {string} src
 * @property {string | number} [weight]
 * @property {string} [style]
 * @property {FontDisplay} [display]
 * @property {string} [unicodeRange]
 */

export class Fonts {
  #target;
  #told;
  #known = "[]";
  /** @type {FontFace[]} */
  #faces = [];

  /**
   * @param {{document: Pick<Document, "fonts" | "baseURI">, FontFace?: typeof FontFace}} target The page's window.
   * @param {(family: string, status: "loaded" | "error") => void} told
   */
  constructor(target, told) {
    this.#target = target;
    this.#told = told;
  }

  /** @param {FontObject[] | undefined} sources Those before that are not among them are gone. */
  use(sources = []) {
    const { document: { fonts, baseURI }, FontFace: Face } = this.#target;
    const known = JSON.stringify(sources);
    if (known === this.#known || !Face) return;
    this.#known = known;
    for (const face of this.#faces) fonts.delete(face);
    this.#faces = sources.flatMap(({ family, src, weight = "normal", style = "normal", display = "auto", unicodeRange }) => {
      try {
        const address = JSON.stringify(new URL(src, baseURI).href);
        const range = unicodeRange ? { unicodeRange } : {};
        return [new Face(family, `url(${address})`, { weight: String(weight), style, display, ...range })];
      } catch {
        this.#told(family, "error");
        return [];
      }
    });
    for (const face of this.#faces) {
      fonts.add(face);
      // Which words are shown is not known yet: all are wanted.
      face.load().then(() => this.#told(face.family, "loaded"), () => this.#told(face.family, "error"));
    }
  }
}
